import { IconCheck, IconFilter, IconLock, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { ApiError } from '../api.ts';
import { Button } from './Button.tsx';
import { Note } from './Note.tsx';

const MARKS = { good: IconCheck, filter: IconFilter, lock: IconLock, search: IconSearch } as const;

interface EmptyProps {
  /** `good`: nothing there is what one hopes for. `filter`: there is something, but not for this filter. */
  readonly kind: keyof typeof MARKS;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Nothing to show, and why. */
export function Empty({ kind, title, children, action }: EmptyProps) {
  const Mark = MARKS[kind];
  return (
    <div className={`blank blank-${kind}`}>
      <Mark size={22} stroke={1.6} aria-hidden="true" />
      <h3>{title}</h3>
      {children === undefined ? null : <p>{children}</p>}
      {action}
    </div>
  );
}

interface LoadingProps {
  readonly rows?: number;
  /** What is waited for, after 2 s. */
  readonly what?: string;
}

/** Rows that keep the height of what comes. Nothing for the first 300 ms: most answers come sooner, and a flash is noise. */
export function Loading({ rows = 3, what }: LoadingProps) {
  const phase = usePhase();
  return (
    <div className="loading" aria-busy="true" aria-live="polite">
      {Array.from({ length: rows }, (_, at) => (
        // Rows of nothing have no identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <div className="sk-row" key={at}>
          {phase > 0 ? (
            <>
              <span className="sk" style={{ width: 74 }} />
              <span className="sk" style={{ width: `${52 - (at % 3) * 9}%` }} />
              <span className="sk sk-end" style={{ width: 52 }} />
            </>
          ) : null}
        </div>
      ))}
      {phase > 1 ? <p className="small muted">{what ?? 'Still reading'}</p> : <span className="sr">Loading</span>}
    </div>
  );
}

function usePhase(): number {
  const [phase, become] = useState(0);
  useEffect(() => {
    const soon = setTimeout(() => become(1), 300);
    const late = setTimeout(() => become(2), 2000);
    return () => {
      clearTimeout(soon);
      clearTimeout(late);
    };
  }, []);
  return phase;
}

interface FailedProps {
  readonly error: ApiError;
  /** `The timeline` */
  readonly what: string;
  readonly retry?: () => void;
}

/** Something could not be read: what, why, and what to do. */
export function Failed({ error, what, retry }: FailedProps) {
  if (error.isRefused)
    return (
      <Empty kind="lock" title={`You may not see this`}>
        {error.message}. {error.cure}
      </Empty>
    );
  const again =
    retry === undefined ? undefined : (
      <Button isSmall onClick={retry}>
        Try again
      </Button>
    );
  return (
    <Note tone={error.isOffline ? 'warn' : 'bad'} end={again}>
      <b>{error.isOffline ? 'No connection.' : `${what} could not be read.`}</b>{' '}
      {error.isOffline ? 'It is tried again by itself.' : `${error.message}.`} {error.isOffline ? null : error.cure}{' '}
      {error.code === null ? null : <code>{error.code}</code>}
    </Note>
  );
}

interface OfProps<Data> {
  readonly answer: {
    readonly data: Data | undefined;
    readonly error: ApiError | null;
    readonly refetch: () => unknown;
  };
  readonly what: string;
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}

/** What an answer looks like in each of its states: what is on the screen stays when a later request fails. */
export function Of<Data>({ answer, what, rows = 3, children }: OfProps<Data>) {
  const { data, error } = answer;
  const failed = error === null ? null : <Failed error={error} what={what} retry={() => void answer.refetch()} />;
  if (data === undefined) return failed ?? <Loading rows={rows} />;
  return (
    <>
      {failed}
      {children(data)}
    </>
  );
}
