import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problem, ROLE_SCOPES, ROLES, type Role, SCOPES } from './contract.ts';
import { storedOf } from './memory.test-support.ts';
import { CODE, PASSWORD } from './people.test-support.ts';
import { EVERYTHING } from './ports.ts';
import { methodsOf } from './refused.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { ALL, type Running, start } from './server.test-support.ts';

/* What is true of every route, asked of every route. */

const ID = storedOf(1).alert.id;

const EXCEPTION = {
  match: { rule: 'cosmosdb_keys_listed', actor: 'release@contoso.example' },
  owner: 'ada@contoso.example',
  reason: 'the release reads them',
  expires: '2027-03-01',
};
const SILENCE = {
  match: { account: 'contoso' },
  until: '2026-11-25',
  owner: 'ada@contoso.example',
  reason: 'it is moved',
};

/** A good request for each row: its query and body. Rows that are not named need neither. */
const GOOD: Readonly<Record<string, { readonly query?: string; readonly body?: unknown }>> = {
  'POST /api/v1/logs': { body: { records: [] } },
  'POST /v1/logs': { body: { resourceLogs: [] } },
  'POST /api/v1/event-grid': { body: [] },
  'GET /api/v1/alerts': { query: '?status=open,resolved&since=24h&limit=10&account=contoso&level=high&q=keys' },
  'GET /api/v1/alerts/histogram': { query: '?since=2d&step=1h' },
  'GET /api/v1/figures': { query: `?account=${storedOf(1).alert.account}&since=2026-11-24T00:00:00Z&step=1h` },
  'POST /api/v1/alerts/:id/acknowledge': { body: { comment: 'mine' } },
  'POST /api/v1/alerts/:id/resolve': { body: { verdict: 'benign' } },
  'POST /api/v1/alerts/:id/comment': { body: { text: 'seen before' } },
  'POST /api/v1/alerts/:id/assign': { body: { assignee: 'ada@contoso.example' } },
  'POST /api/v1/alerts/:id/verdict': { body: { verdict: 'true' } },
  'POST /api/v1/alerts/:id/reopen': { body: {} },
  'GET /api/v1/intake/setup': { query: `?account=${storedOf(1).alert.account}` },
  'GET /api/v1/routing': { query: `?alert=${ID}&level=low` },
  'GET /api/v1/deliveries': { query: '?state=dead&receiver=ops&limit=10' },
  'POST /api/v1/receivers/:id/test': { body: {} },
  'POST /api/v1/rules/lint': { body: { rule: null, text: 'title: Keys were read' } },
  'POST /api/v1/rules/test': { body: { rule: 'cosmosdb_keys_listed', text: '', timeline: null } },
  'POST /api/v1/rules/backtest': { body: { rule: null, text: '', since: '30d' } },
  'POST /api/v1/deliveries/replay': { body: { ids: [1] } },
  'POST /api/v1/drills': { body: { rule: 'cosmosdb_keys_listed' } },
  'GET /api/v1/routines': { query: '?state=open&limit=10' },
  'GET /api/v1/memory': { query: '?kind=address&value=203.0.113.7' },
  'POST /api/v1/memory/forget': { body: { kind: 'address', value: '203.0.113.7' } },
  'POST /api/v1/exceptions': { body: { name: 'nightly', ...EXCEPTION } },
  'POST /api/v1/exceptions/preview': { body: EXCEPTION },
  'POST /api/v1/exceptions/:id': { body: EXCEPTION },
  'POST /api/v1/silences': { body: { name: 'nightly', ...SILENCE } },
  'POST /api/v1/silences/preview': { body: SILENCE },
  'POST /api/v1/silences/:id': { body: SILENCE },
  'POST /api/v1/tokens': { body: { name: 'ci', scopes: ['logs'] } },
  'POST /api/v1/tokens/:id/rotate': { body: { graceSeconds: 60 } },
  'POST /api/v1/session': { body: { name: 'ada', password: PASSWORD } },
  'POST /api/v1/session/password': { body: { old: PASSWORD, password: 'four other words' } },
  'POST /api/v1/setup': { body: { code: CODE, name: 'ada', password: PASSWORD } },
  'POST /api/v1/password': { body: { code: CODE, password: PASSWORD } },
  'GET /api/v1/session/oidc': { query: '?to=/alerts/1' },
  'GET /api/v1/session/oidc/callback': { query: '?code=1&state=2' },
  'POST /api/v1/users': { body: { name: 'bob', role: 'viewer' } },
  'POST /api/v1/users/:id/role': { body: { role: 'analyst' } },
};

const SENT = 1024;
let running: Running;

beforeAll(async () => {
  running = await start({ limits: { sent: SENT, expanded: 1 << 20, json: 512 } });
});
afterAll(() => running.server.close());

beforeEach(async () => {
  const { ports } = running;
  const resolved = storedOf(1);
  ports.put({ ...resolved, alert: { ...resolved.alert, status: 'resolved', resolution: 'manual' } });
  ports.issued.clear();
  ports.sessions.open.clear();
  ports.users.kept.clear();
  await ports.users.create({ name: 'ada', email: null, role: 'analyst', subscriptions: null, labels: {} });
  ports.entries.length = 0;
  ports.exceptions.made.clear();
  ports.silences.made.clear();
  await ports.exceptions.create('x1', EXCEPTION, 'ada', EVERYTHING);
  await ports.silences.create('x1', SILENCE, 'ada', EVERYTHING);
  await ports.tokens.create({
    name: 'first',
    scopes: ['read'],
    source: null,
    subscriptions: null,
    labels: {},
    expiresAt: null,
  });
});

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

/** What the memory has beside alerts. */
const IDS: Readonly<Record<string, string>> = {
  tokens: 't1',
  users: 'u1',
  exceptions: 'x1',
  silences: 'x1',
  accounts: 'contoso',
  rules: 'cosmosdb_keys_listed',
  receivers: 'ops',
};

function pathOf(route: Route): string {
  const [, , , kind = ''] = route.path.split('/');
  const id = IDS[kind] ?? ID;
  return route.path.replace(':id', id) + (GOOD[nameOf(route)]?.query ?? '');
}

/** Every answer of this file goes through here, so what is true of every answer is asked of every answer. */
async function ask(path: string, init: Asking = {}): Promise<Response> {
  const { as = null, token = as === null ? ALL : null, ...rest } = init;
  const headers = new Headers(rest.headers);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  if (as !== null) headers.set('cookie', `other=1; cosmowatch-session-${new URL(running.url).port}=${as}`);
  const signal = AbortSignal.timeout(10_000);
  const answer = await fetch(running.url + path, { redirect: 'manual', ...rest, headers, signal });
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('server')).toBeNull();
  expect(answer.headers.get('x-powered-by')).toBeNull();
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  return answer;
}

/** By a token, or with the cookie of a session. */
type Asking = RequestInit & { readonly token?: string | null; readonly as?: string | null };

/** A good request, changed. Where a token is nobody, by a session. */
function send(route: Route, asked: Asking = {}): Promise<Response> {
  const { body } = GOOD[nameOf(route)] ?? {};
  const person = route.isForPeople === true && asked.token === undefined && asked.as === undefined;
  const { headers, ...rest } = person ? { ...asked, ...signedIn('admin', asked.headers) } : asked;
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return ask(pathOf(route), {
    method: route.method,
    ...json,
    ...rest,
    headers: { ...json.headers, ...(headers as object) },
  });
}

/** What a browser sends for somebody of that role. */
function signedIn(
  role: Role,
  more: RequestInit['headers'] = {},
): { readonly as: string; readonly headers: Record<string, string> } {
  const { cookie, headers } = running.ports.sessions.signedIn(role);
  return { as: cookie, headers: { ...headers, ...(more as Record<string, string>) } };
}

async function refused(answer: Response, status: number, code: string): Promise<z.infer<typeof problem>> {
  const text = await answer.text();
  expect([answer.status, text]).toEqual([status, expect.stringContaining(code)]);
  expect(text).not.toContain('canary');
  expect(text).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/);
  const told = z.strictObject(problem.shape).parse(JSON.parse(text));
  expect(told.message.length).toBeGreaterThan(10);
  expect(told.cure?.length).toBeGreaterThan(10);
  return told;
}

/** Those that are asked with a token; signed ones have questions of their own. */
const WITH_TOKEN = ROUTES.filter(({ kind }) => kind !== 'signed');

describe.each(WITH_TOKEN.map((route) => [nameOf(route), route] as const))('%s', (_name, route) => {
  const isStream = route.kind === 'stream';
  const takesJson = route.kind === 'call' && route.body !== null;
  const takesRecords = route.kind === 'push' && route.method === 'POST';

  it.each([
    ['no token', null],
    ['a token that is not known', 'nobody-canary'],
    ['a text that is no token', 'two words'],
    ['a long text', 'x'.repeat(2000)],
  ])('%s: 401, but without one where everybody may', async (_what, token) => {
    // A proxy on this machine is not somebody on this machine.
    const answer = await send(route, { token, headers: { 'x-forwarded-for': '203.0.113.7' } });
    if (route.scope === null && token === null) return expect(answer.status).not.toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    await refused(answer, 401, 'CW-6001');
  });

  if (route.scope !== null)
    it('every scope but the one that is needed: 403', async () => {
      const token = running.ports.bearer('poor-canary', { scopes: SCOPES.filter((scope) => scope !== route.scope) });
      const told = await refused(await send(route, { token }), 403, 'CW-6002');
      expect(told.message).toContain(route.isForPeople ? 'people' : route.scope);
    });

  it('the scope that is needed, and no other: it is answered', async () => {
    const token = running.ports.bearer('just-canary', { scopes: route.scope === null ? [] : [route.scope] });
    const answer = await send(route, { token });
    if (route.isForPeople) return void (await refused(answer, 403, 'CW-6002'));
    expect(answer.status).toBeLessThan(400);
    if (isStream) await answer.body?.cancel();
  });

  it.each(ROLES)('as %s: what the scopes of the role say', async (role) => {
    const answer = await send(route, signedIn(role));
    if (route.scope === null || ROLE_SCOPES[role].includes(route.scope)) expect(answer.status).toBeLessThan(400);
    else expect((await refused(answer, 403, 'CW-6002')).message).toContain(role);
    if (isStream) await answer.body?.cancel();
  });

  it('with a session that has ended: 401, but where everybody may', async () => {
    const answer = await send(route, { as: 'ended-canary' });
    // Of this machine some questions are taken without any.
    if (route.scope === null || route.isOpenOnLoopback) return expect(answer.status).toBeLessThan(400);
    await refused(answer, 401, 'CW-6001');
  });

  if (route.method !== 'GET' && route.method !== 'OPTIONS') {
    const isSignIn = route.scope === null && route.method === 'POST';

    it.each<[string, Record<string, string>]>([
      ['from another page', { 'sec-fetch-site': 'cross-site' }],
      ['from a page beside us', { 'sec-fetch-site': 'same-site' }],
      ['from a page of an old browser', { origin: 'https://evil.example' }],
      ['from a page without an origin', { origin: 'null' }],
    ])('asked %s: 403, whatever else is right', async (_what, headers) => {
      await refused(await send(route, signedIn('admin', headers)), 403, 'CW-6017');
    });

    it.each<[string, Record<string, string>]>([
      ['no value against forgery', {}],
      ['that of another session', { 'x-csrf-token': 'csrf-of-s0' }],
    ])('with %s: 403, but where one signs in', async (_what, headers) => {
      const { as } = signedIn('admin');
      const answer = await send(route, { as, headers });
      if (isSignIn) return expect(answer.status).toBe(200);
      await refused(answer, 403, 'CW-6017');
    });

    it('from our own page: it is answered', async () => {
      const headers = { 'sec-fetch-site': 'same-origin', origin: running.url };
      expect((await send(route, signedIn('admin', headers))).status).toBeLessThan(400);
    });
  }

  it('another method: 405, with those that are answered', async () => {
    const answer = await ask(pathOf(route), { method: 'PATCH' });
    expect(answer.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(methodsOf(route)));
    await refused(answer, 405, 'CW-6004');
  });

  if (takesJson || (route.kind === 'push' && route.types.length > 0))
    it('another content type: 415', async () => {
      const answer = await send(route, { body: '<x/>', headers: { 'content-type': 'text/html' } });
      await refused(answer, 415, 'CW-6006');
    });

  if (takesJson)
    it('a field that is not known: 400 that names it', async () => {
      const { body } = GOOD[nameOf(route)] ?? {};
      const answer = await send(route, { body: JSON.stringify({ ...(body as object), surprise: 1 }) });
      expect((await refused(answer, 400, 'CW-6005')).message).toContain('surprise');
      const polluted = await send(route, { body: '{"__proto__": {"isAdmin": true}}' });
      await refused(polluted, 400, 'CW-6005');
      expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    });

  it.each(takesJson ? ['{"a":', 'null', '[]', '"text"', '\u{1f600}'] : [])('%s for a body: 400', async (body) => {
    await refused(await send(route, { body }), 400, 'CW-6005');
  });

  if (takesJson)
    it('a body that is not UTF-8: 400', async () => {
      await refused(await send(route, { body: Buffer.from([0x7b, 0xff, 0x7d]) }), 400, 'CW-6005');
    });

  if (takesJson || takesRecords)
    it('a body that is too large: 413, whether its length is told or not', async () => {
      const body = ' '.repeat(SENT + 1);
      await refused(await send(route, { body }), 413, 'CW-6007');
      const chunked = { body: new Blob([body]).stream(), duplex: 'half' } as RequestInit;
      await refused(await send(route, chunked), 413, 'CW-6007');
    });

  if (route.kind === 'call' && route.query !== null && !route.path.endsWith('/callback'))
    it('a query that is not known or not valid: 400', async () => {
      for (const query of ['?surprise=1', '?limit=0', '?limit=many', '?limit=1&limit=2', '?cursor=%00']) {
        await refused(await ask(route.path + query), 400, 'CW-6005');
      }
    });

  if (takesRecords)
    it('what cannot be decompressed: 415 or 400', async () => {
      await refused(await send(route, { headers: { 'content-encoding': 'br' } }), 415, 'CW-6006');
      await refused(await send(route, { headers: { 'content-encoding': 'gzip, gzip' } }), 415, 'CW-6006');
      await refused(await send(route, { headers: { 'content-encoding': 'gzip' } }), 400, 'CW-6005');
      await refused(await send(route, { headers: { 'content-encoding': 'zstd' } }), 400, 'CW-6005');
    });

  if (takesRecords)
    it('a body that expands too far: 413', async () => {
      const body = gzipSync(Buffer.alloc(900_000 + (1 << 20)), { level: 9 }).subarray(0);
      expect(body.length).toBeGreaterThan(SENT);
      const small = gzipSync(Buffer.alloc(900_000), { level: 9 });
      expect(small.length).toBeLessThan(SENT);
      const headers = { 'content-encoding': 'gzip' };
      expect((await send(route, { body: small, headers })).status).toBe(200);
      await refused(await send(route, { body, headers }), 413, 'CW-6007');
    });

  if (takesRecords)
    it('no room: 429 before the body is read', async () => {
      running.ports.wait = 2.5;
      const before = running.ports.pushed.length;
      const answer = await send(route);
      running.ports.wait = null;
      expect(answer.headers.get('retry-after')).toBe('3');
      await refused(answer, 429, 'CW-6008');
      expect(running.ports.pushed.length).toBe(before);
    });

  if (route.kind === 'push')
    it('nothing can be stored: 503, and only the log says why', async () => {
      const { onPush } = running.ports;
      running.ports.onPush = () => Promise.reject(new Error('ENOSPC of /var/lib/inside'));
      const answer = await send(route);
      running.ports.onPush = onPush;
      expect(answer.headers.get('retry-after')).toBe('5');
      const told = await refused(answer, 503, 'CW-6009');
      expect(JSON.stringify(told)).not.toContain('inside');
      expect(running.lines.at(-1)).toMatchObject({
        level: 'error',
        fields: { error: 'Error: ENOSPC of /var/lib/inside' },
      });
    });

  if (route.kind === 'push')
    it('a token of no source that takes records there: 403', async () => {
      const token = running.ports.bearer('other-canary', { source: 'elsewhere' });
      await refused(await send(route, { token }), 403, 'CW-6002');
    });

  if (route.kind === 'call')
    it('a good request: what the contract says', async () => {
      if (route.kind !== 'call') return;
      const answer = await send(route);
      expect(answer.status).toBe(route.status);
      const text = await answer.text();
      if (route.status === 302) return expect(answer.headers.get('location')).toMatch(/^(\/|https:)/);
      if (route.answer === null) return expect(text.length).toBeGreaterThan(0);
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      const body = JSON.parse(text);
      // Nothing is left out by the shape, and nothing is in it that the shape does not know.
      expect(route.answer.parse(body)).toEqual(body);
    });

  if (route.kind === 'call' && route.audit === null && route.method === 'GET')
    it('HEAD: the head alone', async () => {
      const answer = await ask(pathOf(route), { method: 'HEAD' });
      expect([answer.status, await answer.text()]).toEqual([route.kind === 'call' ? route.status : 200, '']);
      expect(running.ports.entries).toEqual([]);
    });

  if (route.kind === 'call' && route.isQuestion)
    it('a question is in no audit log', async () => {
      expect((await send(route)).status).toBe(200);
      expect(running.ports.entries).toEqual([]);
    });

  const isAudited = route.kind === 'call' && route.method !== 'GET' && !route.isAuditedInside && !route.isQuestion;

  if (isAudited)
    it('the change is in the audit log, with who', async () => {
      if (route.kind !== 'call') return;
      const token = running.ports.bearer('ada-canary', { name: 'the admin' });
      await send(route, route.isForPeople ? signedIn('admin') : { token });
      const target = route.path.includes(':id') ? pathOf(route).split('/')[4] : null;
      expect(running.ports.entries).toMatchObject([{ by: 'the admin', action: route.audit, target, outcome: 'asked' }]);
      expect(JSON.stringify(running.ports.entries)).not.toContain('canary');
    });

  if (isAudited)
    it('without its entry no change is made', async () => {
      const { ports } = running;
      const kept = (): string =>
        JSON.stringify([
          ...[ports.stored, ports.issued, ports.users.kept].flatMap((map) => [...map.values()]),
          ...ports.exceptions.made,
          ...ports.silences.made,
        ]);
      const before = kept();
      ports.onAudit = () => {
        throw new Error('disk full in /var');
      };
      const answer = await send(route);
      ports.onAudit = () => {};
      const text = await answer.text();
      expect([answer.status, text]).toEqual([500, expect.stringContaining('CW-9001')]);
      expect(text).not.toContain('/var');
      expect(kept()).toBe(before);
    });

  if (route.path.includes(':id'))
    it('an id that is not there: 404, and a change is told to have failed', async () => {
      const path = route.path.replace(
        ':id',
        /\/(?:tokens|users|exceptions|silences)\//.test(route.path) ? 'x9' : 'f'.repeat(32),
      );
      const { body } = GOOD[nameOf(route)] ?? {};
      const json = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await ask(path, {
        method: route.method,
        ...json,
        headers: { 'content-type': 'application/json' },
      });
      await refused(answer, 404, 'CW-6003');
      const outcomes = running.ports.entries.map(({ outcome }) => outcome);
      expect(outcomes).toEqual(route.method === 'GET' ? [] : ['asked', 'failed']);
    });
});

describe('what is signed', () => {
  const path = '/api/v1/receivers/pager/pagerduty';
  const post = (signature: string | null, at = path, body = '{}') =>
    ask(at, {
      method: 'POST',
      token: null,
      body,
      headers: signature === null ? {} : { 'x-pagerduty-signature': signature },
    });

  it('needs no token', async () => {
    const answer = await post('v1=good');
    expect([answer.status, await answer.json()]).toEqual([202, { taken: true, why: 'acknowledged' }]);
  });

  it('without a good signature, or for a receiver that there is not: 401, and a token does not help', async () => {
    await refused(await post(null), 401, 'CW-6001');
    await refused(await post('v1=bad'), 401, 'CW-6001');
    await refused(await post('v1=good', path.replace('pager/', 'other/')), 401, 'CW-6001');
    await refused(await ask(path, { method: 'POST', body: '{}' }), 401, 'CW-6001');
  });

  it('a body that is too large: 413', async () => {
    await refused(await post('v1=good', path, ' '.repeat(SENT + 1)), 413, 'CW-6007');
  });
});

describe('any body', () => {
  const taking = ROUTES.filter((route) => route.kind === 'call' && route.body !== null);

  it('gets an answer of the contract or a refusal, never an error of ours', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        'comment',
        'text',
        'assignee',
        'verdict',
        'name',
        'scopes',
        'source',
        'graceSeconds',
        '__proto__',
      ),
      fc.string(),
    );
    const value = fc.oneof(fc.constantFrom('true', 'logs', null, ['read'], 1e300, -1), fc.jsonValue());
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.dictionary(word, value).map((made) => JSON.stringify(made)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...taking), body, async (route, text) => {
        const answer = await send(route, { body: text });
        expect(answer.status).toBeLessThan(500);
        if (!answer.ok) z.strictObject(problem.shape).parse(await answer.json());
        else await answer.arrayBuffer();
      }),
      { numRuns: 100 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('the table', () => {
  it('has each method of a path once', () => {
    const names = ROUTES.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
  });

  it('changes nothing without an entry in the audit log', () => {
    const silent = ROUTES.filter(
      (route) => route.kind === 'call' && route.method !== 'GET' && route.audit === null && !route.isQuestion,
    );
    expect(silent.map(nameOf)).toEqual([]);
    const questions = ROUTES.filter((route) => route.kind === 'call' && route.isQuestion);
    expect(questions.every(({ path }) => /\/(?:lint|test|backtest|preview)$/.test(path))).toBe(true);
  });

  it('is open without a token for health, figures and the description only', () => {
    const open = ROUTES.filter((route) => route.isOpenOnLoopback === true);
    expect(open.map(nameOf)).toEqual(['GET /healthz', 'GET /readyz', 'GET /metrics', 'GET /api/v1/openapi.json']);
  });

  it.each([
    '/api',
    '/api/v1/alerts/',
    '/API/v1/alerts',
    '/api/v1/alerts/a/b/c',
    '/healthz/../api/v1/x',
    '/assets/of-another-build.js',
  ])('%s: 404', async (path) => {
    await refused(await ask(path), 404, 'CW-6003');
  });

  it('lets anybody ask who is signed in, and sign in and out, and nothing else', () => {
    const open = WITH_TOKEN.filter(({ scope }) => scope === null).map(nameOf);
    expect(open).toEqual([
      'GET /api/v1/session',
      'GET /api/v1/session/ways',
      'POST /api/v1/session',
      'DELETE /api/v1/session',
      'POST /api/v1/setup',
      'POST /api/v1/password',
      'GET /api/v1/session/oidc',
      'GET /api/v1/session/oidc/callback',
    ]);
  });

  it('a path that is badly encoded: 400', async () => {
    await refused(await ask('/api/v1/alerts/%ff%'), 400, 'CW-6005');
  });

  it('refusals are told to the log without the token', () => {
    expect(running.lines.some(({ message }) => message === 'a request was refused')).toBe(true);
    expect(JSON.stringify(running.lines)).not.toContain('canary');
  });

  it('each answer is told once, by its route and not by its path', () => {
    const { answered } = running;
    expect(answered.length).toBeGreaterThan(100);
    const known = new Set(['', ...ROUTES.map(({ path }) => path)]);
    expect(answered.filter(({ route }) => !known.has(route))).toEqual([]);
  });
});
