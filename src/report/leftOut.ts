import type { ScanContext, SkippedFile } from './context.ts';
import { listText, numberText, padEnd, plural, sourceText, visible, widthOf } from './text.ts';

/** What was not read, and why. */

/** What says nothing without its detail, which also says what to do. */
const WITH_DETAIL = /^(?:unknown|binary|bad_row|query_error|bad_time|future_time|past_time)$/;

/** Why a record was left out. */
export const LEFT_OUT_WORDS: Readonly<Record<string, string>> = {
  unknown: 'other Azure services',
  no_log: 'JSON, but no log record',
  not_json: 'not JSON',
  truncated: 'not JSON (cut off)',
  too_long: 'longer than a record may be',
  too_deep: 'nested too deeply',
  binary: 'binary data',
  not_an_object: 'not an object',
  no_time: 'without a time',
  bad_time: 'with a time that cannot be read',
  future_time: 'more than a day ahead',
  past_time: 'from before 2010',
  bad_row: 'rows that do not fit their columns',
  query_error: 'errors in the answer of a query',
};

/** What is no record of any log: who has nothing else has read nothing. Records of other logs, and with impossible times, are understood. */
const NOT_UNDERSTOOD: ReadonlySet<string> = new Set([
  'no_log',
  'not_json',
  'truncated',
  'too_long',
  'too_deep',
  'binary',
  'not_an_object',
  'bad_row',
  'query_error',
]);

/** How many of the records that were left out could not even be understood. */
export function notUnderstood(leftOut: ScanContext['leftOut']): number {
  return leftOut.reduce((sum, { what, count }) => sum + (NOT_UNDERSTOOD.has(what) ? count : 0), 0);
}

/** Was anything left out, of records or of files? An empty file leaves nothing out. */
export function hasLeftOut({ leftOut, skipped }: Pick<ScanContext, 'leftOut' | 'skipped'>): boolean {
  return leftOut.length > 0 || skipped.some(({ code }) => code !== null);
}

/** Which records and files were not read, and why; none: nothing to say. */
export function notes({ leftOut, skipped }: Pick<ScanContext, 'leftOut' | 'skipped'>): string[] {
  const empty = skipped.filter(({ code }) => code === null);
  const failed = skipped.filter(({ code }) => code !== null);
  return [
    ...leftOutLines(leftOut),
    ...skippedLines(
      failed.filter(({ records }) => records > 0),
      'not read to the end',
    ),
    ...skippedLines(
      failed.filter(({ records }) => records === 0),
      'skipped',
    ),
    ...emptyLines(empty.map(({ path }) => path)),
  ];
}

/** What was not read: how often, why, where. Empty if nothing was left out. */
export function leftOutLines(leftOut: ScanContext['leftOut']): string[] {
  const total = leftOut.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return [];
  const width = numberText(Math.max(...leftOut.map(({ count }) => count))).length + 2;
  const words = leftOut.map(({ what }) => LEFT_OUT_WORDS[what] ?? what);
  const column = Math.max(...words.map(widthOf));
  return [
    `note: ${plural(total, 'record was', 'records were')} left out; the rest was read.`,
    ...leftOut.map(
      (one, at) =>
        `${numberText(one.count).padStart(width)}  ${padEnd(words[at]!, column)}  ${placeText(one)}${detailText(one)}`,
    ),
  ];
}

type LeftOutRow = ScanContext['leftOut'][number];

function placeText({ count, first, last }: LeftOutRow): string {
  const place = sourceText(first.source);
  if (last.source !== first.source) return `${place}, first at line ${first.line}`;
  if (last.line === first.line) return `${place}, line ${first.line}`;
  if (count === 2) return `${place}, lines ${first.line} and ${last.line}`;
  const isRun = last.line - first.line + 1 === count;
  return isRun ? `${place}, lines ${first.line} to ${last.line}` : `${place}, first at line ${first.line}`;
}

function detailText({ what, detail }: LeftOutRow): string {
  if (what === 'no_log') return detail === '' ? ': an empty object' : `: keys ${visible(detail)}`;
  return WITH_DETAIL.test(what) && detail !== LEFT_OUT_WORDS[what] ? `: ${visible(detail)}` : '';
}

/** Files that are told one by one. */
const TOLD = 5;

function skippedLines(files: readonly SkippedFile[], how: string): string[] {
  if (files.length === 0) return [];
  // A path that cannot be looked at may be either.
  const isFile = files.every(({ code }) => code !== 'CW-2001' && code !== 'CW-2002');
  const head = `note: ${isFile ? plural(files.length, 'file was', 'files were') : plural(files.length, 'file or folder was', 'files and folders were')} ${how}:`;
  const [only] = files;
  if (files.length === 1) return [`${head} ${skippedText(only!)}`, ...helpOf(only!, '  ')];
  const told = files.slice(0, TOLD).flatMap((one) => [`  ${skippedText(one)}`, ...helpOf(one, '    ')]);
  return [head, ...told, ...(files.length > TOLD ? [`  and ${numberText(files.length - TOLD)} more`] : [])];
}

function skippedText(file: SkippedFile): string {
  const { path, why, records } = file;
  const upTo = records === 0 ? '' : `; ${plural(records, 'record')} before that ${records === 1 ? 'was' : 'were'} read`;
  return namesItself(file) ? `${visible(whyText(file))}${upTo}` : `${sourceText(path)} (${visible(why)}${upTo})`;
}

/** Errors of the file system name their file. */
function namesItself({ code }: SkippedFile): boolean {
  return code !== 'CW-2003' && code !== null;
}

/** Why it was not read, with its name. */
export function whyText(file: SkippedFile): string {
  if (!namesItself(file)) return `${file.path}: ${file.why}`;
  return file.path === '-' ? file.why.replace('-', 'standard input') : file.why;
}

function helpOf({ facts, cure }: SkippedFile, indent: string): string[] {
  return [...facts, ...(cure === null ? [] : [`cure: ${cure}`])].map((line) => indent + visible(line));
}

function emptyLines(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  return [`note: no record is in ${listText(paths.map(sourceText), 3)}.`];
}
