import type { z } from 'zod';
import { type Diagnostic, Problems } from '../sigma/diagnostic.ts';
import { type Entry, entryOf, type TreeMap } from '../sigma/tree.ts';
import { type CheckContext, checkCalendar, checkException, checkSilence, type TuningProblem } from '../tuning/check.ts';
import type { CalendarSpec, ExceptionSpec, SilenceSpec } from '../tuning/spec.ts';
import type { ConfigCode } from './codes.ts';
import { tellIssues } from './issues.ts';
import { unknownKeys } from './keys.ts';
import { placeOf } from './place.ts';
import type { PlainReader } from './secrets.ts';
import { calendarSchema, exceptionSchema, silenceSchema } from './tuningSchema.ts';
import { tellUnknown } from './unknown.ts';

export interface Named<Spec> {
  readonly name: string;
  readonly spec: Spec;
}

/** One that has a mistake and is not in force; everything beside it is. */
export interface Refused {
  /** `exceptions.release-pipeline` */
  readonly path: string;
  /** `cosmowatch.yml:12:5: CW-8006: exceptions.release-pipeline.owner is missing (add "owner: ...")` */
  readonly why: string;
}

/** What a configuration says of who is told of what it does not change. */
export interface TuningConfig {
  readonly exceptions: readonly Named<ExceptionSpec>[];
  readonly silences: readonly Named<SilenceSpec>[];
  readonly calendars: readonly Named<CalendarSpec>[];
  readonly refused: readonly Refused[];
}

export interface ReadTuning extends TuningConfig {
  /** The mistakes of those that are refused. */
  readonly diagnostics: readonly Diagnostic<ConfigCode>[];
}

interface Reading extends CheckContext {
  readonly root: TreeMap;
  readonly file: string;
  readonly reader: PlainReader;
  /** Where what is only to be looked at goes. */
  readonly problems: Problems<ConfigCode>;
  readonly refused: Refused[];
  readonly found: Diagnostic<ConfigCode>[];
}

/** Each entry by itself: one that has a mistake is refused, and the others are in force. */
export function readTuning(reading: Omit<Reading, 'refused' | 'found'>): ReadTuning {
  const all: Reading = { ...reading, refused: [], found: [] };
  return {
    exceptions: readEntries('exceptions', exceptionSchema, (spec) => checkException(spec, all), all),
    silences: readEntries('silences', silenceSchema, (spec) => checkSilence(spec, all), all),
    calendars: readEntries('calendars', calendarSchema, checkCalendar, all),
    refused: all.refused,
    diagnostics: all.found,
  };
}

/** The keys that are read here. */
export const TUNING_KEYS = { exceptions: exceptionSchema, silences: silenceSchema, calendars: calendarSchema } as const;

function readEntries<Spec>(
  key: keyof typeof TUNING_KEYS,
  schema: z.ZodType<Spec>,
  check: (spec: Spec) => readonly TuningProblem[],
  reading: Reading,
): readonly Named<Spec>[] {
  const entry = entryOf(reading.root, key);
  if (entry === null || (entry.value.kind === 'scalar' && entry.value.text === '')) return [];
  if (entry.value.kind !== 'map') {
    const problems = new Problems<ConfigCode>(reading.file);
    problems.error('CW-8005', entry.keySpan, `${key} is a map`, 'write a name for each below it, indented');
    refuse(key, problems, reading);
    return [];
  }
  return entry.value.entries.flatMap((one) => readEntry(key, one, schema, check, reading));
}

function readEntry<Spec>(
  key: keyof typeof TUNING_KEYS,
  { key: name, keySpan, value }: Entry,
  schema: z.ZodType<Spec>,
  check: (spec: Spec) => readonly TuningProblem[],
  reading: Reading,
): readonly Named<Spec>[] {
  const { root, reader } = reading;
  const problems = new Problems<ConfigCode>(reading.file);
  const path = [key, name];
  if (!TUNING_NAME.test(name))
    problems.error('CW-8005', keySpan, `${key}.${name.slice(0, 60)} is no name`, 'letters, digits, "_", "-" and "."');
  tellUnknown(unknownKeys(schema, value, path), [], problems);
  const result = schema.safeParse(reader.read(value, false));
  if (!result.success) tellIssues(result.error.issues, root, path, problems);
  for (const { code, path: below, what, cure, isError } of result.success ? check(result.data) : []) {
    const { span } = placeOf(root, [...path, ...below]);
    const text = `${[...path, ...below.filter((part) => typeof part === 'string')].join('.')} ${what}`;
    if (isError) problems.error(code, span, text, cure);
    else reading.problems.warning(code, span, text, cure);
  }
  if (!problems.failed && result.success) return [{ name, spec: result.data }];
  refuse(path.join('.'), problems, reading);
  return [];
}

/** Letters, digits, `_`, `-` and `.`, beginning with a letter. */
export const TUNING_NAME = /^[A-Za-z][\w.-]{0,62}$/;

function refuse(path: string, { found }: Problems<ConfigCode>, { refused, found: all }: Reading): void {
  all.push(...found);
  const [first] = found;
  if (first === undefined) return;
  const cure = first.hint === null ? '' : ` (${first.hint})`;
  refused.push({ path, why: `${first.file}:${first.line}:${first.column}: ${first.code}: ${first.message}${cure}` });
}
