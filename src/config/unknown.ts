import { nearest } from '../lib/nearest.ts';
import type { Problems } from '../sigma/diagnostic.ts';
import type { ConfigCode } from './codes.ts';
import type { UnknownKey } from './keys.ts';
import { pathText } from './place.ts';

/** A misspelt key would silently do nothing. @param also keys that are known beside those of the schema */
export function tellUnknown(
  found: readonly UnknownKey[],
  also: readonly string[],
  problems: Problems<ConfigCode>,
): void {
  for (const { path, entry, known } of found) {
    const around = path.slice(0, -1);
    const where = around.length === 0 ? 'a configuration has' : `${pathText(around)} has`;
    const near = nearest(entry.key.slice(0, 100), [...known, ...also]);
    const cure = near === null ? `there are ${known.join(', ')}` : `did you mean "${near}"?`;
    problems.error('CW-8004', entry.keySpan, `${where} no key "${entry.key.slice(0, 100)}"`, cure);
  }
}
