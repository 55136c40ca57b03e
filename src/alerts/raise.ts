import type { Actor } from '../events/event.ts';
import type { Change, Thing } from '../events/fact.ts';
import { isTold, type LevelRule, type Match, type RuleMeta } from '../ir/ir.ts';
import { compareText } from '../lib/compare.ts';
import { identity } from '../lib/hash.ts';
import type { Json } from '../lib/json.ts';
import type { AlertActor, AlertChange, Raised } from './alert.ts';
import { decideLevel } from './level.ts';
import type { FactTally, Summary } from './summary.ts';

/** An alert as the engine or the fold leaves it. Seconds since 1970. */
export interface Draft {
  readonly rule: {
    readonly meta: RuleMeta;
    readonly levels: readonly LevelRule[];
    /** Of a detection alone. */
    readonly bound?: readonly { readonly name: string; readonly match: Match }[];
  };
  readonly key: Readonly<Record<string, Json>>;
  readonly opened: number;
  readonly last: number;
  readonly tally: FactTally;
  readonly selections: readonly (readonly number[])[];
  /** A correlation's or silence's own count; null: of the facts. */
  readonly count: number | null;
  /** A condition that held and holds no more; null: the alert is about an act or a state. */
  readonly ended: boolean | null;
  readonly values: readonly string[];
  readonly silence: Raised['detail']['silence'];
}

/** Does a thing stand, at the end of the clock, as before or stricter? */
export type Stands = (thing: Thing) => boolean;

export function raise(draft: Draft, stands: Stands): Raised {
  const { meta, levels } = draft.rule;
  const summary = draft.tally.summary();
  const count = draft.count ?? summary.count;
  const touched = draft.silence !== null && draft.silence.touched.length > 0;
  const { level, why } = decideLevel(meta.level, levels, { selections: draft.selections, count, touched });
  const holds = holdsOf(draft, touched);
  const ended = draft.ended ?? hasEnded(summary, stands);
  const keyed = draft.key['cosmosdb.account'];
  const settledId = settledIdOf(meta.id, draft.key, draft.opened);
  return {
    alert: {
      id: settledId,
      settledId,
      rule: meta.name,
      ruleId: meta.id,
      title: meta.title,
      level,
      status: ended ? 'resolved' : 'open',
      resolution: ended ? 'ended' : null,
      account: typeof keyed === 'string' ? keyed : summary.account,
      key: draft.key,
      firstSeen: isoOf(draft.opened),
      lastSeen: isoOf(draft.last),
      count,
      actors: summary.actors.map(actorOf),
      caller: summary.caller,
      sourceIps: summary.sourceIps,
      targets: summary.targets,
      changes: summary.changes.map(({ change }) => changeOf(change)),
      attack: meta.attack.filter((one) => isTold(one, holds)).map(({ tactic, technique }) => ({ tactic, technique })),
      published: meta.published,
      evidence: summary.evidence.map(({ id, time, family, action, outcome }) => ({
        id,
        time: isoOf(Math.floor(time / 1e6)),
        family,
        action,
        outcome,
      })),
      routine: null,
      story: null,
      inhibitedBy: null,
      levelReason: null,
    },
    detail: {
      rule: meta,
      facts: summary.facts,
      changes: summary.changes,
      positions: summary.evidence.map(({ position }) => position),
      candidates: summary.candidates,
      userAgents: summary.userAgents,
      unconfirmed: summary.unconfirmed,
      levelWhy: why,
      holds: [...holds],
      values: draft.values,
      silence: draft.silence,
      spelled: null,
      isOngoing: !ended && (draft.ended !== null || summary.things.some(isState)),
      otherAccounts: 0,
      isFirst: null,
      firsts: [],
      blinded: null,
      labels: summary.labels,
      callers: summary.callers,
    },
  };
}

/** The names that texts and ids of the rule are bound to, as far as they hold of the alert. */
function holdsOf({ rule: { levels, bound = [] }, selections, silence }: Draft, touched: boolean): Set<string> {
  const held = new Set(selections.flat());
  const holds = new Set(bound.flatMap(({ name }, index) => (held.has(levels.length + index) ? [name] : [])));
  if (touched) holds.add('touched');
  if (silence?.ended === 'account_deleted') holds.add('account_deleted');
  return holds;
}

/** A deleted account leaves nothing behind whose state could be told. */
function isState({ id }: Thing): boolean {
  return !id.startsWith('account|');
}

/** The identity of an alert that is worked out again from the same facts: rule, key, opening second. */
export function settledIdOf(ruleId: string, key: Readonly<Record<string, Json>>, opened: number): string {
  const sorted = Object.keys(key).sort();
  return identity(ruleId, ...sorted.flatMap((field) => [field, JSON.stringify(key[field])]), opened);
}

/** An alert about a state ends when each thing it names stands as before its first hit, or stricter. One about an act stays open. */
function hasEnded({ things, isForGood }: Summary, stands: Stands): boolean {
  return things.length > 0 && !isForGood && things.every(stands);
}

export function isoOf(second: number): string {
  return new Date(second * 1000).toISOString().replace('.000Z', 'Z');
}

/** Fields in their order on the wire. */
function changeOf({ property, before, after, effect, exposure }: Change): AlertChange {
  return { property, before: before ?? null, after, effect, exposure };
}

function actorOf({ id, name, type, appId, appName }: Actor): AlertActor {
  return { id, name, type, appId, appName };
}

/** By firstSeen, rule, id. */
export function byOpening(a: Raised, b: Raised): number {
  return (
    compareText(a.alert.firstSeen, b.alert.firstSeen) ||
    compareText(a.alert.rule, b.alert.rule) ||
    compareText(a.alert.id, b.alert.id)
  );
}
