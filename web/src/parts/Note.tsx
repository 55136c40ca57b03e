import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface NoteProps {
  readonly tone?: 'plain' | 'warn' | 'bad' | 'ok';
  /** At the right end: what can be done about it. */
  readonly end?: ReactNode;
  readonly children: ReactNode;
}

/** Something to know before going on. */
export function Note({ tone = 'plain', end, children }: NoteProps) {
  const Mark = tone === 'warn' || tone === 'bad' ? IconAlertTriangle : IconInfoCircle;
  return (
    <div className={`note note-${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      <Mark size={18} stroke={1.6} aria-hidden="true" />
      <div className="grow">{children}</div>
      {end}
    </div>
  );
}
