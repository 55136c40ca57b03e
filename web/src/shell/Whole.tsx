import type { ErrorComponentProps } from '@tanstack/react-router';
import { errorOf } from '../api.ts';
import { Failed, Loading } from '../parts/States.tsx';

/** A page on its way. */
export function Waiting() {
  return <Loading rows={6} />;
}

/** A page that broke: the others still work. */
export function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <div className="page">
      <Failed error={errorOf(error)} what="The page" retry={reset} />
    </div>
  );
}
