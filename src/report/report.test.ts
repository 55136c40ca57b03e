import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Raised } from '../alerts/alert.ts';
import { raise } from '../alerts/raise.ts';
import { FactTally } from '../alerts/summary.ts';
import { rulesFor } from '../app/rules.ts';
import { Compiled } from '../engine/compile.ts';
import type { Actor } from '../events/event.ts';
import type { Change, Fact } from '../events/fact.ts';
import type { Look, ScanContext, ToldAlert, ToldAlerts } from './context.ts';
import { explainOf } from './explain.ts';
import { render } from './render.ts';
import { completeAlert, headlineOf } from './story.ts';
import { durationText, visible, widthOf } from './text.ts';

const RULES = rulesFor([], [], new Map());
const COMPILED = new Compiled(RULES);
const ORDERS =
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourcegroups/rg-shop/providers/microsoft.documentdb/databaseaccounts/orders-prod';
const T0 = Date.UTC(2026, 10, 24, 3, 12, 7) / 1000;
const LOOK: Look = { width: 80, colour: false, unicode: false, localOffset: null };

const ADMIN: Actor = { id: '1', name: 'ops-admin@contoso.example', type: 'user', appId: 'a', appName: 'Azure CLI' };
const KEY: Actor = { id: 'primary_key@203.0.113.77', name: 'primary key', type: 'key', appId: null, appName: null };

function fact(more: Partial<Fact> & { at?: number }): Fact {
  const time = (T0 + (more.at ?? 0)) * 1e6;
  return {
    id: `f${time}${more.action}`,
    time,
    family: 'ActivityLog',
    action: 'x',
    outcome: 'success',
    account: ORDERS,
    actor: ADMIN,
    caller: null,
    candidates: [],
    sourceIp: '198.51.100.23',
    userAgent: null,
    target: ORDERS,
    count: 1,
    change: null,
    thing: null,
    fields: {},
    raw: {},
    evidence: [
      {
        id: `r${time}`,
        time,
        family: 'ActivityLog',
        action: 'x',
        outcome: 'success',
        position: { source: 'logs/PT1H.json', line: 7, index: 0 },
      },
    ],
    ...more,
  };
}

function told(rule: string, facts: readonly Fact[], more: Partial<Parameters<typeof raise>[0]> = {}): ToldAlert {
  const tally = new FactTally();
  for (const one of facts) tally.add(one);
  const seconds = facts.map(({ time }) => Math.floor(time / 1e6));
  const raised: Raised = raise(
    {
      rule: RULES.find(({ meta }) => meta.name === rule)!,
      key: { 'cosmosdb.account': ORDERS },
      opened: Math.min(...seconds, T0),
      last: Math.max(...seconds, T0),
      tally,
      selections: facts.map((one) => selectionsOf(rule, one)),
      count: null,
      ended: null,
      values: [],
      silence: null,
      ...more,
    },
    () => false,
  );
  return { alert: completeAlert(raised), raised };
}

/** Which selections of the rule hold of a fact. */
function selectionsOf(rule: string, one: Fact): readonly number[] {
  const fields = {
    ...one.fields,
    'event.action': one.action,
    'event.outcome': one.outcome,
    'cosmosdb.account': ORDERS,
    'cosmosdb.change.property': one.change?.property ?? '',
    'cosmosdb.change.effect': one.change?.effect ?? '',
    'cosmosdb.change.exposure': one.change?.exposure ?? '',
  };
  const hits = COMPILED.match({ ...one, fields });
  return hits.find((hit) => RULES[hit.rule]!.meta.name === rule)?.selections ?? [];
}

function list(...items: ToldAlert[]): ToldAlerts {
  const counts = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const { alert } of items) counts[alert.level] += 1;
  return {
    length: items.length,
    counts,
    found: counts,
    worst: items[0]?.alert.id ?? null,
    [Symbol.iterator]: () => items[Symbol.iterator](),
  };
}

const CONTEXT: ScanContext = {
  records: 3,
  events: 3,
  bytes: 100,
  seconds: 0.1,
  rules: 10,
  period: { from: T0 * 1e6, to: (T0 + 60) * 1e6 },
  accounts: [ORDERS],
  leftOut: [],
  skipped: [],
  blindSpots: [],
  strict: false,
  next: null,
  version: '0.1.0',
};

const ip = (
  before: readonly string[] | undefined,
  after: readonly string[],
  effect: Change['effect'],
  exposure: Change['exposure'],
): Change => ({
  property: 'ipRules',
  before: before as never,
  after: after as never,
  effect,
  exposure,
});
const opened = fact({
  action: 'cosmosdb.account.setting_changed',
  change: ip(['203.0.113.0/24'], ['0.0.0.0', '203.0.113.0/24'], 'weakened', 'azure'),
});
const emptied = fact({
  at: 444,
  action: 'cosmosdb.account.setting_changed',
  change: ip(['0.0.0.0', '203.0.113.0/24'], [], 'weakened', 'internet'),
});

describe('the sentence of an alert', () => {
  const network = 'cosmosdb_network_access_changed';
  const cases: { name: string; told: ToldAlert; reason: string }[] = [
    {
      name: 'who is exact',
      told: told(network, [opened, emptied]),
      reason:
        'Network access to orders-prod was opened to the internet (no IP rules left) by 2 changes from 03:12:07 to 03:19:31 UTC by ops-admin@contoso.example with Azure CLI from 198.51.100.23; confirmed.',
    },
    {
      name: 'who is likely',
      told: told(network, [{ ...opened, caller: 'likely' }]),
      reason:
        'Network access to orders-prod was opened to all Azure customers (0.0.0.0 added to its IP rules) at 03:12:07 UTC probably by ops-admin@contoso.example with Azure CLI from 198.51.100.23 (the only matching action within 10 minutes); confirmed.',
    },
    {
      name: 'who is unknown, with candidates',
      told: told(network, [{ ...opened, actor: null, sourceIp: null, caller: 'unknown', candidates: ['ann', 'bob'] }]),
      reason:
        'Network access to orders-prod was opened to all Azure customers (0.0.0.0 added to its IP rules) at 03:12:07 UTC; confirmed; caller unknown: no Activity Log record that matches alone; 2 candidates: ann and bob.',
    },
    {
      name: 'not yet confirmed, before unknown',
      told: told(network, [
        { ...opened, outcome: 'accepted', change: ip(undefined, [], 'unknown_before', 'internet') },
      ]),
      reason:
        'Network access to orders-prod is open to the internet (no IP rules) since 03:12:07 UTC by ops-admin@contoso.example with Azure CLI from 198.51.100.23; accepted, not yet confirmed (Azure has not said how it ended); what it was before is not known.',
    },
    {
      name: 'a key names no person',
      told: told('cosmosdb_item_deleted', [
        fact({
          actor: KEY,
          sourceIp: '203.0.113.77',
          family: 'DataPlaneRequests',
          fields: { 'cosmosdb.database': 'shop', 'cosmosdb.container': 'carts' },
        }),
      ]),
      reason:
        '1 item was deleted from shop/carts of orders-prod at 03:12:07 UTC with the primary key from 203.0.113.77 (a key names no person); confirmed.',
    },
    {
      name: 'keys',
      told: told('cosmosdb_access_keys_viewed', [fact({ action: 'cosmosdb.keys.list_readonly' })]),
      reason:
        'The read-only keys of orders-prod were read at 03:12:07 UTC by ops-admin@contoso.example with Azure CLI from 198.51.100.23; confirmed.',
    },
    {
      name: 'a lock of the group',
      told: told('cosmosdb_deletion_protection_disabled', [
        fact({
          action: 'azure.lock.delete',
          change: { property: 'lock', before: 'CanNotDelete', after: null, effect: 'weakened', exposure: null },
          fields: { 'azure.lock.name': 'keep', 'azure.lock.scope': ORDERS.slice(0, ORDERS.indexOf('/providers')) },
        }),
      ]),
      reason:
        'The lock keep (CanNotDelete) that protected orders-prod through its resource group rg-shop was removed at 03:12:07 UTC by ops-admin@contoso.example with Azure CLI from 198.51.100.23; confirmed.',
    },
  ];
  it.each(cases)('$name', ({ told: { alert }, reason }) => expect(alert.reason).toBe(reason));

  it('the headline begins with level, account and what', () => {
    expect(headlineOf(told(network, [opened]).raised)).toBe('[high] orders-prod: open to all Azure customers');
  });
});

describe('what is printed', () => {
  const one = told('cosmosdb_network_access_changed', [opened, emptied]);

  it.each([60, 80, 120])('nothing is wider than %i columns', (width) => {
    const look = { ...LOOK, width };
    for (const line of [...render('table', list(one), CONTEXT, look)].join('').split('\n'))
      expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  it('explain has what changed, why, the records and the commands', () => {
    const text = explainOf(one, LOOK);
    for (const part of [
      'What changed',
      'weakened, now open to the internet',
      'logs/PT1H.json:7',
      "--ip-range-filter '203.0.113.0/24'",
      'TA0112 T1686.001',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('the fields of an alert stand in the order of the contract', () => {
    const [line = ''] = [...render('ndjson', list(one), CONTEXT, LOOK)];
    expect(Object.keys(JSON.parse(line))).toEqual(
      'id settledId rule ruleId title level status resolution account key firstSeen lastSeen count actors caller sourceIps targets changes attack published evidence reason routine story inhibitedBy levelReason'.split(
        ' ',
      ),
    );
  });

  it('a firewall that was made stricter is not offered to be opened again', () => {
    const change: Change = {
      property: 'ipRules',
      before: [],
      after: ['203.0.113.0/24'],
      effect: 'strengthened',
      exposure: 'none',
    };
    const text = explainOf(
      told('cosmosdb_network_access_changed', [fact({ action: 'cosmosdb.account.setting_changed', change })]),
      LOOK,
    );
    expect(text).toContain('What changed');
    expect(text).not.toContain('--ip-range-filter');
  });

  it("a vault's group is the vault's, not the account's", () => {
    const target =
      '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourcegroups/rg-backup/providers/microsoft.dataprotection/backupvaults/bv/backupinstances/i1';
    const fields = { 'azure.backup_vault.name': 'bv', 'azure.backup_instance.name': 'i1' };
    const one = told('cosmosdb_backup_deleted', [fact({ action: 'azure.backup_instance.delete', target, fields })]);
    const text = explainOf(one, { ...LOOK, width: 200 });
    expect(text).toMatch(/-g '?rg-backup'? --vault-name/);
  });

  it.each(['informational', 'low', 'medium', 'high', 'critical'] as const)('a table with level %s', (level) => {
    const one = told('cosmosdb_connection_string_viewed', [fact({ action: 'cosmosdb.connection_strings.list' })]);
    const leveled = { ...one, alert: { ...one.alert, level } };
    expect([...render('table', list(leveled), CONTEXT, LOOK)].join('')).toMatch(
      new RegExp(`${level} +11-24|${level} +2026`),
    );
  });

  it('the page loads nothing and runs nothing', () => {
    const [page = ''] = [...render('html', list(one), CONTEXT, LOOK)];
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<img|https?:\/\/|javascript:/i);
  });
});

const naughty = new URL('../../../shared/conformance/naughty-strings/blns.json', import.meta.url);
const HOSTILE: string[] = [
  '<!channel> look',
  '<script>alert(1)</script>',
  '"><img src=x onerror=y>',
  'javascript:alert(1)',
  '[click](https://evil.example)',
  '\u001b[31mred',
  'Bcc\r\nx: y',
  '\u202egpj.exe',
  'ops\u200b-admin',
  "'; rm -rf ~ #",
  '=HYPERLINK("https://evil.example")',
  '\ud800',
  'A'.repeat(10_000),
  '',
  ...(existsSync(naughty) ? (JSON.parse(readFileSync(naughty, 'utf8')) as string[]) : []),
];

describe('values from a log', () => {
  it.each(HOSTILE.map((value) => [JSON.stringify(value).slice(0, 40), value] as const))('%s', (_, value) => {
    const hostile = told('cosmosdb_deletion_protection_disabled', [
      fact({
        action: 'azure.lock.delete',
        actor: { ...ADMIN, name: value },
        sourceIp: value,
        userAgent: value,
        fields: { 'azure.lock.name': value, 'azure.lock.scope': value },
      }),
    ]);
    const terminal = [...render('table', list(hostile), CONTEXT, LOOK), explainOf(hostile, LOOK)].join('');
    expect(terminal.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    const [page = ''] = [...render('html', list(hostile), CONTEXT, LOOK)];
    expect(page).not.toMatch(/<script|<img|https?:\/\/|href="(?!#)/i);
    const [line = ''] = [...render('ndjson', list(hostile), CONTEXT, LOOK)];
    expect(line.split('\n')).toHaveLength(2);
    expect(JSON.parse(line).actors[0].name).toBe(value);
    expect([...render('tsv', list(hostile), CONTEXT, LOOK)][1]?.split('\t')).toHaveLength(9);
    if (!/^[A-Za-z0-9][A-Za-z0-9._()-]{0,89}$/.test(value)) expect(terminal).not.toContain('az lock create');
  });

  it('are shown, cut, and never empty', () => {
    expect(visible('a\u0000b')).toBe('a<U+0000>b');
    expect(visible('  ')).toBe('(empty)');
    expect(visible('A'.repeat(10_240))).toBe(`${'A'.repeat(300)}... (9,940 more)`);
    expect(durationText(1871)).toBe('31 min 11 s');
    expect(widthOf('\u6f22a\u0301')).toBe(3);
  });
});
