import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { SILENT } from '../telemetry/log.ts';
import { CANARY, describeReceiver } from './conformance.test-support.ts';
import { issueBody, jiraSite } from './jira.test-support.ts';
import { jira } from './jira.ts';
import { type Loopback, loopback, type Received } from './loopback.test-support.ts';
import { HIDDEN, HOSTILE, hostileNews, textsIn } from './naughty.test-support.ts';
import { noticeMessage } from './news.test-support.ts';
import { later, opened, TOLD_AT, told } from './nine.test-support.ts';
import type { Delivery, Message } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';
import { ticketOf } from './ticket.ts';

const ENDS = JSON.stringify({ transitions: [{ id: '31', to: { statusCategory: { key: 'done' } } }] });

describeReceiver({
  kind: jira,
  config: (url) => ({
    type: 'jira',
    url,
    user: `user-${CANARY}@contoso.example`,
    token: new Secret(`token-${CANARY}`, 'env:JIRA'),
    project: 'SEC',
    allow: ['127.0.0.1'],
  }),
  success: (request) => wellOf(request),
  // A list is answered with 200, and only then it is one.
  others: { 202: 'retry', 204: 'retry' },
  mostBytes: 40_000,
  requests: (message) => {
    const { opens, state } = ticketOf(message, TOLD_AT);
    if (!opens) return 1;
    return state === 'over' ? 4 : 2;
  },
  check: ({ path, body }) => void (path === '/rest/api/3/issue' && issueBody.parse(JSON.parse(body))),
});

function wellOf({ method, path }: Received): { readonly status: number; readonly body: string } {
  if (path.endsWith('/jql')) return { status: 200, body: '{"issues":[]}' };
  if (method === 'GET') return { status: 200, body: ENDS };
  return path.endsWith('/transitions') ? { status: 204, body: '' } : { status: 201, body: '{"id":"10001"}' };
}

let server: Loopback;
let site = jiraSite();

beforeAll(async () => {
  server = await loopback((request) => site.answer(request));
});
afterAll(() => server.close());
beforeEach(() => {
  site = jiraSite();
  server.ledger.length = 0;
});

function deliver(message: Message, settings: object = {}): Promise<Delivery> {
  const config = jira.schema.parse({
    type: 'jira',
    url: `${server.url}/`,
    user: 'cosmowatch@contoso.example',
    token: new Secret('x', 'env:JIRA'),
    project: 'SEC',
    allow: ['127.0.0.1'],
    ...settings,
  });
  const ports = { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http: safeHttp({ timeout: 2000 }) };
  return jira.create(config, ports).deliver(message, new AbortController().signal);
}

async function delivered(message: Message, settings: object = {}): Promise<string | null> {
  const delivery = await deliver(message, settings);
  if (delivery.kind !== 'delivered') throw new Error(delivery.reason);
  return delivery.ref;
}

const states = () => site.issues.map(({ status }) => status).join();

describe('issues', () => {
  it('one for an alert, whatever comes, with a comment for each', async () => {
    const first = opened('access_keys_viewed');
    let ref = await delivered(told(first));
    let { stored } = first;
    const seen: string[] = [];
    for (const kind of ['amended', 'acknowledged', 'resolved', 'reopened', 'resolved'] as const) {
      const news = later(stored, kind);
      ref = await delivered(told(news, ref));
      ({ stored } = news);
      seen.push(states());
    }
    expect(seen).toEqual(['new', 'new', 'done', 'new', 'done']);
    expect(site.issues).toMatchObject([{ comments: { length: 5 } }]);
    expect(site.issues[0]!.labels).toContain(`cosmowatch-${stored.alert.id}`);
  });

  it('one that searches do not know yet is found by its id', async () => {
    const first = opened('access_keys_viewed');
    const ref = await delivered(told(first));
    site.issues[0]!.isIndexed = false;
    await delivered(told(later(first.stored, 'amended'), ref));
    expect(site.issues).toMatchObject([{ comments: { length: 1 } }]);
  });

  it('a workflow that leads nowhere back: what opens again is another issue', async () => {
    const first = opened('access_keys_viewed');
    await delivered(told(first));
    const ended = later(first.stored, 'resolved');
    await delivered(told(ended));
    site.workflow = [];
    await delivered(told(later(ended.stored, 'reopened')));
    expect(states()).toBe('done,new');
  });

  it.each([
    [undefined, 'done'],
    ['Closed for good', 'indeterminate'],
    ['No such', 'new'],
  ])('the end by the transition %s', async (done, state) => {
    site.workflow = [
      ['Start', 'indeterminate'],
      ['Closed for good', 'indeterminate'],
      ['Done', 'done'],
    ];
    const first = opened('access_keys_viewed');
    await delivered(told(first));
    await delivered(told(later(first.stored, 'resolved')), done === undefined ? {} : { done });
    expect(states()).toBe(state);
    expect(site.issues).toMatchObject([{ comments: { length: 1 } }]);
  });

  it('a test and a notice open and close', async () => {
    const links = { console: null, portal: null };
    await delivered({ id: 'test-7', content: { kind: 'test', by: 'oncall@contoso.example' }, ref: null, links });
    await delivered(noticeMessage());
    expect(states()).toBe('done,new');
    await delivered({ ...noticeMessage({ isOver: true }), id: 'over' });
    expect(states()).toBe('done,done');
  });

  it('without a priority where the project has none', async () => {
    await delivered(told(opened('no_logs')), { priority: false });
    expect(site.issues).toMatchObject([{ priority: undefined }]);
  });
});

describe('never twice', () => {
  it.each(['opened', 'amended', 'resolved', 'reopened'] as const)(
    'any answer of %s lost: nothing is said twice',
    async (kind) => {
      for (let lost = 1; lost <= 4; lost++) {
        site = jiraSite();
        const first = opened('access_keys_viewed');
        let { stored } = first;
        if (kind !== 'opened') await delivered(told(first));
        if (kind === 'reopened') {
          const ended = later(stored, 'resolved');
          await delivered(told(ended));
          ({ stored } = ended);
        }
        const before = site.issues[0]?.comments.length ?? 0;
        const message = told(kind === 'opened' ? first : later(stored, kind));
        const real = site;
        let count = 0;
        site = {
          ...real,
          answer: (request) => {
            const answer = real.answer(request);
            return ++count === lost ? { kind: 'lost' } : answer;
          },
        };
        await deliver(message);
        site = real;
        await delivered(message);
        expect(site.issues).toMatchObject([
          {
            status: kind === 'resolved' ? 'done' : 'new',
            comments: { length: before + (kind === 'opened' ? 0 : 1) },
          },
        ]);
      }
    },
  );

  it('an issue that was perhaps made is looked for when searches know it', async () => {
    const real = site;
    site = {
      ...real,
      answer: (request) => (request.path.endsWith('/issue') ? { kind: 'lost' } : real.answer(request)),
    };
    expect(await deliver(told(opened('no_logs')))).toMatchObject({ kind: 'retry', after: 30_000 });
  });
});

describe('what a log wrote', () => {
  it.each(HOSTILE)('$name is text', async ({ text }) => {
    await delivered(told(hostileNews(opened('network_access_changed'), text)));
    const sent = JSON.parse(server.ledger.at(-1)!.body) as object;
    expect(textsIn(sent).filter((one) => HIDDEN.test(one.replaceAll('\n', '')))).toEqual([]);
  });
});

it('a refusal is told with its words', async () => {
  site = {
    ...site,
    answer: () => ({ kind: 'answer', status: 400, body: '{"errorMessages":[],"errors":{"project":"is required"}}' }),
  };
  expect(await deliver(told(opened('no_logs')))).toMatchObject({
    kind: 'rejected',
    reason: expect.stringContaining('HTTP 400: project: is required') as unknown,
  });
});
