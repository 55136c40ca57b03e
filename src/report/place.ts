import type { Position } from '../events/event.ts';
import { numberText } from './text.ts';

/** Where a record stands. `last`: its last line; it is `nth` of the `of` records that begin there. */
export interface RecordPlace extends Pick<Position, 'source' | 'line'> {
  readonly last: number;
  readonly nth: number;
  readonly of: number;
}

/** A file by its name; standard input has none. */
export function sourceText(source: string): string {
  return source === '-' ? 'standard input' : source;
}

/** Of several records in one line, which it is, and how to name the others. */
export function whichText({ line, nth, of }: RecordPlace): string[] {
  if (of < 2) return [];
  return [`It is record ${numberText(nth)} of ${numberText(of)} in that line; FILE:${line}:N names another.`];
}
