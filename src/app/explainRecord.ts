import type { Event, Position } from '../events/event.ts';
import { FAMILIES } from '../events/families/index.ts';
import { normalise } from '../events/normalise.ts';
import { redact } from '../events/redact.ts';
import { isObject, type Json, type JsonObject, parseObject } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import type { ExplainedId, ExplainedRecord } from '../report/record.ts';
import type { RuleSet } from './ask.ts';
import type { Found } from './findRecord.ts';
import { originsOf, type Path, pathText, valuesOf } from './provenance.ts';
import { ruleLooks } from './ruleLooks.ts';

export interface ExplainOptions {
  /** Wall clock in milliseconds. */
  readonly nowMs: number;
  readonly rules: RuleSet;
}

/** What stands at a place of a file; a line that is no record has its reason. */
export function explainFound(found: Found, options: ExplainOptions): ExplainedRecord {
  if (found.kind === 'invalid')
    return { kind: 'invalid', reason: found.reason, detail: null, family: '', marks: [], without: [] };
  const { source, line, nth } = found.place;
  return explainRecord(found.value, { source, line, index: nth - 1 }, options);
}

/** What one record is, where each of its fields came from, what of it is not kept, and what rules make of it. Never throws. */
export function explainRecord(
  value: JsonObject,
  position: Position,
  { nowMs, rules }: ExplainOptions,
): ExplainedRecord {
  const read = normalise(value, position, { now: nowMs });
  switch (read.kind) {
    case 'unknown':
      return { kind: 'unknown', what: safe(read.what), names: Object.keys(value), near: nearKind(value) };
    case 'invalid':
      return { kind: 'invalid', reason: read.reason, detail: safe(read.detail), ...marksOf(value) };
    case 'event':
      return explainEvent(value, read.event, nowMs, rules);
  }
}

function explainEvent(value: JsonObject, event: Event, nowMs: number, rules: RuleSet): ExplainedRecord {
  const { byField, values, tried } = originsOf(value, event, nowMs);
  const from = (name: string): string[] => (byField.get(name) ?? []).map(pathText);
  const told = valuesOf(event);
  const id = (name: 'record.id' | 'event.id'): ExplainedId => ({ id: told.get(name) as string, parts: from(name) });
  const marks = marksOf(value);
  return {
    kind: 'event',
    ...marks,
    variant: event.variant,
    recordId: id('record.id'),
    eventId: { ...id('event.id'), isAlone: event.actionKey === null },
    fields: [...told]
      .filter(([name]) => name !== 'record.id' && name !== 'event.id')
      .map(([name, one]) => ({ name, value: one, from: name === 'event.family' ? marks.marks : from(name) })),
    values,
    tried,
    ...notKept(value),
    rules: ruleLooks(event, rules),
  };
}

/** A text from a record that was not normalised, without what looks like a secret. */
function safe(text: string): string {
  return redact({ text })['text'] as string;
}

interface Marks {
  readonly family: string;
  /** Names that the family looked at and found. */
  readonly marks: readonly string[];
  /** Names that it looked for and did not find. */
  readonly without: readonly string[];
}

/** By what a record's family knows it: the names that it asks for, watched while it does. */
function marksOf(value: JsonObject): Marks {
  for (const { family, recognise } of FAMILIES) {
    const watched = watch(value);
    if (recognise(watched.value) !== null) return { family, marks: watched.found(), without: watched.missed() };
  }
  return { family: '', marks: [], without: [] };
}

/** The same record, that remembers which of its names are read. */
function watch(value: JsonObject): {
  readonly value: JsonObject;
  readonly found: () => string[];
  readonly missed: () => string[];
} {
  const found = new Set<string>();
  const asked = new Set<string>();
  const watched = new Proxy(value, {
    get: (target, name) => {
      if (typeof name === 'string') found.add(name);
      return target[name as string];
    },
    getOwnPropertyDescriptor: (target, name) => {
      if (typeof name === 'string') asked.add(name);
      return Object.getOwnPropertyDescriptor(target, name);
    },
  });
  const names = new Set(Object.keys(value).map((name) => name.toLowerCase()));
  return {
    value: watched,
    found: () => [...found],
    missed: () => [...asked].filter((name) => !names.has(name.toLowerCase())),
  };
}

/** A record that calls itself as a known log does, or nearly, but is not recognised as one. */
function nearKind(value: JsonObject): Extract<ExplainedRecord, { kind: 'unknown' }>['near'] {
  const names = new Map(Object.keys(value).map((name) => [name.toLowerCase(), name]));
  for (const name of ['category', 'type']) {
    const word = value[names.get(name) ?? ''];
    if (typeof word !== 'string') continue;
    const bare = word.toLowerCase().replace(/^cdb/, '');
    const own = FAMILIES.find(({ family }) => family.toLowerCase() === bare);
    if (own !== undefined) {
      const watched = watch(value);
      own.recognise(watched.value);
      return { family: own.family, isNamed: true, without: watched.missed() };
    }
    const meant = nearest(
      bare,
      FAMILIES.map(({ family }) => family),
    );
    if (meant !== null) return { family: meant, isNamed: false, without: [] };
  }
  return null;
}

/** Places of values that are left out, and of texts in which a part is masked: where the record and what is kept of it differ. */
function notKept(value: JsonObject): { readonly dropped: readonly string[]; readonly masked: readonly string[] } {
  const [dropped, masked]: [string[], string[]] = [[], []];
  const compare = (before: Json, after: Json | undefined, path: Path): void => {
    if (before === after) return;
    if (after === undefined || (after === null && before !== null)) dropped.push(pathText(path));
    else if (Array.isArray(before) && Array.isArray(after))
      for (const [at, item] of (before as readonly Json[]).entries()) compare(item, after[at], [...path, at]);
    else if (isObject(before) && isObject(after))
      for (const [name, item] of Object.entries(before))
        compare(item, Object.hasOwn(after, name) ? after[name] : undefined, [...path, name]);
    else compareTexts(before, after, path);
  };
  const compareTexts = (before: Json, after: Json, path: Path): void => {
    const [one, other] = [before, after].map((text) => (typeof text === 'string' ? parseObject(text) : null));
    if (one && other) compare(one, other, path);
    else masked.push(pathText(path));
  };
  compare(value, redact(value), []);
  return { dropped, masked };
}
