import { z } from 'zod';
import { parseBytes } from './bytes.ts';
import { parseDuration } from './duration.ts';

/** `15m` to seconds. */
export function duration() {
  return written(
    parseDuration,
    'is a length of time',
    'a whole number and s, m, h or d: 15m',
    '^[1-9][0-9]{0,8}[smhd]$',
  );
}

/** `20GB` to bytes. */
export function bytes() {
  return written(
    parseBytes,
    'is a size',
    'a whole number and kB, MB, GB, TB, KiB, MiB, GiB or TiB: 20GB',
    '^[1-9][0-9]{0,5}([kMGT]B|[KMGT]iB)$',
  );
}

/** A text with a meaning; `pattern` is for editors, which cannot ask `parse`. */
function written(parse: (text: string) => number | null, what: string, cure: string, pattern: string) {
  return z
    .string()
    .meta({ pattern })
    .transform((text, context) => {
      const value = parse(text);
      if (value !== null) return value;
      context.issues.push({ code: 'custom', message: what, params: { cure }, input: text });
      return z.NEVER;
    });
}
