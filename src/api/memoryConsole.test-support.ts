import { isoOf } from '../lib/iso.ts';
import type { AccountItem, RuleItem, SourceStatus } from './contract.ts';
import { isAccountSeen } from './item.ts';
import type { AboutPort, AccountsPort, IntakePort, ReceiversPort, RulesPort, Scope } from './ports.ts';

/** The ports that the pages of one account, rule, source or receiver ask, kept in memory. */

interface Known {
  readonly account: string;
  readonly subscription: string;
  readonly start: number;
  readonly source: SourceStatus;
}

const RULE: RuleItem = {
  id: '7d0c9e6b-4a2a-4cbb-9d4f-2f4f6a3b1c11',
  name: 'cosmosdb_keys_listed',
  title: 'Keys were read',
  level: 'high',
  description: 'Somebody read the keys.',
  attack: [],
  isActive: true,
  whyNot: null,
  parameters: [{ name: 'keys', value: 3, default: 3, description: 'How many' }],
  file: 'rules/keys.yml',
  hits: [0, 1],
  canFireOn: 1,
  cases: 2,
};

export function consolePorts({ account, subscription, start, source }: Known) {
  const at = isoOf(start);
  const item: AccountItem = {
    id: account,
    name: account.slice(account.lastIndexOf('/') + 1),
    subscription,
    isExpected: false,
    firstSeen: at,
    lastSeen: null,
    openAlerts: 1,
    worst: { id: '0'.repeat(32), level: 'high', title: 'Keys were read', reason: 'Ada read them.', firstSeen: at },
    logs: [{ family: 'ActivityLog', lastRecord: at, records: [1, 0] }],
    rules: { can: 8, partly: 0, cannot: 1, off: 0 },
    blindSpots: ['no data-plane log'],
  };
  const state = { state: 'cannot', why: 'no log tells of it', cure: null, command: null } as const;
  const accounts: AccountsPort = {
    list: async (scope: Scope) => (isAccountSeen(account, scope) ? [item] : []),
    get: async (name, scope) =>
      ![item.id, item.name].includes(name) || !isAccountSeen(account, scope)
        ? null
        : {
            ...item,
            hoursFrom: at,
            hours: [{ family: 'ActivityLog', firstRecord: at, lastRecord: at, records: [1] }],
            coverage: [{ ...state, rule: RULE.name, title: RULE.title, level: RULE.level }],
            actors: [],
            clients: [],
            keyReads: [],
            settings: [{ name: 'publicNetworkAccess', value: 'Enabled' }],
            isBounded: false,
          },
  };
  const rules: RulesPort = {
    list: async () => [RULE],
    get: async (name) =>
      ![RULE.id, RULE.name].includes(name)
        ? null
        : {
            ...RULE,
            text: 'title: Keys were read\n',
            timeline: null,
            status: 'stable',
            meaning: 'event.action = "cosmosdb.keys.list"',
            impact: ['It matters.'],
            mitigation: [],
            falsePositives: [],
            published: [],
            families: ['ActivityLog'],
            accounts: [{ ...state, account }],
          },
    lint: async () => ({ rules: [RULE.name], diagnostics: [] }),
    test: async () => ({ mistakes: [], cases: [] }),
    backtest: async () => ({
      mistakes: [],
      from: null,
      to: null,
      events: 0,
      before: 0,
      after: 0,
      same: [],
      added: [],
      removed: [],
      cannot: [],
    }),
  };
  const intake: IntakePort = {
    list: () => [{ ...source, rates: [1], perSecond: 0.1, leftOut: [], troubles: [{ at, why: 'no way there' }] }],
    setup: () => ({ files: [{ name: 'cosmowatch.yml', text: 'sources: {}\n' }] }),
  };
  const receivers: ReceiversPort = {
    list: () => ({
      flood: 30,
      routes: {
        path: 'routes',
        receiver: 'ops',
        match: [],
        groupWaitSeconds: 0,
        repeatSeconds: null,
        goesOn: false,
        routes: [],
      },
      items: [],
    }),
    deliveries: () => ({ items: [], next: null }),
    route: () => ({ decisions: [], looked: [{ path: 'routes', matched: true, why: 'every alert matches' }] }),
    test: async (name) => (name === 'ops' ? { items: [] } : null),
  };
  const about: AboutPort = {
    about: () => ({
      version: '0.1.0',
      node: '24.0.0',
      licence: 'Apache-2.0',
      startedAt: at,
      externalUrl: null,
      rules: 9,
      store: { bytes: 4096, schema: 80 },
      retention: [{ what: 'alerts', seconds: 86_400, key: 'retention.alerts' }],
      mostBytes: null,
    }),
  };
  return { accounts, rules, intake, receivers, about };
}
