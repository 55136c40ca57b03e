import { useNow } from '../clock.ts';
import { inUtc, inZone, nearTime, type TimeForm } from '../times.ts';
import { age } from '../words.ts';

interface TimeProps {
  /** ISO 8601, or milliseconds since 1970. */
  readonly at: string | number;
  /** `near`: the clock, and the day if it is another one than today. */
  readonly form?: TimeForm | 'near';
}

/** A time in the zone of who reads; UTC in a tip on hover, touch and focus (`Tip.tsx` looks for `data-tip`). */
export function Time({ at, form = 'near' }: TimeProps) {
  const now = useNow();
  const millis = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(millis)) return <span>{String(at)}</span>;
  const utc = inUtc(millis);
  return (
    <time dateTime={new Date(millis).toISOString()} data-tip={utc} data-utc={utc}>
      {form === 'near' ? nearTime(millis, now) : inZone(millis, form)}
    </time>
  );
}

/** `6 min ago`. Past a day it is the time itself: nobody counts back days. */
export function Ago({ at }: { readonly at: string | number }) {
  const now = useNow();
  const millis = typeof at === 'number' ? at : Date.parse(at);
  const seconds = (now - millis) / 1000;
  if (seconds >= 86_400) return <Time at={millis} />;
  const utc = inUtc(millis);
  return (
    <time dateTime={new Date(millis).toISOString()} data-tip={utc} data-utc={utc}>
      {seconds < 1 ? 'now' : `${age(seconds)} ago`}
    </time>
  );
}
