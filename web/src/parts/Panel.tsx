import { IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';

interface PanelProps {
  readonly title: string;
  /** Smaller, beside the title. */
  readonly about?: ReactNode;
  /** At the right end of the head. */
  readonly end?: ReactNode;
  /** On a phone it starts closed. */
  readonly folds?: boolean;
  /** The body reaches to the edges: tables and lists. */
  readonly isFlush?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Panel({ title, about, end, folds = false, isFlush = false, className = '', children }: PanelProps) {
  const [isOpen, open] = useState(false);
  return (
    <section className={`panel${folds ? ' folds' : ''}${isOpen ? ' is-open' : ''} ${className}`} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {about === undefined ? null : <span className="sub">{about}</span>}
        {end === undefined ? null : <div className="end">{end}</div>}
        {folds ? (
          <button
            type="button"
            className="fold"
            aria-expanded={isOpen}
            aria-label={`${isOpen ? 'Hide' : 'Show'} ${title}`}
            onClick={() => open(!isOpen)}
          >
            <IconChevronDown size={18} stroke={1.6} />
          </button>
        ) : null}
      </header>
      <div className={`body${isFlush ? ' body-flush' : ''}`}>{children}</div>
    </section>
  );
}
