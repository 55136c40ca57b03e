import type { ReactNode } from 'react';

/** `off` is grey, `ok` green, `warn` orange, `bad` red; the others are plain. */
export type StateMark = 'open' | 'half' | 'done' | 'ok' | 'bad' | 'warn' | 'off';

const MARKS: Readonly<Record<StateMark, ReactNode>> = {
  open: <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  half: (
    <>
      <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M8 2.4a5.6 5.6 0 0 1 0 11.2Z" fill="currentColor" />
    </>
  ),
  done: (
    <>
      <circle cx="8" cy="8" r="6.6" fill="currentColor" />
      <path d="m5 8.2 2.1 2.1L11.2 6" fill="none" stroke="var(--surface)" strokeWidth="1.8" />
    </>
  ),
  ok: <path d="m2.8 8.6 3.4 3.4 7-7.4" fill="none" stroke="currentColor" strokeWidth="1.9" />,
  bad: <path d="m3.6 3.6 8.8 8.8m0-8.8-8.8 8.8" fill="none" stroke="currentColor" strokeWidth="2" />,
  warn: <path d="M8 2 14.6 13.6H1.4ZM8 6.4v3.4m0 1.6v.6" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  off: <path d="M3 8h10" fill="none" stroke="currentColor" strokeWidth="1.9" />,
};

/** A shape and a word: how something stands. */
export function State({ mark, children }: { readonly mark: StateMark; readonly children: ReactNode }) {
  return (
    <span className={`st st-${mark}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {MARKS[mark]}
      </svg>
      <span>{children}</span>
    </span>
  );
}

type AlertStatus = 'open' | 'acknowledged' | 'resolved';
const OF_ALERT: Readonly<Record<AlertStatus, StateMark>> = { open: 'open', acknowledged: 'half', resolved: 'done' };

export function markOfStatus(status: AlertStatus): StateMark {
  return OF_ALERT[status];
}
