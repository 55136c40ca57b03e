import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SignIn } from '../../config/signIn.ts';
import { Secret } from '../../lib/secret.ts';
import { Browser, type House, house } from './people.test-support.ts';

/* Against an identity provider that really runs: its login page is filled in as a person does. */

type Settings = NonNullable<SignIn['oidc']>;

const GROUP = '00000000-0000-4000-8000-0000000000a1';

/** What the provider says of whoever signs in, by the name that they type. */
const PEOPLE: Readonly<Record<string, Record<string, unknown>>> = {
  ann: { preferred_username: 'ann@contoso.example', email: 'ann@contoso.example', groups: ['other', GROUP] },
  role: { preferred_username: 'role@contoso.example', roles: ['Watch.Admin'] },
  both: { preferred_username: 'both@contoso.example', groups: [GROUP], roles: ['Watch.Admin'] },
  none: { preferred_username: 'none@contoso.example', groups: ['other'] },
  much: { preferred_username: 'much@contoso.example', _claim_names: { groups: 'src1' } },
  evil: { preferred_username: 'x\u202e<script>', groups: [GROUP] },
  constructor: { preferred_username: 'proto@contoso.example', groups: ['constructor', '__proto__', 'toString'] },
};

/** The library has no types. */
type ProviderClass = new (
  issuer: string,
  settings: object,
) => {
  readonly Client: { readonly prototype: { redirectUriAllowed: (uri: string) => boolean } };
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
};

let provider: Server;
let settings: Settings;
let homes: { callback: string }[] = [];

beforeAll(async () => {
  provider = createServer();
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  settings = {
    issuer,
    client_id: 'cosmowatch',
    client_secret: new Secret('client-canary', 'env:CLIENT'),
    groups: { [GROUP]: 'analyst', 'Watch.Admin': 'admin' },
    scopes: ['openid', 'profile', 'email'],
  };
  // It says on the console that it is no provider to run for real.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { default: Provider } = (await import(String('oidc-provider'))) as { readonly default: ProviderClass };
  const made = new Provider(issuer, {
    clients: [
      {
        client_id: 'cosmowatch',
        client_secret: 'client-canary',
        redirect_uris: ['http://127.0.0.1/x'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub', 'groups', 'roles', '_claim_names'], profile: ['preferred_username'], email: ['email'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['not a secret'] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
  });
  // Each service of a test listens at a port of its own.
  made.Client.prototype.redirectUriAllowed = (uri: string) => homes.some(({ callback }) => callback === uri);
  provider.on('request', made.callback());
});
afterAll(() => new Promise((resolve) => provider.close(resolve)));

async function withOidc(more: Partial<Settings> = {}): Promise<House> {
  const made = await house({ settings: { oidc: { ...settings, ...more } } });
  homes = [{ callback: `${made.url}/api/v1/session/oidc/callback` }];
  return made;
}

/** Goes on from page to page at the provider, typing a name where one is asked for, until it comes back to us. @returns the way back */
async function signInThere(start: string, name: string): Promise<string> {
  const jar = new Browser({ url: settings.issuer } as House);
  let [method, at, form] = ['GET', start, ''];
  for (let steps = 0; steps < 15; steps++) {
    const cookie = [...jar.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const answer = await fetch(at, {
      method,
      redirect: 'manual',
      headers: { cookie, ...(form === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(form === '' ? {} : { body: form }),
    });
    jar.keep(answer.headers.getSetCookie());
    const location = answer.headers.get('location');
    if (location !== null) {
      const next = new URL(location, at).href;
      if (!next.startsWith(settings.issuer)) return next;
      [method, at, form] = ['GET', next, ''];
      continue;
    }
    const page = await answer.text();
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (action === undefined) throw new Error(`${at}: ${answer.status} ${page.slice(0, 300)}`);
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? 'login';
    [method, at] = ['POST', new URL(action, at).href];
    form = new URLSearchParams({ prompt, login: name, password: 'any' }).toString();
  }
  throw new Error('it never came back');
}

/** The whole way. @returns where the browser ends, and the browser */
async function enter(home: House, name: string, to = '/alerts/1'): Promise<{ browser: Browser; at: string }> {
  const browser = new Browser(home);
  const { headers } = await browser.ask('GET', `/api/v1/session/oidc?to=${encodeURIComponent(to)}`);
  const back = await signInThere(headers.get('location')!, name);
  const told = await browser.ask('GET', back);
  return { browser, at: told.headers.get('location')! };
}

describe('with OpenID Connect', () => {
  it('somebody comes back to the page that they wanted, with the role of their group', async () => {
    const home = await withOidc();
    expect(home.setup).toBeNull();
    const { browser, at } = await enter(home, 'ann', '/alerts/1?tab=evidence#raw');
    expect(at).toBe('/alerts/1?tab=evidence#raw');
    const told = (await browser.ask('GET', '/api/v1/session')).body;
    expect(told['user']).toEqual({
      name: 'ann@contoso.example',
      email: 'ann@contoso.example',
      role: 'analyst',
      method: 'oidc',
    });
    expect((await browser.ask('GET', '/api/v1/users')).status).toBe(403);
    // What was needed on the way is gone.
    expect([...browser.cookies.keys()].filter((name) => name.includes('oidc'))).toEqual([]);
    const [row] = home.db.prepare("SELECT by, what, detail FROM audit WHERE what = 'session.begin'").all();
    expect(row).toMatchObject({ by: 'ann@contoso.example', detail: '{"method":"oidc","role":"analyst"}' });
  });

  it('asks with state, nonce and PKCE, for the scopes of the configuration', async () => {
    const home = await withOidc({ scopes: ['profile', 'offline_access'] });
    const { headers } = await new Browser(home).ask('GET', '/api/v1/session/oidc');
    const asked = Object.fromEntries(new URL(headers.get('location')!).searchParams);
    expect(asked).toEqual({
      client_id: 'cosmowatch',
      response_type: 'code',
      redirect_uri: homes[0]!.callback,
      scope: 'openid profile offline_access',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it.each([
    ['role', 'admin'],
    ['both', 'admin'],
    ['ann', 'analyst'],
  ])('%s has the highest role that a group or app role gives: %s', async (name, role) => {
    const { browser } = await enter(await withOidc(), name);
    expect((await browser.ask('GET', '/api/v1/session')).body['user']).toMatchObject({ role });
  });

  it.each([
    ['none', 'CW-6020'],
    ['much', 'CW-6021'],
    ['constructor', 'CW-6020'],
  ])('%s may not sign in, and is told why: %s', async (name, code) => {
    const { browser, at } = await enter(await withOidc(), name);
    expect(at).toBe(`/sign-in?refused=${code}&to=%2Falerts%2F1`);
    expect((await browser.ask('GET', '/api/v1/session')).body).toEqual({ user: null });
  });

  it('the same person is the same user, with the role that their groups give now', async () => {
    const home = await withOidc();
    await enter(home, 'ann');
    home.settings = { ...home.settings, oidc: { ...settings, groups: { [GROUP]: 'viewer' } } };
    const { browser } = await enter(home, 'ann');
    expect((await browser.ask('GET', '/api/v1/session')).body['user']).toMatchObject({ role: 'viewer' });
    expect(home.db.prepare('SELECT name FROM users').all()).toEqual([{ name: 'ann@contoso.example' }]);
  });

  it('a local user of that name stays who they are', async () => {
    const home = await withOidc({ groups: { [GROUP]: 'analyst' } });
    const local = await home.admin('ann@contoso.example');
    const { browser } = await enter(home, 'ann');
    expect((await browser.ask('GET', '/api/v1/session')).body['user']).toMatchObject({
      name: 'ann@contoso.example (2)',
      role: 'analyst',
    });
    expect((await local.ask('GET', '/api/v1/session')).body['user']).toMatchObject({
      role: 'admin',
      method: 'password',
    });
  });

  it('a user who was disabled stays out', async () => {
    const home = await withOidc();
    await enter(home, 'ann');
    const { browser: admin } = await enter(home, 'role');
    const { items } = (await admin.ask('GET', '/api/v1/users')).body as { items: { id: string; name: string }[] };
    await admin.expect(200, 'GET', '/api/v1/session');
    const { id } = items.find(({ name }) => name.startsWith('ann'))!;
    await admin.expect(200, 'POST', `/api/v1/users/${id}/disable`);
    expect((await enter(home, 'ann')).at).toContain('refused=CW-6019');
    // What is not kept here cannot be changed here.
    await admin.expect(200, 'POST', `/api/v1/users/${id}/enable`);
    await admin.expect(409, 'POST', `/api/v1/users/${id}/reset`);
    await admin.expect(409, 'POST', `/api/v1/users/${id}/role`, { role: 'admin' });
  });

  it('a name that could pass for something else is shown as what it is', async () => {
    const { browser } = await enter(await withOidc(), 'evil');
    expect((await browser.ask('GET', '/api/v1/session')).body['user']).toMatchObject({ name: 'x<U+202E><script>' });
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/api/v1/session',
    'alerts',
  ])('to %s nobody is sent: to the first page instead', async (to) => {
    expect((await enter(await withOidc(), 'ann', to)).at).toBe('/');
  });
});

describe('an answer', () => {
  async function begun(): Promise<{ home: House; browser: Browser; back: string }> {
    const home = await withOidc();
    const browser = new Browser(home);
    const { headers } = await browser.ask('GET', '/api/v1/session/oidc?to=/rules');
    return { home, browser, back: await signInThere(headers.get('location')!, 'ann') };
  }

  async function ends(browser: Browser, at: string): Promise<string | null> {
    const told = await browser.ask('GET', at);
    expect((await browser.ask('GET', '/api/v1/session')).body).toEqual({ user: null });
    return told.headers.get('location');
  }

  it('that comes with another browser is nobody’s', async () => {
    const { home, back } = await begun();
    expect(await ends(new Browser(home), back)).toBe('/sign-in?refused=CW-6022');
  });

  it('that comes twice is good once', async () => {
    const { home, browser, back } = await begun();
    const again = new Browser(home);
    for (const [name, value] of browser.cookies) again.cookies.set(name, value);
    expect((await browser.ask('GET', back)).headers.get('location')).toBe('/rules');
    expect(await ends(again, back)).toBe('/sign-in?refused=CW-6022');
  });

  it('that comes after ten minutes is too late', async () => {
    const { home, browser, back } = await begun();
    home.now += 600_001;
    expect(await ends(browser, back)).toBe('/sign-in?refused=CW-6022');
  });

  it.each<[string, (back: URL) => void]>([
    ['with another state', (back) => back.searchParams.set('state', 'x'.repeat(43))],
    ['without a state', (back) => back.searchParams.delete('state')],
    ['with another code', (back) => back.searchParams.set('code', 'x'.repeat(43))],
    ['of another issuer', (back) => back.searchParams.set('iss', 'https://evil.example')],
    [
      'that says no',
      (back) => {
        back.searchParams.delete('code');
        back.searchParams.set('error', 'access_denied');
        back.searchParams.set('error_description', '<script>alert(1)</script>');
      },
    ],
  ])('%s is refused; what it says goes to the log and nowhere else', async (_what, change) => {
    const { home, browser, back } = await begun();
    const changed = new URL(back);
    change(changed);
    expect(await ends(browser, changed.href)).toBe('/sign-in?refused=CW-6019&to=%2Frules');
    expect(home.lines.at(-1)!.message).toBe('signing in with OpenID Connect failed');
    expect(JSON.stringify(home.lines)).not.toContain('client-canary');
  });

  it('a provider that does not answer is told on the page, not as a failure of ours', async () => {
    const home = await withOidc({ issuer: 'http://127.0.0.1:9' });
    const { status, headers } = await new Browser(home).ask('GET', '/api/v1/session/oidc?to=/rules');
    expect([status, headers.get('location')]).toEqual([302, '/sign-in?refused=CW-6019&to=%2Frules']);
  });

  it('where it is not set up there is none', async () => {
    const home = await house();
    expect((await new Browser(home).ask('GET', '/api/v1/session/oidc')).status).toBe(404);
    expect((await new Browser(home).ask('GET', '/api/v1/session/oidc/callback?code=1')).headers.get('location')).toBe(
      '/sign-in?refused=CW-6022',
    );
  });
});
