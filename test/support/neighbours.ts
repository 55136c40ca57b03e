import { Decoder } from '../../src/events/decode.ts';
import { isKnown, normalise } from '../../src/events/normalise.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { requestFact, requestSource } from '../../src/relate/request.ts';
import { createSkim } from '../../src/skim/skim.ts';

const NOW = Date.UTC(2027, 0, 1);

/** What a text is read as: of each record all that the next steps get, without its place; and why something is none. */
export interface Told {
  readonly records: readonly string[];
  readonly lines: readonly number[];
  readonly invalid: readonly string[];
}

export function tell(bytes: Uint8Array, isSkimming = false): Told {
  const records: string[] = [];
  const lines: number[] = [];
  const invalid: string[] = [];
  const add = (text: string, line: number) => {
    records.push(text);
    lines.push(line);
  };
  const decoder = new Decoder({
    known: isKnown,
    skim: isSkimming ? createSkim(() => false) : null,
    sink: {
      record: (value, line) => add(toldOf(value), line),
      skimmed: (read, line) => add(JSON.stringify(read), line),
      invalid: (reason) => invalid.push(reason),
    },
  });
  decoder.push(bytes);
  decoder.end();
  return { records, lines, invalid };
}

function toldOf(value: JsonObject): string {
  const read = normalise(value, { source: '', line: 0, index: 0 }, { now: NOW });
  if (read.kind !== 'event') return JSON.stringify(read);
  const fact = requestSource(read.event) === null ? null : requestFact(read.event);
  return JSON.stringify([read.event, fact]);
}

const NEWLINE = Buffer.from('\n');

/**
 * Reads a text between two records that have a line each; without the first one, the text begins the file. What goes wrong with the two
 * is told; an empty list is as it should be.
 * @returns also what the text itself was read as
 */
export function between(before: Uint8Array | null, text: Uint8Array, after: Uint8Array, isSkimming = false) {
  const head = before === null ? [] : [before, NEWLINE];
  const told = tell(Buffer.concat([...head, text, NEWLINE, after]), isSkimming);
  const faults: string[] = [];
  if (before !== null && told.records[0] !== tell(before, isSkimming).records[0])
    faults.push(`before: ${told.records[0]}`);
  const own = told.records.slice(before === null ? 0 : 1, -1);
  if (told.records.at(-1) !== tell(after, isSkimming).records[0] || told.records.length <= own.length)
    faults.push(`behind: ${told.records.at(-1)}`);
  const line = (before === null ? 2 : 3) + text.filter((byte) => byte === NEWLINE[0]).length;
  if (told.lines.at(-1) !== line) faults.push(`line ${told.lines.at(-1)} instead of ${line}`);
  return { faults, records: own, invalid: told.invalid };
}
