import type { SourceStatus, Status } from '../../api/contract.ts';
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
  };
}

function raising(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ alerts }) => alerts);
}

/** How a source is. @param progress milliseconds since 1970; null: it does not say */
export function sourceOf(running: Running, progress: number | null): SourceStatus {
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

function sum(sources: readonly SourceStatus[], name: 'accepted' | 'rejected'): number {
  return sources.reduce((total, source) => total + source[name], 0);
}
