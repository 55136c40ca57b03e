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

/** A record that has a line, and what it is read as where nothing stands beside it. */
export interface Neighbour {
  readonly bytes: Uint8Array;
  readonly parsed: string;
  readonly skimmed: string;
}

/** To be called before anything hostile is read: what that leaves behind would be in here too. */
export function neighbour(record: JsonObject): Neighbour {
  const bytes = Buffer.from(JSON.stringify(record));
  return { bytes, parsed: tell(bytes).records[0]!, skimmed: tell(bytes, true).records[0]! };
}

/**
 * Reads a text between two records, and another text behind them. What goes wrong with the two is told; an empty list is as it should
 * be. Without the first record, the text begins the file.
 * @returns also what is told beside the two
 */
export function between(
  before: Neighbour | null,
  text: Uint8Array,
  after: Neighbour,
  {
    isSkimming = false,
    behind = new Uint8Array(),
  }: { readonly isSkimming?: boolean; readonly behind?: Uint8Array } = {},
) {
  const head = before === null ? [] : [before.bytes, NEWLINE];
  const told = tell(Buffer.concat([...head, text, NEWLINE, after.bytes, NEWLINE, behind]), isSkimming);
  const form = isSkimming ? 'skimmed' : 'parsed';
  const faults: string[] = [];
  const lines = [...told.lines];
  const records = [...told.records];
  const expect = (one: Neighbour, line: number) => {
    const at = lines.indexOf(line);
    if (records[at] !== one[form] || at < 0) faults.push(`line ${line}: ${records[at]}`);
    lines.splice(at, 1);
    records.splice(at, 1);
  };
  if (before !== null) expect(before, 1);
  expect(after, (before === null ? 2 : 3) + text.filter((byte) => byte === NEWLINE[0]).length);
  return { faults, records, invalid: told.invalid };
}
