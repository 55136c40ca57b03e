import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject, parseObject } from '../lib/json.ts';
import { normalise } from './normalise.ts';

/** Real records are not ours to ship: the folder that holds them is named from outside. */
const FOLDER = process.env['COSMOWATCH_SAMPLES'] ?? '';

/** Categories that are rightly unknown, and bodies of Azure Resource Manager, which are no records. */
const FOREIGN = /^(?:FunctionAppLogs|NetworkSecurityGroup\w*|Microsoft\.\w+\/\w+|no log record)$/;

describe.skipIf(FOLDER === '' || !existsSync(FOLDER))('real records', () => {
  const files = FOLDER === '' ? [] : readdirSync(FOLDER).filter((file) => /json$|txt$/.test(file));

  test.each(files)('%s: each record is known, or rightly unknown', (file) => {
    for (const record of recordsIn(readFileSync(join(FOLDER, file), 'utf8'))) {
      const read = normalise(record, { source: file, line: 1, index: 0 }, { now: Date.UTC(2027, 0, 1) });
      expect(read.kind === 'event' || (read.kind === 'unknown' && FOREIGN.test(read.what)), JSON.stringify(read)).toBe(
        true,
      );
    }
  });
});

function recordsIn(text: string): JsonObject[] {
  const whole = parse(text);
  if (whole === undefined)
    return text
      .split('\n')
      .map(parseObject)
      .filter((record) => record !== null);
  const inner = isObject(whole) ? (whole['records'] ?? [whole]) : whole;
  return Array.isArray(inner) ? (inner as readonly Json[]).filter(isObject) : [];
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
