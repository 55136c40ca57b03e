import type { Rule } from '../ir/ir.ts';
import { UserError } from '../lib/errors.ts';
import type { ExplainedRecord, Place } from '../report/record.ts';
import { type FileIo, listInputs, nodeIo, readInput } from '../sources/file.ts';
import { explainRecord } from './explainRecord.ts';
import { type Located, Locator } from './locate.ts';

export interface ExplainRequest {
  /** `FILE`, `FILE:LINE`; FILE may be `-`. */
  readonly named: string;
  /** Which of several records of that line, from 1. */
  readonly nth: number;
  /** Wall clock in milliseconds. */
  readonly nowMs: number;
  readonly rules: readonly Rule[];
}

/**
 * Explains what stands at one place of one file.
 * @throws UserError CW-2001, CW-2002, CW-2006, CW-2007: the file cannot be read; CW-2003: it is empty; CW-1002: nothing stands there
 */
export async function explainFile(
  { named, nth, nowMs, rules }: ExplainRequest,
  io: FileIo = nodeIo,
  signal?: AbortSignal,
): Promise<{ readonly record: ExplainedRecord; readonly place: Place }> {
  const { path, line } = splitPlace(named, io);
  const { files, problems } = listInputs([path], io);
  if (problems.length > 0) throw problems[0]!.error;
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) {
    throw new UserError('CW-1002', `${path} is ${files.length} files, and logs explain reads one`, {
      facts: files.slice(0, 3).map((one) => one.path),
      cure: `name one of them, or: cosmowatch logs stats ${path}`,
    });
  }
  const locator = new Locator(line);
  for await (const chunk of readInput(file, io)) {
    locator.push(chunk);
    if (locator.isFound || signal?.aborted) break;
  }
  const found = locator.end(nth);
  const place = placeOf(found, file.path, line);
  if (found.kind !== 'record') {
    const reason = found.kind === 'invalid' ? found.reason : '';
    return { record: { kind: 'invalid', reason, detail: null, family: '', marks: [], without: [] }, place };
  }
  const position = { source: place.source, line: place.line, index: place.nth - 1 };
  return { record: explainRecord(found.value, position, { nowMs, rules }), place };
}

/** A file of that whole name wins: names may hold colons. @throws UserError CW-1002 */
function splitPlace(named: string, io: FileIo): { readonly path: string; readonly line: number | null } {
  const found = /^(.+):(\d{1,15})$/.exec(named);
  if (found === null || isThere(named, io)) return { path: named, line: null };
  const line = Number(found[2]);
  if (line === 0) throw new UserError('CW-1002', `${named}: lines count from 1`, { cure: `${found[1]}:1` });
  return { path: found[1]!, line };
}

function isThere(path: string, io: FileIo): boolean {
  try {
    io.stat(path);
    return true;
  } catch {
    return false;
  }
}

function placeOf(found: Located, source: string, asked: number | null): Place {
  const shown = source === '-' ? 'standard input' : source;
  switch (found.kind) {
    case 'record':
      return { source, line: found.line, last: found.lastLine, nth: found.nth, of: found.of };
    case 'invalid':
      return { source, line: found.line, last: found.line, nth: 1, of: 1 };
    case 'too_few':
      throw new UserError(
        'CW-1002',
        `line ${found.line} of ${shown} holds ${found.of === 1 ? '1 record' : `${found.of} records`}`,
        {
          cure: found.of === 1 ? 'leave --record out' : `give --record a number from 1 to ${found.of}`,
        },
      );
    case 'nothing':
      throw nothingThere(found, shown, asked);
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
