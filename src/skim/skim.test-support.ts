import type { Skimmed } from './skim.ts';

export type Value = Readonly<Record<string, unknown>>;

/** What parsing gives for the columns that are skimmed: written for the tests, slow and plain, sharing nothing with the walk. */
export function parsed(bytes: Uint8Array): Skimmed | null {
  const value = objectOf(Buffer.from(bytes).toString('utf8'));
  return value === null ? null : columnsOf(value);
}

/** The same of a record that was parsed. */
export function columnsOf(value: Value): Skimmed {
  const columns = member(value, 'properties');
  const at = isObject(columns) ? columns : typeof columns === 'string' ? (objectOf(columns) ?? value) : value;
  const databaseName = text(at, 'databaseName');
  const collectionName = text(at, 'collectionName');
  const isNamed = databaseName !== null && collectionName !== null && collectionName !== '$cmd';
  return {
    category: text(value, 'category') ?? '',
    operationName: text(value, 'operationName') ?? '',
    resourceId: text(value, 'resourceId') ?? '',
    time: text(value, 'time') ?? '',
    statusCode: number(at, 'statusCode'),
    errorCode: number(at, 'errorCode'),
    databaseName,
    collectionName,
    requestResourceType: text(at, 'requestResourceType') ?? text(at, 'resourceType'),
    requestResourceId: isNamed ? null : text(at, 'requestResourceId'),
  };
}

function objectOf(json: string): Value | null {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The exact name wins, then the first in another case. */
function member(value: Value, name: string): unknown {
  if (Object.hasOwn(value, name)) return value[name];
  const key = Object.keys(value).find((other) => other.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : value[key];
}

function text(value: Value, name: string): string | null {
  const found = member(value, name);
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') return null;
  const trimmed = `${found}`.trim();
  return trimmed === '' || trimmed === '<empty>' ? null : trimmed;
}

function number(value: Value, name: string): number | null {
  const found = text(value, name);
  return found !== null && Number.isFinite(Number(found)) ? Number(found) : null;
}

/** Pieces of text that damage a record where they are put. */
export const DAMAGE = [
  '"statusCode"',
  '"category"',
  '"properties"',
  '"time"',
  '"errorCode":',
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  ',',
  ':',
  ' ',
  '\n',
  '1',
  '-',
  'e9',
  '.',
  'null',
  'true',
  '\\u0061',
  'é',
  '\u0000',
  '<',
  '"MongoRequests"',
  '$cmd',
  '"Type":',
  '"piiCommandText":"x",',
];
