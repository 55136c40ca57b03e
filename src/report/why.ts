import type { Place } from '../ir/ir.ts';
import type { Trace } from '../ir/trace.ts';
import type { Json } from '../lib/json.ts';
import { type RecordPlace, sourceText, whichText } from './place.ts';
import { painter } from './style.ts';
import { listText, plural, visible, wrap } from './text.ts';
import { itemLines, type Line } from './whyItems.ts';

/** A condition with what each of its words came to. */
export interface ConditionTrace {
  readonly text: string;
  readonly holds: boolean;
  readonly of: readonly ConditionTrace[];
}

/** One piece of a rule: a selection, its log source, a filter on it. */
export interface PartTrace {
  readonly what: 'log source' | 'selection' | 'filter';
  readonly name: string;
  readonly place: Pick<Place, 'file' | 'line'>;
  readonly trace: Trace;
  /** False: only the level of an alert depends on it. */
  readonly decides: boolean;
}

/** Why a rule matches a record, or does not. */
export type RuleTrace = {
  readonly name: string;
  readonly title: string;
  readonly place: Pick<Place, 'file' | 'line'>;
  readonly holds: boolean;
} & (
  | {
      readonly kind: 'detection';
      readonly conditions: readonly { readonly text: string; readonly tree: ConditionTrace }[];
      readonly parts: readonly PartTrace[];
    }
  | {
      readonly kind: 'correlation';
      /** `event_count of a or b >= 3 within 15 min` */
      readonly counts: string;
      readonly rules: readonly CountedRule[];
    }
);

/** A rule that a correlation counts; `key` and `values` are what the record would be counted by and for. */
export interface CountedRule {
  readonly rule: RuleTrace;
  readonly key: readonly FieldValue[];
  readonly values: readonly FieldValue[];
  /** The rule matches, and nothing of both is missing. */
  readonly isCounted: boolean;
}

export interface FieldValue {
  readonly field: string;
  /** null: the record has none, so it would not be counted. */
  readonly value: Json | null;
}

/** The record that was asked about. */
export interface AskedRecord {
  readonly place: RecordPlace;
  readonly family: string | null;
  readonly time: string | null;
  readonly action: string | null;
  /** Why its own fields only are there, although its log is known. */
  readonly invalid: string | null;
  /** How many facts it tells; the one that comes nearest to matching is shown. */
  readonly facts: number;
  /** It only shows that its log lives. */
  readonly isSign: boolean;
}

export interface WhyLook {
  readonly width: number;
  readonly colour: boolean;
}

/** Why a rule matches a record or does not: the verdict, the condition as a tree, every item with what was found. */
export function whyText(rule: RuleTrace, record: AskedRecord, look: WhyLook): string {
  const lines = [
    ...wrap(`${verdictOf(rule)}: ${visible(rule.title)}`, look.width),
    ...labelled('rule', placeText(rule), look),
    ...recordTexts(record).flatMap((text, at) => labelled(at === 0 ? 'record' : '', text, look)),
    '',
    ...ruleLines(rule, look),
    ...advice(rule, record).flatMap((text) => ['', ...wrap(text, look.width)]),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictOf(rule: RuleTrace): string {
  if (rule.kind === 'detection') return rule.holds ? 'Match' : 'No match';
  return rule.holds ? 'Counted' : 'Not counted';
}

function placeText({ name, place }: RuleTrace): string {
  return `${visible(name)}, ${visible(place.file)}:${place.line}`;
}

function recordTexts({ place, family, time, action, invalid, facts }: AskedRecord): string[] {
  const what = [family ?? 'of no known log: its own fields only', time, action].filter((part) => part !== null);
  return [
    `${visible(sourceText(place.source))}:${place.line}, ${what.map(visible).join(', ')}`,
    ...whichText(place),
    ...(invalid === null ? [] : [`its time cannot be read (${visible(invalid)})`]),
    ...(facts > 1 ? [`it tells ${facts} facts; this one comes nearest to matching`] : []),
  ];
}

const LABEL = 10;

function labelled(label: string, text: string, { width }: WhyLook): string[] {
  const head = `  ${label}`.padEnd(LABEL);
  return wrap(text, width - LABEL).map((line, at) => (at === 0 ? head : ' '.repeat(LABEL)) + line);
}

function ruleLines(rule: RuleTrace, look: WhyLook): string[] {
  return rule.kind === 'detection' ? detectionLines(rule, look) : correlationLines(rule, look);
}

function detectionLines(rule: Extract<RuleTrace, { kind: 'detection' }>, look: WhyLook): string[] {
  const lines: string[] = [];
  for (const { text, tree } of rule.conditions)
    lines.push(...wrap(`Condition  ${visible(text)}`, look.width), ...marked(conditionLines(tree, 0), look), '');
  if (rule.conditions.length === 0) lines.push('The rule can match nothing: cosmowatch rules lint says why.', '');
  // What only decides a level says nothing of a record that is no hit.
  const shown = rule.parts.filter(({ decides }) => decides || rule.holds);
  for (const { what, name, place, trace, decides } of shown) {
    const where = place.file === rule.place.file ? `line ${place.line}` : `${place.file}:${place.line}`;
    const text = `${what} ${visible(name)}  (${visible(where)}${decides ? '' : ', for the level only'})`;
    lines.push(...marked([{ depth: 0, holds: trace.holds, text, isBold: true }, ...itemLines(trace, 1)], look));
  }
  return lines;
}

function conditionLines({ text, holds, of }: ConditionTrace, depth: number): Line[] {
  return [{ depth, holds, text: visible(text) }, ...of.flatMap((part) => conditionLines(part, depth + 1))];
}

function correlationLines(rule: Extract<RuleTrace, { kind: 'correlation' }>, look: WhyLook): string[] {
  const lines = wrap(`Counts  ${visible(rule.counts)}`, look.width);
  for (const counted of rule.rules) {
    const head = `${counted.isCounted ? 'Counted' : 'Not counted'} as ${placeText(counted.rule)}`;
    const fields = [
      ...counted.key.map((one) => fieldLine(one, 'key')),
      ...counted.values.map((one) => fieldLine(one, 'value')),
    ];
    const matches: Line = { depth: 1, holds: counted.rule.holds, text: 'the rule matches' };
    lines.push('', ...wrap(head, look.width), ...marked([matches, ...fields], look), '');
    lines.push(...ruleLines(counted.rule, look));
  }
  return lines;
}

function fieldLine({ field, value }: FieldValue, what: 'key' | 'value'): Line {
  const shown = value === null ? 'nothing, so it is not counted' : visible(JSON.stringify(value));
  return { depth: 1, holds: value !== null, text: `${what}  ${visible(field)}: ${shown}` };
}

const MARK = 5;

/** Lines with `yes` or `no` before them, and what hangs below without. */
function marked(lines: readonly Line[], look: WhyLook): string[] {
  const paint = painter(look.colour);
  return lines.flatMap(({ depth, holds, text, isBold }) => {
    const indent = MARK + depth * 2;
    const [first = '', ...rest] = wrap(text, Math.max(24, look.width - indent - 2));
    const mark = holds === null ? '' : holds ? 'yes' : 'no';
    const painted = mark.padEnd(MARK);
    return [
      `${holds === false ? paint(painted, 'red') : painted}${'  '.repeat(depth)}${isBold ? paint(first, 'bold') : first}`,
      ...rest.map((line) => ' '.repeat(indent + 2) + line),
    ];
  });
}

function advice(rule: RuleTrace, record: AskedRecord): string[] {
  const texts: string[] = [];
  if (record.isSign && !rule.holds)
    texts.push(
      `Records of ${record.family} only show that the log is written: no rule is asked about them but one of silence.`,
    );
  else if (record.family !== null && !rule.holds)
    texts.push(
      'One record was asked by itself. What other records add (who acted, what a setting was before, the other half of an action) only a scan knows.',
    );
  if (rule.kind === 'correlation')
    texts.push('How often it happened only all records tell: cosmowatch scan, or cosmowatch rules match.');
  const missing = rule.kind === 'detection' ? missingFields(rule.parts.map(({ trace }) => trace)) : [];
  if (missing.length > 0 && !rule.holds)
    texts.push(`Not in the record: ${listText(missing.map(visible), 5)} (${plural(missing.length, 'field')}).`);
  return texts;
}

function missingFields(traces: readonly Trace[]): string[] {
  const fields = traces.flatMap(function missing(trace: Trace): string[] {
    if (trace.kind === 'not') return missing(trace.of);
    if (trace.kind !== 'item') return trace.of.flatMap(missing);
    return trace.match.kind === 'field' && trace.found === null ? [trace.match.field] : [];
  });
  return [...new Set(fields)];
}
