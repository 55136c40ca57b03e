import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { parseSchedule } from '../lib/schedule.ts';
import { SILENT } from '../telemetry/log.ts';
import { email } from './email.ts';
import { heartbeat } from './heartbeat.ts';
import { RECEIVER_KINDS } from './index.ts';
import { newsOf } from './news.test-support.ts';
import { addresseesOf, createReceivers, linksFrom, type ReceiverConfigs } from './receivers.ts';
import { safeHttp } from './safeHttp.ts';
import { webhook } from './webhook.ts';

const LINK = { url: 'https://a.example', headers: {}, allow: [] };
const HOOK = { kind: webhook, config: { ...LINK, type: 'webhook', source: 'x' } };
const BEAT = { kind: heartbeat, config: { ...LINK, type: 'heartbeat', method: 'GET', every: '1m' } };

describe('receivers', () => {
  const configs: ReceiverConfigs = new Map([
    ['ops', [HOOK, BEAT]],
    ['shop', [HOOK]],
  ]);

  it('have a name and an index', () => {
    const made = createReceivers(configs, { clock: fixedClock(0), random: () => 0, log: SILENT, http: safeHttp() });
    expect([...made.keys()]).toEqual(['ops/0', 'ops/1', 'shop/0']);
    expect(made.get('ops/1')!.beat).toBeDefined();
  });

  it('are all addressed that stand under a name', () => {
    const decision = {
      receiver: 'ops',
      path: 'routes',
      why: '',
      groupWait: 5,
      repeat: null,
      groupBy: ['rule'],
      digest: null,
    };
    const { stored } = newsOf('opened', { id: 'x' });
    expect(addresseesOf([decision, { ...decision, receiver: 'gone' }], configs, stored, 0)).toEqual([
      { receiver: 'ops/0', groupWait: 5, repeat: null },
      { receiver: 'ops/1', groupWait: 5, repeat: null },
    ]);
  });

  it.each([
    [
      ['rule', 'labels.environment', 'labels.none'],
      null,
      { key: expect.stringMatching(/^group routes \["[0-9a-f-]{36}","production",null\]$/) as unknown, due: null },
    ],
    [['rule'], 'daily at 08:00', { key: 'digest', due: 8 * 3_600_000 }],
    [null, null, undefined],
  ])('are told by %s and digest %s together, where people read them', (groupBy, digest, grouping) => {
    const mail = new Map([['ops', [{ kind: email, config: {} }, HOOK]]]) as ReceiverConfigs;
    const schedule = digest === null ? null : parseSchedule(digest);
    const decision = {
      receiver: 'ops',
      path: 'routes',
      why: '',
      groupWait: 5,
      repeat: null,
      groupBy,
      digest: schedule,
    };
    const [first, second] = addresseesOf([decision], mail, newsOf('opened', { id: 'x' }).stored, 0);
    expect(first!.grouping).toEqual(grouping);
    expect(second!.grouping).toBeUndefined();
  });

  it('every file that is a kind is in the list, under a name of its own', async () => {
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const files = readdirSync(folder).flatMap((name) => /^([a-zA-Z]+)\.ts$/.exec(name)?.[1] ?? []);
    const exported = await Promise.all(
      files.map((name) => import(`../notify/${name}.ts`) as Promise<Record<string, unknown>>),
    );
    const kinds = exported.flatMap((module) => Object.values(module)).filter(isKind);
    expect(new Set(kinds)).toEqual(new Set(RECEIVER_KINDS));
    expect(new Set(RECEIVER_KINDS.map(({ type }) => type)).size).toBe(RECEIVER_KINDS.length);
  });

  function isKind(value: unknown): boolean {
    return typeof value === 'object' && value !== null && 'schema' in value && 'create' in value && 'doc' in value;
  }
});

describe('links', () => {
  const { stored } = newsOf('opened', { id: 'x' });

  it('lead to the alert and to the account', () => {
    expect(linksFrom('https://cosmowatch.contoso.example/')(stored)).toEqual({
      console: 'https://cosmowatch.contoso.example/alerts/x',
      portal: expect.stringMatching(/^https:\/\/portal\.azure\.com\/#resource\/subscriptions\/.*\/orders-prod$/),
    });
  });

  it.each([
    ['no console that anybody named', null, stored, { console: null }],
    ['a flood', 'https://c.example', null, { console: 'https://c.example/alerts', portal: null }],
    [
      'an account that is no ARM id',
      null,
      { ...stored, detail: { ...stored.detail, spelled: '//evil.example' } },
      { portal: null },
    ],
  ] as const)('%s', (_name, url, of, wanted) => {
    expect(linksFrom(url)(of)).toMatchObject(wanted);
  });

  it('what a log spells stays within the link', () => {
    const spelled =
      '/subscriptions/a/resourceGroups/x" onclick="y\u202e<b>\ud800/providers/Microsoft.DocumentDB/databaseAccounts/c';
    const { portal } = linksFrom(null)({ ...stored, detail: { ...stored.detail, spelled } });
    expect(portal).toMatch(/^https:\/\/portal\.azure\.com\/#resource\/subscriptions\/a\/[\w%/=.]+$/);
  });
});
