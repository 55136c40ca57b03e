import { tellsRequests } from '../events/event.ts';
import type { Json } from '../lib/json.ts';
import type { Look } from './context.ts';
import { LEFT_OUT_WORDS } from './leftOut.ts';
import { type RecordPlace, sourceText, whichText } from './place.ts';
import { type Paint, painter } from './style.ts';
import { indented, listText, numberText, padEnd, visible, widthOf, wrap } from './text.ts';

/** What one record is, and what becomes of it. Paths are as `properties.statusCode`; none of the texts holds what is not kept. */
export type ExplainedRecord =
  | ExplainedEvent
  | {
      readonly kind: 'unknown';
      /** What the record calls itself. */
      readonly what: string;
      readonly names: readonly string[];
      /** A log that it says it is of, or that has nearly the same name; `without`: what that log's records have. */
      readonly near: { readonly family: string; readonly isNamed: boolean; readonly without: readonly string[] } | null;
    }
  | {
      readonly kind: 'invalid';
      /** Why it cannot be read as a record: as `leftOut` counts it. */
      readonly reason: string;
      readonly detail: string | null;
      readonly family: string;
      readonly marks: readonly string[];
      readonly without: readonly string[];
    };

export interface ExplainedEvent {
  readonly kind: 'event';
  readonly family: string;
  readonly variant: string;
  /** Names by which it was recognised, and names that it had to be without. */
  readonly marks: readonly string[];
  readonly without: readonly string[];
  readonly recordId: ExplainedId;
  /** `isAlone`: no correlation or activity id, so the record is an action of its own. */
  readonly eventId: ExplainedId & { readonly isAlone: boolean };
  readonly fields: readonly { readonly name: string; readonly value: Json; readonly from: readonly string[] }[];
  /** Values that the record holds, and how many of them were tried as the origin of fields. */
  readonly values: number;
  readonly tried: number;
  /** Places of what is left out, and of texts of which a part is. */
  readonly dropped: readonly string[];
  readonly masked: readonly string[];
  readonly rules: readonly RuleLook[];
}

export interface ExplainedId {
  readonly id: string;
  readonly parts: readonly string[];
}

/** One rule that raises alerts, by one of the detections that it asks. */
export interface RuleLook {
  readonly rule: string;
  /** The detection that it counts, waits for or remembers; null: itself. */
  readonly through: string | null;
  readonly role: 'fires' | 'counts' | 'waits' | 'remembers';
  readonly verdict: Verdict;
}

export type Verdict =
  | { readonly kind: 'matches' }
  | { readonly kind: 'fails'; readonly parts: readonly UnmetPart[] }
  /** Only as a fact of this action, which is made from several records. */
  | { readonly kind: 'needs_others'; readonly action: string };

/** A part of a condition that does not hold, and what the record has in its place. Null: nothing. */
export interface UnmetPart {
  readonly asks: string;
  readonly has: readonly { readonly field: string; readonly values: readonly Json[] | null }[];
}

/** The record for people. */
export function recordText(record: ExplainedRecord, place: RecordPlace, look: Look): string {
  const paint = painter(look.colour);
  const sections = [headOf(record, place, look.width, paint), ...bodyOf(record, place, look.width, paint)];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function headOf(record: ExplainedRecord, place: RecordPlace, width: number, paint: Paint): string[] {
  const lines = place.last > place.line ? `lines ${place.line} to ${place.last}` : `line ${place.line}`;
  const texts = [`${visible(sourceText(place.source))}, ${lines}`, ...whichText(place)];
  return [paint(titleOf(record), 'bold'), ...texts].flatMap((text) => wrap(text, width));
}

function titleOf(record: ExplainedRecord): string {
  switch (record.kind) {
    case 'event':
      return `A record of ${record.family}, variant ${record.variant}`;
    case 'unknown':
      return 'Not a record that is known';
    case 'invalid':
      return record.family === '' ? 'Not a record' : `A record of ${record.family} that is left out`;
  }
}

function bodyOf(record: ExplainedRecord, place: RecordPlace, width: number, paint: Paint): string[][] {
  switch (record.kind) {
    case 'event':
      return [
        recognised(record, width),
        ids(record, width),
        fields(record, width, paint),
        notKept(record, width),
        rules(record, width),
      ];
    case 'unknown':
      return [unknownText(record).flatMap((text) => wrap(text, width))];
    case 'invalid':
      return [recognised(record, width), invalidText(record, place).flatMap((text) => wrap(text, width))];
  }
}

/** Names shown of a list that a record may make long. */
const MOST = 30;

function names(list: readonly string[], most = MOST): string {
  return listText(list.map(visible), most);
}

function recognised({ marks, without }: Pick<ExplainedEvent, 'marks' | 'without'>, width: number): string[] {
  if (marks.length === 0) return [];
  const absent = without.length === 0 ? '' : `; it has no ${without.map(visible).join(', no ')}`;
  return ['Recognised by', ...indented(`${names(marks)}${absent}`, width)];
}

function ids({ family, recordId, eventId }: ExplainedEvent, width: number): string[] {
  const joins = !tellsRequests(family);
  const of = ({ parts }: ExplainedId) => `of the log and ${names(parts)}`;
  const event = eventId.isAlone
    ? 'the record alone, because it has no correlation or activity id'
    : `${of(eventId)}${joins ? '; where several logs tell one action, it has the smallest of their ids' : ''}`;
  return [
    'Ids',
    `  record.id  ${recordId.id}`,
    ...indented(`finds copies: ${of(recordId)}`, width, 13),
    `  event.id   ${eventId.id}`,
    ...indented(`what is counted: ${event}`, width, 13),
  ];
}

const NAME = 24;

function fields({ fields: list, values, tried }: ExplainedEvent, width: number, paint: Paint): string[] {
  const note =
    tried === values
      ? []
      : indented(
          `The record is so large that only ${numberText(tried)} of its ${numberText(values)} values were tried as origins.`,
          width,
        );
  return ['Fields, and where each came from', ...list.flatMap((field) => fieldLines(field, width, paint)), ...note];
}

/** Name and value, then the origin: behind the value if there is room. */
function fieldLines({ name, value, from }: ExplainedEvent['fields'][number], width: number, paint: Paint): string[] {
  const origin = from.length === 0 ? 'the kind of log' : names(from);
  const [first = '', ...more] = wrap(valueText(value), width - NAME - 2);
  const lines = [`  ${padEnd(name, NAME - 1)} ${first}`, ...more.map((line) => ' '.repeat(NAME + 2) + line)];
  const last = lines.at(-1)!;
  const short = `  <- ${origin}`;
  if (widthOf(last) + widthOf(short) <= width) return [...lines.slice(0, -1), last + paint(short, 'dim')];
  const [head = '', ...rest] = wrap(origin, width - NAME - 5);
  return [
    ...lines,
    paint(`${' '.repeat(NAME + 2)}<- ${head}`, 'dim'),
    ...rest.map((line) => paint(' '.repeat(NAME + 5) + line, 'dim')),
  ];
}

function valueText(value: Json): string {
  return visible(typeof value === 'string' ? value : JSON.stringify(value));
}

function notKept({ dropped, masked }: ExplainedEvent, width: number): string[] {
  if (dropped.length + masked.length === 0) return ['Dropped as sensitive', '  nothing'];
  return [
    'Dropped as sensitive',
    ...(dropped.length === 0 ? [] : indented(names(dropped), width)),
    ...(masked.length === 0 ? [] : indented(`a part of ${names(masked)}`, width)),
  ];
}

function rules({ family, rules: looks }: ExplainedEvent, width: number): string[] {
  if (looks.length === 0)
    return ['Rules that look at such records', ...indented('None. The record is read, and raises no alert.', width)];
  return [
    'Rules that look at such records',
    ...looks.flatMap((one) => [
      `  ${visible(one.rule)}`,
      ...verdictLines(one).flatMap((text) => indented(text, width, 4)),
    ]),
    ...(tellsRequests(family) ? [] : indented(ALONE, width)),
  ];
}

const ALONE =
  'This is what the record says alone. Changes of settings, locks and keys need the records before it; a lock, key, vault or place that logs go to concerns the accounts that other records name.';

const ROLES: Readonly<Record<RuleLook['role'], string>> = {
  fires: 'matches: it raises an alert',
  counts: 'counts it, and fires when its number is reached',
  waits: 'takes it as a sign that the account still writes logs',
  remembers: 'remembers who did it, for an account that falls silent later',
};

function verdictLines({ through, role, verdict }: RuleLook): string[] {
  const by = through === null ? '' : ` (by ${visible(through)})`;
  switch (verdict.kind) {
    case 'matches':
      return [`${ROLES[role]}${by}`];
    case 'needs_others':
      return [`needs other records beside it${by}: it asks for ${verdict.action}, which is worked out from several`];
    case 'fails':
      return [`does not match${by}:`, ...verdict.parts.map((part) => `- asks ${visible(part.asks)}; ${hasText(part)}`)];
  }
}

function hasText({ has }: UnmetPart): string {
  if (has.length === 0) return 'it has no such value';
  return has
    .map(({ field, values }) =>
      values === null ? `${visible(field)} is not there` : `${visible(field)} is ${names(values.map(valueText), 3)}`,
    )
    .join(', ');
}

function unknownText({ what, names: own, near }: Extract<ExplainedRecord, { kind: 'unknown' }>): string[] {
  const called =
    what === 'no log record'
      ? 'It says of itself no category and no operation.'
      : `It calls itself "${visible(what)}".`;
  const has = own.length === 0 ? 'It is an empty object.' : `Its names: ${names(own, 10)}.`;
  return [
    called,
    has,
    ...nearText(near),
    'It is left out of a scan and counted; nothing else is lost.',
    'cure: if it should be read, export the Activity Log, the resource logs of Cosmos DB accounts, or AuditEvent of Key Vault, whole and unchanged.',
  ];
}

function nearText(near: Extract<ExplainedRecord, { kind: 'unknown' }>['near']): string[] {
  if (near === null) return [];
  if (!near.isNamed) return [`A log that is known has nearly that name: ${near.family}.`];
  const lacks =
    near.without.length === 0 ? 'what else they have is not there' : `it has no ${near.without.join(', no ')}`;
  return [`Records of ${near.family} have that name, but this is none of them: ${lacks}.`];
}

/** What can be done about a record or line that is left out. */
const CURES: Readonly<Record<string, string>> = {
  not_json: 'give the log as JSON, as Azure exports it: no CSV, no text around it',
  truncated:
    'copy the file again from where it came; the last record of a file that is still being written is complete later',
  too_long: 'split the file: a record a line, or several documents',
  too_deep: 'a record of a log is never nested so deeply: look at what wrote the file',
  binary: 'give JSON, or JSON packed by gzip or zstd; UTF-16 must be converted to UTF-8',
  not_an_object: 'give records as JSON objects',
  no_time: 'export the record whole: time, eventTimestamp, eventTime or TimeGenerated is missing',
  bad_time: 'the time must be as Azure writes it, for example 2026-11-24T03:12:07.1234567Z',
  future_time: 'see whether the clock of this machine, or of what wrote the record, is right; --now sets ours',
  past_time: 'see what wrote the record: there were no such logs then',
};

function invalidText(
  { reason, detail, family }: Extract<ExplainedRecord, { kind: 'invalid' }>,
  place: RecordPlace,
): string[] {
  const told = detail === null || detail === '' ? '' : `: ${visible(detail)}`;
  const what = family === '' ? `Line ${place.line} is left out` : 'It is left out';
  return [
    `${what}: ${LEFT_OUT_WORDS[reason] ?? reason}${reason === 'no_time' ? '' : told}.`,
    'The rest of the file is read on.',
    ...(CURES[reason] === undefined ? [] : [`cure: ${CURES[reason]}.`]),
  ];
}

/** The same for programs: one JSON document. */
export function recordJson(record: ExplainedRecord, place: RecordPlace): object {
  const { source, line, last, nth, of } = place;
  return { source, line, lastLine: last, record: nth, records: of, ...record };
}
