import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Other projects' cases: not part of this repository; without them the tests that need them are skipped. */
const DATA = fileURLToPath(new URL('../../../shared/conformance', import.meta.url));
export const present = existsSync(DATA);
if (!present) console.warn(`skipped: no conformance data at ${DATA}`);

/** A file of cases; nothing where there is no data. */
export function cases<T>(path: string): T[] {
  return present ? (JSON.parse(readFileSync(`${DATA}/${path}`, 'utf8')) as T[]) : [];
}

/** A file of cases by topic. */
export function topics<T>(path: string): Readonly<Record<string, readonly T[]>> {
  return present ? (JSON.parse(readFileSync(`${DATA}/${path}`, 'utf8')) as Record<string, T[]>) : {};
}

export function filesBelow(folder: string): { file: string; text: string }[] {
  if (!present) return [];
  return readdirSync(`${DATA}/${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}
