import type { InvalidReason } from '../events/decode.ts';
import { UserError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { type RecordPlace, sourceText } from '../report/place.ts';
import { plural } from '../report/text.ts';
import { type FileIo, listInputs, nodeIo, readInput } from '../sources/file.ts';
import { type Located, Locator } from './locate.ts';

/** What stands at the place that was named. */
export type Found = { readonly place: RecordPlace } & (
  | { readonly kind: 'record'; readonly value: JsonObject }
  /** A line that is none, or a file without any. */
  | { readonly kind: 'invalid'; readonly reason: InvalidReason }
);

/**
 * The record that a name means: `FILE` its first; `FILE:LINE` the one that begins in that line or covers it, the first of several;
 * `FILE:LINE:N` the Nth of them. FILE may be `-`, compressed, and of any product.
 * @throws UserError CW-2001, CW-2002, CW-2006, CW-2007: the file cannot be read; CW-2003: it is empty; CW-1002: nothing stands there
 */
export async function findRecord(named: string, signal?: AbortSignal, io: FileIo = nodeIo): Promise<Found> {
  const { path, line, nth } = readName(named, io);
  const { files, problems } = listInputs([path], io);
  if (problems.length > 0) throw problems[0]!.error;
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) {
    throw new UserError('CW-1002', `${path} is ${files.length} files, and a record stands in one`, {
      facts: files.slice(0, 3).map((one) => one.path),
      cure: `name one of them, or: cosmowatch logs stats ${path}`,
    });
  }
  const locator = new Locator(line);
  for await (const chunk of readInput(file, io)) {
    locator.push(chunk);
    if (locator.isFound || signal?.aborted) break;
  }
  return foundAt(locator.end(nth), file.path, line);
}

interface Name {
  readonly path: string;
  /** null: the first record. */
  readonly line: number | null;
  /** From 1, among the records of that line. */
  readonly nth: number;
}

/** Names of files may hold colons: of what the text may mean, the longest file that is there is meant. @throws UserError CW-1002 */
function readName(text: string, io: FileIo): Name {
  let path = text;
  const numbers: number[] = [];
  while (numbers.length < 2 && !isThere(path, io)) {
    const cut = /^(.+):(\d{1,15})$/.exec(path);
    if (cut === null) break;
    path = cut[1]!;
    numbers.unshift(Number(cut[2]));
  }
  if (numbers.includes(0)) {
    const cure = `for example ${path}:1`;
    throw new UserError('CW-1002', `${text}: lines and records count from 1`, { cure });
  }
  return { path, line: numbers[0] ?? null, nth: numbers[1] ?? 1 };
}

function isThere(path: string, io: FileIo): boolean {
  if (path === '-') return true;
  try {
    io.stat(path);
    return true;
  } catch {
    return false;
  }
}

function foundAt(found: Located, source: string, asked: number | null): Found {
  switch (found.kind) {
    case 'record':
      return { ...found, place: { source, ...found.place } };
    case 'invalid': {
      const { line } = found;
      return { ...found, place: { source, line, last: line, nth: 1, of: 1 } };
    }
    case 'too_few': {
      const { line, of } = found;
      const name = `${source}:${line}`;
      throw new UserError('CW-1002', `line ${line} of ${sourceText(source)} holds ${plural(of, 'record')}`, {
        cure: of === 1 ? `name it ${name}` : `from ${name}:1 to ${name}:${of}`,
      });
    }
    case 'nothing':
      throw nothingThere(found, sourceText(source), asked);
  }
}

function nothingThere(
  { lines, before }: Extract<Located, { kind: 'nothing' }>,
  shown: string,
  asked: number | null,
): UserError {
  if (asked === null) {
    const cure = 'export the Activity Log or Cosmos DB resource logs again';
    return new UserError('CW-2003', `${shown} is empty`, { cure });
  }
  return new UserError('CW-1002', `no record stands at line ${asked} of ${shown}`, {
    facts: [
      `it has ${lines} ${lines === 1 ? 'line' : 'lines'}${before === null ? '' : `; what stands before begins at line ${before}`}`,
    ],
    cure: 'give the line of a record, or no line for the first record',
  });
}
