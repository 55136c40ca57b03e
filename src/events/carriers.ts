import { isObject, type Json, type JsonObject, parseObject } from '../lib/json.ts';
import { printedRow } from './tables.ts';

/** What carries records from one place to another, and is taken off before they are looked at. */

/**
 * The body of a message as tools show the messages of a hub: `{"body": {...}}`, the body as a text, or as the bytes of Event Hubs
 * Capture once `avro-tools tojson` has made JSON of it. Null: there is none that holds JSON.
 */
export function bodyOf(message: JsonObject): Json | null {
  const body = message['body'] ?? message['Body'];
  if (typeof body === 'string') return parsed(body);
  if (!isObject(body)) return null;
  const { bytes } = body;
  // Avro's JSON has a character for each byte.
  return typeof bytes === 'string' ? parsed(Buffer.from(bytes, 'latin1').toString('utf8')) : body;
}

function parsed(text: string): Json | null {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) || isListOfRecords(value) ? value : null;
  } catch {
    return null;
  }
}

/** A list that is empty, or in which records stand: what else stands among them was damaged on its way, and is told of. */
export function isListOfRecords(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value) && (value.length === 0 || value.some((item: Json) => isObject(item)));
}

/** A record without what its transport did to it: `data_base64` of CloudEvents, rows as a command-line tool prints them. */
export function unwrapped(value: JsonObject): JsonObject {
  const encoded = value['data_base64'];
  if (typeof encoded !== 'string') return printedRow(value);
  // The encoded text is not kept: nothing would find a secret in it.
  const { data_base64: _, ...rest } = value;
  const data = parseObject(Buffer.from(encoded, 'base64').toString('utf8'));
  return data === null ? rest : { data, ...rest };
}
