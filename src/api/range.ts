import { parseDuration } from '../lib/duration.ts';
import { MOST_POINTS } from './contract.ts';
import { instantOf } from './instant.ts';
import { Refusal } from './problem.ts';

interface Asked {
  readonly since: string;
  readonly until?: string | undefined;
  readonly step: string;
}

/** A stretch of time in steps. Seconds since 1970, the end exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** @throws Refusal if it is none, or has too many steps */
export function rangeOf({ since, until, step: text }: Asked, now: number): Range {
  const from = Math.floor(instantOf('since', since, now) / 1000);
  const to = Math.ceil((until === undefined ? now : instantOf('until', until, now)) / 1000);
  const step = stepOf(text);
  if (to <= from) throw badRange('until is not after since');
  if ((to - from) / step > MOST_POINTS) throw badRange(`there would be more than ${MOST_POINTS} steps`);
  return { from, to, step };
}

function stepOf(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== null && seconds % 60 === 0) return seconds;
  throw new Refusal('CW-6005', 'the query is not valid: step is no whole number of minutes', 'Write 5m, 1h or 1d.');
}

function badRange(why: string): Refusal {
  return new Refusal('CW-6005', `the query is not valid: ${why}`, 'Ask for less time, or for longer steps.');
}
