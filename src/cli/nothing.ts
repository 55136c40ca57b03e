import { UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/shell.ts';
import type { ScanContext, SkippedFile } from '../report/context.ts';
import { leftOutLines, notUnderstood, whyText } from '../report/leftOut.ts';
import { listText } from '../report/text.ts';

export interface WasRead extends Pick<ScanContext, 'leftOut' | 'skipped'> {
  readonly stats: Pick<ScanContext, 'records'>;
}

/**
 * Nothing at all could be read: that is an error of the call, not an answer without alerts. What is valid and empty was read: a quiet
 * subscription must not fail the job that looks at it; and one record that is understood, of whatever log, is enough.
 * @throws UserError CW-2003; the error of the files where all failed for one reason
 */
export function refuseNothing({ stats, leftOut, skipped }: WasRead, paths: readonly string[]): void {
  if (stats.records > notUnderstood(leftOut) || skipped.some(({ code }) => code === null)) return;
  const [first, ...others] = skipped;
  if (leftOut.length === 0 && first === undefined) return;
  if (
    leftOut.length > 0 ||
    first === undefined ||
    skipped.some(({ code }) => code !== first.code || code === 'CW-2003')
  )
    throw noLog(leftOut, skipped, paths);
  if (others.length > 0) {
    throw new UserError(first.code!, `nothing could be read of ${namesOf(paths)}`, { facts: skipped.flatMap(factsOf) });
  }
  const { code, facts, cure } = first;
  throw new UserError(code!, whyText(first), { facts, ...(cure === null ? {} : { cure }) });
}

function noLog(leftOut: WasRead['leftOut'], skipped: readonly SkippedFile[], paths: readonly string[]): UserError {
  const [what] = leftOut;
  // Of JSON its keys tell at a glance what it is.
  const isJson = leftOut.length === 1 && what?.what === 'no_log' && what.detail !== '';
  const told = isJson
    ? [`first object has the keys: ${what.detail}`]
    : leftOutLines(leftOut)
        .slice(1)
        .map((line) => line.trimStart());
  const file = what === undefined ? null : shellWord(what.first.source);
  const closer = file === null || file === '-' ? [] : [`look closer: cosmowatch logs explain ${file}`];
  const holds = paths.length === 1 ? 'holds' : 'hold';
  return new UserError('CW-2003', `${namesOf(paths)} ${holds} no log record that is known`, {
    facts: [...told, ...skipped.flatMap(factsOf), ...closer],
    cure: 'export the Activity Log or Cosmos DB resource logs',
  });
}

function namesOf(paths: readonly string[]): string {
  return listText(
    paths.map((path) => (path === '-' ? 'standard input' : path)),
    3,
  );
}

function factsOf(file: SkippedFile): string[] {
  const { facts, cure } = file;
  return [whyText(file), ...[...facts, ...(cure === null ? [] : [`cure: ${cure}`])].map((line) => `  ${line}`)];
}
