import { useEffect, useState } from 'react';

interface Shown {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly isBelow: boolean;
}

/**
 * One tip for the whole page: whatever has `data-tip` shows it on hover, on focus (of itself, or of what it lies in) and on a long press.
 * One listener instead of one component a row keeps lists of thousands of times light.
 */
export function Tip() {
  const [shown, show] = useState<Shown | null>(null);
  useEffect(() => {
    const point = ({ target }: Event): void => {
      const found = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
      show(found === null ? null : placeOf(found));
    };
    const hide = (): void => show(null);
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') hide();
    };
    document.addEventListener('pointerover', point);
    document.addEventListener('focusin', point);
    document.addEventListener('pointerdown', point);
    document.addEventListener('scroll', hide, true);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerover', point);
      document.removeEventListener('focusin', point);
      document.removeEventListener('pointerdown', point);
      document.removeEventListener('scroll', hide, true);
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  if (shown === null) return null;
  return (
    <div className={`tip${shown.isBelow ? ' tip-below' : ''}`} role="tooltip" style={{ left: shown.x, top: shown.y }}>
      {shown.text}
    </div>
  );
}

function placeOf(element: HTMLElement): Shown {
  const { left, top, bottom, width } = element.getBoundingClientRect();
  const isBelow = top < 60;
  const half = 90;
  const x = Math.min(Math.max(left + width / 2, half), window.innerWidth - half);
  return { text: element.dataset['tip'] ?? '', x, y: isBelow ? bottom + 6 : top - 6, isBelow };
}
