import type { RuleItem, SourceStatus, Status } from '../../api/contract.ts';
import { isAccountSeen } from '../../api/item.ts';
import type { StatusPort } from '../../api/ports.ts';
import type { Rule } from '../../ir/ir.ts';
import { isoOf } from '../../lib/iso.ts';
import { VERSION } from '../../lib/version.ts';
import type { Overview } from '../../store/overview.ts';
import type { ConfigRules } from '../configRules.ts';
import type { SourceStatus as Running } from './sourceRunner.ts';

export interface StatusDeps {
  readonly startedAt: number;
  readonly rules: () => ConfigRules;
  /** Lower-case ARM ids of accounts whose silence is an alert. */
  readonly expected: () => readonly string[];
  readonly sources: () => readonly Running[];
  readonly queue: () => { readonly batches: number; readonly bytes: number };
  readonly overview: Overview;
  readonly whyNotReady: () => string | null;
  /** What of the configuration is not in force. */
  readonly refused: () => Status['refused'];
}

/** How the service is, as the API tells it. */
export function statusPort(deps: StatusDeps): StatusPort {
  const { overview } = deps;
  const sources = (): SourceStatus[] => deps.sources().map((one) => sourceOf(one, overview.progress(one.name)));
  return {
    whyNotReady: deps.whyNotReady,
    sources: async () => sources(),
    async status(scope) {
      const all = sources();
      const rules = raising(deps.rules().rules);
      return {
        version: VERSION,
        startedAt: isoOf(deps.startedAt),
        ready: deps.whyNotReady() === null,
        why: deps.whyNotReady(),
        sources: all,
        alerts: overview.alerts(scope),
        records: { accepted: sum(all, 'accepted'), rejected: sum(all, 'rejected') },
        accounts: overview.accountIds().filter((id) => isAccountSeen(id, scope)).length,
        rules: { active: rules.length, disabled: deps.rules().disabled.length },
        store: { bytes: overview.bytes(), events: overview.events() },
        queue: deps.queue(),
        deliveries: overview.deliveries(),
        refused: deps.refused(),
      };
    },
    async rules() {
      const { rules, disabled } = deps.rules();
      const off = new Map(disabled.map(({ rule, reason }) => [rule.meta.id, reason]));
      return rules.filter((rule) => rule.alerts || off.has(rule.meta.id)).map((rule) => ruleOf(rule, off));
    },
    async accounts(scope) {
      const expected = new Set(deps.expected());
      const seen = overview.accounts().filter(({ id }) => isAccountSeen(id, scope));
      return seen.map(({ id, firstSeen, openAlerts, lastSeen }) => ({
        id,
        name: id.slice(id.lastIndexOf('/') + 1),
        subscription: /^\/subscriptions\/([^/]+)/.exec(id)?.[1] ?? null,
        isExpected: expected.has(id),
        firstSeen: firstSeen === null ? null : isoOf(firstSeen),
        lastSeen: lastSeen === null ? null : isoOf(lastSeen),
        openAlerts,
      }));
    },
  };
}

function raising(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ alerts }) => alerts);
}

function sourceOf(running: Running, progress: number | null): SourceStatus {
  const { name, type, labels, state, why, lag, lastBatch, accepted, rejected } = running;
  return {
    name,
    type,
    labels,
    state,
    why: why ?? null,
    lagSeconds: lag ?? null,
    progress: progress === null ? null : isoOf(progress),
    lastRecordAt: lastBatch === null ? null : isoOf(lastBatch),
    accepted,
    rejected,
  };
}

function ruleOf({ meta, alerts }: Rule, off: ReadonlyMap<string, string>): RuleItem {
  const { id, name, title, level, description, attack, parameters } = meta;
  return {
    id,
    name,
    title,
    level,
    description,
    attack: attack.map(({ tactic, technique }) => ({ tactic, technique })),
    isActive: alerts,
    whyNot: off.get(id) ?? null,
    parameters: parameters.map(({ name: parameter, value, default: usual, description: text }) => ({
      name: parameter,
      value,
      default: usual,
      description: text,
    })),
  };
}

function sum(sources: readonly SourceStatus[], name: 'accepted' | 'rejected'): number {
  return sources.reduce((total, source) => total + source[name], 0);
}
