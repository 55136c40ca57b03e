import type { Compiled } from '../../engine/compile.ts';
import { type Event, type Evidence, type Micros, type Position, SECOND } from '../../events/event.ts';
import { SIGNS_OF_LIFE } from '../../events/families/index.ts';
import { normalise } from '../../events/normalise.ts';
import { DEFAULT_FOLD } from '../../ir/ir.ts';
import { identity } from '../../lib/hash.ts';
import { parseObject } from '../../lib/json.ts';
import { changesStructure, requestFact, requestSource } from '../../relate/request.ts';
import type { KeptHit } from '../hits.ts';
import { projected, signOf } from '../intake.ts';
import type { SignSink } from '../signs.ts';

export interface PatternDeps {
  readonly compiled: Compiled;
  readonly signs: SignSink;
  readonly nowMs: number;
}

/** What all records of a pattern say: they differ in their time, their activity id and their measures, and nothing reads those. */
export interface Pattern {
  readonly tally: ReturnType<SignSink['of']>;
  /** What is told by each of them; null: no rule matches. */
  readonly told: ToldAlike | null;
}

export interface ToldAlike {
  /** Of the first record that came. */
  readonly hit: KeptHit;
  /** The same text: records of them tell the same request if their seconds and activity ids agree. */
  readonly group: string;
  /** Seconds: neighbours no further apart are in one alert of every rule that they match. */
  readonly gap: number;
  /** @param activity dashed, lower case @param second since 1970 */
  idOf(activity: string, second: number): string;
}

/** Lower case. What tells records of one pattern apart, however a rule may call it. */
const VARYING: ReadonlySet<string> = new Set([
  'time',
  'timegenerated',
  '@timestamp',
  'activityid',
  'correlationid',
  'event.id',
  'record.id',
  'event.duration',
  'duration',
  'durationms',
  'requestcharge',
  'requestlength',
  'responselength',
]);

function varies(field: string): boolean {
  return VARYING.has(field) || VARYING.has(field.slice(field.lastIndexOf('.') + 1));
}

const NOWHERE: Position = { source: '', line: 0, index: 0 };

/** What the first record of a pattern says for all of them; null: each is to be read by itself. */
export function learnPattern(bytes: Uint8Array, { compiled, signs, nowMs }: PatternDeps): Pattern | null {
  const value = parseObject(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  const read = value === null ? null : normalise(value, NOWHERE, { now: nowMs });
  if (read?.kind !== 'event') return null;
  const { event } = read;
  const source = SIGNS_OF_LIFE.has(event.family) ? null : requestSource(event);
  const idOf = idsLike(event);
  if (source === null || changesStructure(event) || idOf === null) return null;
  const fact = requestFact(event);
  if (!compiled.ignores(fact, varies)) return null;
  const hits = compiled.match(fact);
  const tally = signs.of(signOf(event, source));
  if (hits.length === 0) return { tally, told: null };
  const gaps = hits.map(({ rule }) => {
    const detection = compiled.rules[rule]!;
    return (detection.kind === 'detection' ? detection.fold : null)?.gap ?? DEFAULT_FOLD.gap;
  });
  const hit: KeptHit = { fact: projected(fact, compiled), hits, source };
  return { tally, told: { hit, group: groupOf(hit, idOf), gap: Math.min(...gaps), idOf } };
}

/** How the ids of records like this one are made: from the same text, but for activity id and second. Null: otherwise. */
function idsLike({ actionKey, correlationId, recordId, time }: Event): ToldAlike['idOf'] | null {
  if (actionKey === null || correlationId === null || identity(actionKey) !== recordId) return null;
  const end = `\u001f${Math.floor(time / SECOND)}`;
  const marked = `\u001f${correlationId}\u001f`;
  const at = actionKey.indexOf(marked);
  if (at < 0 || at !== actionKey.lastIndexOf(marked) || !actionKey.endsWith(end)) return null;
  const before = actionKey.slice(0, at + 1);
  const behind = actionKey.slice(at + marked.length - 1, -end.length + 1);
  return (activity, second) => identity(`${before}${activity}${behind}${second}`);
}

function groupOf({ fact }: KeptHit, idOf: ToldAlike['idOf']): string {
  return JSON.stringify([idOf('', 0), fact.account, fact.action, fact.fields['azure.principal.id'] ?? null]);
}

/** One record of a pattern, as if it had been read by itself. */
export function hitLike({ hit }: ToldAlike, id: string, time: Micros, position: Position): KeptHit {
  return { ...hit, fact: { ...hit.fact, id, time, evidence: [evidenceLike(hit, id, time, position)] } };
}

export function evidenceLike({ fact }: KeptHit, id: string, time: Micros, position: Position): Evidence {
  return { ...fact.evidence[0]!, id, time, position };
}
