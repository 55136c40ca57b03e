import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LogFamily } from './family.ts';
import { FAMILIES } from './index.ts';

/** What files of this folder are besides families. */
const NOT_A_FAMILY = ['index.ts', 'family.ts', 'resourceLog.ts', 'apiRequest.ts'];

test('every family of the folder is in the list, once', async () => {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((file) => !file.includes('.test') && !NOT_A_FAMILY.includes(file));
  const found: LogFamily[] = [];
  for (const file of files) {
    const module: Record<string, unknown> = await import(new URL(file, folder).href);
    const families = Object.values(module).filter(
      (value) => typeof value === 'object' && value !== null && 'recognise' in value,
    );
    expect(families, file).not.toEqual([]);
    found.push(...(families as LogFamily[]));
  }
  expect(new Set(FAMILIES)).toEqual(new Set(found));
  expect(new Set(FAMILIES.map(({ family }) => family)).size).toBe(FAMILIES.length);
});
