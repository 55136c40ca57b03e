import type { AboutPort } from '../../api/ports.ts';
import type { Config } from '../../config/config.ts';
import { isoOf } from '../../lib/iso.ts';
import { VERSION } from '../../lib/version.ts';
import { MIGRATIONS } from '../../store/migrations/index.ts';
import type { Overview } from '../../store/overview.ts';
import type { RetentionClass } from '../../store/retained.ts';
import type { ConfigRules } from '../configRules.ts';
import { retentionPolicy } from '../retention.ts';

export interface AboutDeps {
  readonly startedAt: number;
  readonly config: () => Config;
  readonly rules: () => ConfigRules;
  readonly overview: Overview;
}

/** What is kept, in words, and the key of the configuration; null: it cannot be set. */
const KEPT: Readonly<Record<RetentionClass, readonly [what: string, key: string | null]>> = {
  alerts: ['alerts and what was done with them', 'retention.alerts'],
  control_plane: ['control-plane records', 'retention.control_plane'],
  matches: ['requests that rules matched', 'retention.matches'],
  key_figures: ['key figures by the minute and hour, and how many records came', 'retention.key_figures'],
  deliveries: ['deliveries', 'retention.deliveries'],
  audit: ['the audit log', null],
};

export function aboutPort({ startedAt, config, rules, overview }: AboutDeps): AboutPort {
  return {
    about() {
      const { ages, maxBytes } = retentionPolicy(config().retention);
      return {
        version: VERSION,
        node: process.versions.node,
        licence: 'Apache-2.0',
        startedAt: isoOf(startedAt),
        externalUrl: config().externalUrl,
        rules: rules().rules.filter(({ alerts }) => alerts).length,
        store: { bytes: overview.bytes(), schema: MIGRATIONS.at(-1)!.version },
        retention: (Object.keys(KEPT) as RetentionClass[]).map((kind) => ({
          what: KEPT[kind][0],
          seconds: ages[kind],
          key: KEPT[kind][1],
        })),
        mostBytes: maxBytes,
      };
    },
  };
}
