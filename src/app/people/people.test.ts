import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storedOf } from '../../api/memory.test-support.ts';
import { raw } from '../../api/server.test-support.ts';
import { Secret } from '../../lib/secret.ts';
import { Browser, GOOD, HOUR, type House, house, MINUTE } from './people.test-support.ts';

const ANN = 'ann@contoso.example';

/** A user who has chosen a password, and the browser in which that was. */
async function user(
  of: House,
  admin: Browser,
  request: Record<string, unknown>,
): Promise<{ id: string; browser: Browser }> {
  const made = await admin.expect(201, 'POST', '/api/v1/users', request);
  const browser = new Browser(of);
  await browser.expect(200, 'POST', '/api/v1/password', { code: codeIn(made), password: GOOD });
  return { id: made['id'] as string, browser };
}

function codeIn({ link }: Record<string, unknown>): string {
  return String(link).split('/password#')[1]!;
}

async function audited(of: House): Promise<string[]> {
  const rows = of.db.prepare('SELECT by, what, target FROM audit ORDER BY seq').all();
  return rows.map(({ by, what, target }) => `${by} ${what} ${target}`.trim());
}

describe('the first admin', () => {
  it('is made with the link that the first start wrote, once', async () => {
    const home = await house();
    const path = join(home.folder, 'setup-link');
    expect(readFileSync(path, 'utf8')).toBe(`${home.url}/setup#${home.code}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const browser = new Browser(home);
    expect((await browser.ask('GET', '/api/v1/session/ways')).body).toEqual({ oidc: null, demo: false, setup: true });
    const told = await browser.ask('POST', '/api/v1/setup', { code: home.code, name: ANN, password: GOOD });
    expect([told.status, told.body['user']]).toEqual([
      200,
      { name: ANN, email: null, role: 'admin', method: 'password' },
    ]);
    expect(existsSync(path)).toBe(false);
    expect(home.written()).not.toContain(home.code);
    const again = await new Browser(home).ask('POST', '/api/v1/setup', {
      code: home.code,
      name: 'eve',
      password: GOOD,
    });
    expect([again.status, again.body['code']]).toEqual([410, 'CW-6018']);
    expect((await browser.ask('GET', '/api/v1/session/ways')).body['setup']).toBe(false);
    await home.restart();
    expect([home.setup, existsSync(path)]).toEqual([null, false]);
  });

  it('is one, also where two come at once', async () => {
    const home = await house();
    const asked = ['ann', 'bob', 'cyd'].map((name) =>
      new Browser(home).ask('POST', '/api/v1/setup', { code: home.code, name, password: GOOD }),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 410, 410]);
  });

  it.each([
    ['another code', { code: 'x'.repeat(43) }, 410, 'CW-6018'],
    ['a password that is guessed soon', { password: 'password1234' }, 400, 'CW-6024'],
    ['a name that stands for something else', { name: 'cosmowatch' }, 400, 'CW-6005'],
    ['a name that reads backwards', { name: 'a\u202enn' }, 400, 'CW-6005'],
  ])('is not made with %s, and the link stays good', async (_what, more, status, code) => {
    const home = await house();
    const good = { code: home.code, name: ANN, password: GOOD };
    const told = await new Browser(home).ask('POST', '/api/v1/setup', { ...good, ...more });
    expect([told.status, told.body['code']]).toEqual([status, code]);
    await new Browser(home).expect(200, 'POST', '/api/v1/setup', good);
  });

  it('another start writes another link, and the one before is no good', async () => {
    const home = await house();
    const before = home.code;
    await home.restart();
    expect(home.code).not.toBe(before);
    const told = await new Browser(home).ask('POST', '/api/v1/setup', { code: before, name: ANN, password: GOOD });
    expect(told.status).toBe(410);
  });

  it('stands in the configuration, if it says so; then there is no link', async () => {
    const password = new Secret(GOOD, 'env:ADMIN');
    const home = await house({ settings: { users: [{ name: ANN, role: 'admin', password }] } });
    expect([home.setup, existsSync(join(home.folder, 'setup-link'))]).toEqual([null, false]);
    const browser = new Browser(home);
    expect((await browser.signIn(ANN, GOOD)).body['user']).toMatchObject({ role: 'admin', method: 'config' });
    const [, hash] = /"?(\$argon2id[^"\0\s]+)/.exec(home.written())!;
    // The same again signs nobody out; another password does, and one that is gone leaves nobody.
    await home.restart();
    await browser.expect(200, 'GET', '/api/v1/users');
    home.settings = {
      ...home.settings,
      users: [{ name: ANN, role: 'admin', password: new Secret('five words are as good', 'env') }],
    };
    await home.restart();
    expect((await browser.ask('GET', '/api/v1/users')).status).toBe(401);
    expect((await browser.signIn(ANN, GOOD)).status).toBe(401);
    expect((await browser.signIn(ANN, 'five words are as good')).status).toBe(200);
    home.settings = { ...home.settings, users: [{ name: 'bob', role: 'admin', password: hash! }] };
    await home.restart();
    expect((await browser.signIn(ANN, 'five words are as good')).status).toBe(401);
  });
});

describe('a session', () => {
  it('is nobody’s, or somebody’s: asking never fails', async () => {
    const home = await house();
    const browser = new Browser(home);
    expect(await browser.ask('GET', '/api/v1/session')).toMatchObject({ status: 200, text: '{"user":null}' });
    browser.cookies.set(`cosmowatch-session-${new URL(home.url).port}`, 'made-up');
    expect((await browser.ask('GET', '/api/v1/session')).text).toBe('{"user":null}');
    await home.admin();
    expect((await browser.signIn(ANN, GOOD)).body).toEqual({
      user: { name: ANN, email: null, role: 'admin', method: 'password' },
      csrf: expect.stringMatching(/^[\w-]{43}$/),
      expires: new Date(home.now + 8 * HOUR).toISOString(),
    });
  });

  it('has a cookie that no script reads and no other site sends, of 256 bits, kept as a hash', async () => {
    const home = await house();
    const browser = await home.admin();
    const { port } = new URL(home.url);
    expect(browser.set).toEqual([
      expect.stringMatching(
        new RegExp(`^cosmowatch-session-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400$`),
      ),
    ]);
    expect(home.written()).not.toContain(browser.cookie);
  });

  it('over https has a cookie of the host alone, which never travels in the clear', async () => {
    const home = await house({ externalUrl: 'https://watch.contoso.example' });
    expect(home.setup!.link.reveal()).toMatch(/^https:\/\/watch\.contoso\.example\/setup#/);
    const body = JSON.stringify({ code: home.code, name: ANN, password: GOOD });
    const head = `POST /api/v1/setup HTTP/1.1\r\nHost: watch.contoso.example\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const answer = await raw(home.url, head + body);
    const set = /^set-cookie: (.*)$/im.exec(answer)?.[1]?.trim();
    expect(set).toMatch(/^__Host-cosmowatch=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=86400; Secure$/);
    expect(answer.toLowerCase()).toContain('strict-transport-security: max-age=31536000');
    const ask = (cookie: string): Promise<string> =>
      raw(
        home.url,
        `GET /api/v1/session HTTP/1.1\r\nHost: watch.contoso.example\r\nConnection: close\r\nCookie: ${cookie}\r\n\r\n`,
      );
    const value = set!.split(';')[0]!;
    expect(await ask(value)).toContain(ANN);
    // Another site of the domain can set a cookie, but none with that prefix.
    expect(await ask(value.replace('__Host-cosmowatch', 'cosmowatch-session-443'))).toContain('{"user":null}');
  });

  it('is not begun where no browser would keep it', async () => {
    const home = await house();
    const browser = new Browser(home);
    browser.more = { 'x-forwarded-for': '203.0.113.7' };
    expect(await browser.signIn(ANN, GOOD)).toMatchObject({ status: 400, body: { code: 'CW-6023' } });
  });

  it('gets a new value at each sign-in, and what a browser held before is worth nothing', async () => {
    const home = await house();
    await home.admin();
    const name = `cosmowatch-session-${new URL(home.url).port}`;
    const victim = new Browser(home);
    victim.cookies.set(name, 'planted-by-somebody-else');
    await victim.signIn(ANN, GOOD);
    expect(victim.cookie).not.toBe('planted-by-somebody-else');
    const before = victim.cookie!;
    await victim.signIn(ANN, GOOD);
    const thief = new Browser(home);
    for (const value of ['planted-by-somebody-else', before]) {
      thief.cookies.set(name, value);
      expect((await thief.ask('GET', '/api/v1/users')).status).toBe(401);
    }
  });

  it('ends when it is signed out, for whoever copied the cookie too', async () => {
    const home = await house();
    const browser = await home.admin();
    const thief = new Browser(home);
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value);
    expect((await thief.ask('GET', '/api/v1/users')).status).toBe(200);
    await browser.expect(200, 'DELETE', '/api/v1/session');
    expect(browser.cookies.size).toBe(0);
    expect((await thief.ask('GET', '/api/v1/users')).status).toBe(401);
    // Again does no harm.
    await browser.expect(200, 'DELETE', '/api/v1/session');
  });

  it('ends everywhere, if that is asked for, and only of that person', async () => {
    const home = await house();
    const admin = await home.admin();
    const bob = await user(home, admin, { name: 'bob', role: 'viewer' });
    const other = new Browser(home);
    await other.signIn('bob', GOOD);
    await other.expect(200, 'DELETE', '/api/v1/sessions');
    expect((await bob.browser.ask('GET', '/api/v1/alerts')).status).toBe(401);
    expect((await admin.ask('GET', '/api/v1/alerts')).status).toBe(200);
  });

  it('ends when it is not used for 8 hours, and 24 hours after it began', async () => {
    const home = await house();
    const idle = await home.admin();
    const busy = new Browser(home);
    await busy.signIn(ANN, GOOD);
    for (let hour = 1; hour < 24; hour++) {
      home.now += HOUR;
      expect((await busy.ask('GET', '/api/v1/alerts')).status).toBe(200);
      if (hour === 7) expect((await idle.ask('GET', '/api/v1/session')).body['user']).not.toBeNull();
      if (hour === 16) expect((await idle.ask('GET', '/api/v1/session')).body).toEqual({ user: null });
    }
    const { expires } = (await busy.ask('GET', '/api/v1/session')).body;
    expect(expires).toBe(new Date(home.now + HOUR).toISOString());
    home.now += HOUR;
    expect((await busy.ask('GET', '/api/v1/alerts')).status).toBe(401);
  });

  it('goes on over a restart', async () => {
    const home = await house();
    const browser = await home.admin();
    await home.restart();
    expect((await browser.ask('GET', '/api/v1/session')).body['user']).toMatchObject({ name: ANN });
    await browser.expect(200, 'GET', '/api/v1/users');
  });

  it('brings live changes, which keep it from ending no more than looking on does, and end with it', async () => {
    const home = await house();
    const browser = await home.admin();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${home.url}/api/v1/events`, { headers: { cookie } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    home.memory.tell('opened', storedOf(1));
    for (let minutes = 0; minutes < 9 * 60; minutes += 30) {
      home.now += 30 * MINUTE;
      home.beat();
      await new Promise(setImmediate);
    }
    const text = await answer.text();
    expect(text).toContain('event: alert');
    expect(text.match(/: here/g)!.length).toBeLessThanOrEqual(16);
  });
});

describe('wrong passwords', () => {
  it('five, and then even the right one waits for 5 minutes; whether there is such a user makes no difference', async () => {
    const home = await house();
    await home.admin();
    const told: unknown[][] = [];
    for (const name of [ANN, 'nobody@contoso.example']) {
      const browser = new Browser(home);
      const said: unknown[] = [];
      for (let at = 0; at < 7; at++) {
        const { status, text, headers } = await browser.signIn(name, at < 5 ? `guess number ${at}` : GOOD);
        said.push([status, text, headers.get('retry-after'), headers.getSetCookie()]);
      }
      told.push(said);
    }
    expect(told[0]).toEqual(told[1]);
    expect(told[0]!.map((one) => (one as [number])[0])).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(told[0]![6]).toEqual([429, expect.stringContaining('Try again in 5 min'), '300', []]);
    home.now += 5 * MINUTE;
    expect((await new Browser(home).signIn(ANN, GOOD)).status).toBe(200);
    expect((await audited(home)).filter((line) => line.includes('locked'))).toEqual([
      `nobody session.locked ${ANN}`,
      'nobody session.locked',
    ]);
  });

  it('many at once are no way around', async () => {
    const home = await house();
    await home.admin();
    const asked = Array.from({ length: 40 }, (_, at) => new Browser(home).signIn(ANN, `guess number ${at}`));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBe(5);
    expect(statuses.filter((status) => status === 429).length).toBe(35);
  });

  it('of one address do not lock out another, as a proxy that is trusted says', async () => {
    const home = await house({
      externalUrl: 'https://watch.contoso.example',
      settings: { proxies: ['127.0.0.0/8', '10.0.0.0/8'] },
    });
    await new Browser(home).expect(200, 'POST', '/api/v1/setup', { code: home.code, name: ANN, password: GOOD });
    const from = async (forwarded: string, password: string): Promise<number> => {
      const browser = new Browser(home);
      browser.more = { 'x-forwarded-for': forwarded };
      return (await browser.signIn(ANN, password)).status;
    };
    // Whatever somebody claims before the proxy adds whom it saw.
    for (let at = 0; at < 5; at++)
      expect(await from(`198.51.100.${at}, 203.0.113.7, 10.0.0.1`, 'a wrong guess')).toBe(401);
    expect(await from('203.0.113.7', GOOD)).toBe(429);
    expect(await from('203.0.113.8', GOOD)).toBe(200);
  });

  it('of whom nobody trusts the word come from where they come from', async () => {
    const home = await house({ externalUrl: 'https://watch.contoso.example' });
    for (let at = 0; at < 6; at++) {
      const browser = new Browser(home);
      browser.more = { 'x-forwarded-for': `203.0.113.${at}` };
      expect((await browser.signIn(ANN, 'a wrong guess')).status).toBe(at < 5 ? 401 : 429);
    }
  });
});

describe('users', () => {
  it('see and do what their role says, from the moment in which it changes', async () => {
    const home = await house();
    const { id: alert } = home.memory.put(storedOf(1)).alert;
    const admin = await home.admin();
    const { id, browser } = await user(home, admin, { name: 'bob', role: 'viewer' });
    const act = async (): Promise<number> =>
      (await browser.ask('POST', `/api/v1/alerts/${alert}/acknowledge`, {})).status;
    const rule = async (): Promise<number> => (await browser.ask('GET', '/api/v1/users')).status;
    expect([await act(), await rule()]).toEqual([403, 403]);
    await admin.expect(200, 'POST', `/api/v1/users/${id}/role`, { role: 'analyst' });
    expect([await act(), await rule()]).toEqual([200, 403]);
    await admin.expect(200, 'POST', `/api/v1/users/${id}/role`, { role: 'admin' });
    expect([await act(), await rule()]).toEqual([200, 200]);
    await browser.expect(200, 'POST', `/api/v1/users/${id}/role`, { role: 'viewer' });
    expect([await act(), await rule()]).toEqual([403, 403]);
  });

  it('see what they are given to see only', async () => {
    const home = await house();
    home.memory.put(storedOf(1, '22222222-2222-4222-8222-222222222222'));
    home.memory.put(storedOf(2));
    const admin = await home.admin();
    const request = {
      name: 'bob',
      role: 'analyst',
      subscriptions: ['22222222-2222-4222-8222-222222222222'.toUpperCase()],
    };
    const { browser } = await user(home, admin, request);
    const items = async (who: Browser): Promise<number> =>
      ((await who.ask('GET', '/api/v1/alerts')).body['items'] as []).length;
    expect([await items(admin), await items(browser)]).toEqual([2, 1]);
    const { id } = storedOf(2).alert;
    expect((await browser.ask('POST', `/api/v1/alerts/${id}/acknowledge`, {})).status).toBe(404);
    const told = await admin.ask('POST', '/api/v1/users', { ...request, name: 'cyd', role: 'admin' });
    expect([told.status, told.body['code']]).toEqual([400, 'CW-6005']);
  });

  it('choose a password with a link that works once, for three days', async () => {
    const home = await house();
    const admin = await home.admin();
    const made = await admin.expect(201, 'POST', '/api/v1/users', {
      name: 'bob',
      role: 'viewer',
      email: 'bob@contoso.example',
    });
    expect(made).toMatchObject({
      isInvited: true,
      sessions: 0,
      link: expect.stringContaining(`${home.url}/password#`),
    });
    expect(home.written()).not.toContain(codeIn(made));
    expect((await new Browser(home).signIn('bob', '')).status).toBe(400);
    home.now += 72 * HOUR;
    const late = await new Browser(home).ask('POST', '/api/v1/password', { code: codeIn(made), password: GOOD });
    expect([late.status, late.body['code']]).toEqual([410, 'CW-6018']);
    await admin.signIn(ANN, GOOD);
    const again = await admin.expect(200, 'POST', `/api/v1/users/${made['id']}/reset`);
    const browser = new Browser(home);
    const told = await browser.ask('POST', '/api/v1/password', { code: codeIn(again), password: GOOD });
    expect(told.body['user']).toEqual({
      name: 'bob',
      email: 'bob@contoso.example',
      role: 'viewer',
      method: 'password',
    });
    expect((await browser.ask('POST', '/api/v1/password', { code: codeIn(again), password: GOOD })).status).toBe(410);
  });

  it('whose password is reset are signed out, and the old one is no good', async () => {
    const home = await house();
    const admin = await home.admin();
    const { id, browser } = await user(home, admin, { name: 'bob', role: 'viewer' });
    await admin.expect(200, 'POST', `/api/v1/users/${id}/reset`);
    expect((await browser.ask('GET', '/api/v1/alerts')).status).toBe(401);
    expect((await browser.signIn('bob', GOOD)).status).toBe(401);
  });

  it('who are disabled or removed are signed out and stay out', async () => {
    const home = await house();
    const admin = await home.admin();
    const { id, browser } = await user(home, admin, { name: 'bob', role: 'viewer' });
    await admin.expect(200, 'POST', `/api/v1/users/${id}/disable`);
    expect((await browser.ask('GET', '/api/v1/alerts')).status).toBe(401);
    const out = await browser.signIn('bob', GOOD);
    // As if there were no such user.
    expect([out.status, out.text]).toEqual([401, (await new Browser(home).signIn('zoe', GOOD)).text]);
    await admin.expect(200, 'POST', `/api/v1/users/${id}/enable`);
    expect((await browser.signIn('bob', GOOD)).status).toBe(200);
    await admin.expect(200, 'DELETE', `/api/v1/users/${id}/sessions`);
    expect((await browser.ask('GET', '/api/v1/alerts')).status).toBe(401);
    await admin.expect(200, 'DELETE', `/api/v1/users/${id}`);
    expect((await browser.signIn('bob', GOOD)).status).toBe(401);
  });

  it('change their own password with the old one; the others of their sessions end', async () => {
    const home = await house();
    const browser = await home.admin();
    const other = new Browser(home);
    await other.signIn(ANN, GOOD);
    const change = (old: string, password: string) =>
      browser.ask('POST', '/api/v1/session/password', { old, password });
    expect((await change('not the old one', 'five words are as good')).body['code']).toBe('CW-6015');
    expect((await change(GOOD, 'short')).body['code']).toBe('CW-6024');
    expect((await change(GOOD, 'five words are as good')).status).toBe(200);
    expect((await browser.ask('GET', '/api/v1/users')).status).toBe(200);
    expect((await other.ask('GET', '/api/v1/users')).status).toBe(401);
    expect((await other.signIn(ANN, 'five words are as good')).status).toBe(200);
  });

  it.each([
    ['removes', 'DELETE', ''],
    ['disables', 'POST', '/disable'],
    ['makes a viewer of', 'POST', '/role'],
  ])('nobody %s the last admin', async (_what, method, path) => {
    const home = await house();
    const admin = await home.admin();
    const { items } = (await admin.ask('GET', '/api/v1/users')).body as { items: { id: string }[] };
    const told = await admin.ask(
      method,
      `/api/v1/users/${items[0]!.id}${path}`,
      path === '/role' ? { role: 'viewer' } : undefined,
    );
    expect([told.status, told.body['code'], told.body['message']]).toEqual([409, 'CW-6012', 'this is the last admin']);
  });

  it.each(['Bob', 'b\u00f6b', 'BOB ', '\uff22\uff4f\uff42'])(
    'a name that is there already, as "%s" says it: 409',
    async (name) => {
      const home = await house();
      const admin = await home.admin();
      await admin.expect(201, 'POST', '/api/v1/users', { name: 'bob', role: 'viewer' });
      await admin.expect(201, 'POST', '/api/v1/users', { name: 'bo\u0308b', role: 'viewer' });
      expect((await admin.ask('POST', '/api/v1/users', { name, role: 'viewer' })).status).toBe(409);
    },
  );
});

describe('the audit log', () => {
  it('says who did what, and nothing that lets anybody in', async () => {
    const home = await house();
    const admin = await home.admin();
    const { id, browser } = await user(home, admin, { name: 'bob', role: 'viewer' });
    await browser.expect(200, 'DELETE', '/api/v1/session');
    await browser.signIn('bob', GOOD);
    await admin.expect(200, 'POST', `/api/v1/users/${id}/role`, { role: 'analyst' });
    await admin.ask('POST', '/api/v1/users/99/disable');
    expect(await audited(home)).toEqual([
      `${ANN} session.setup ${ANN}`,
      `${ANN} users.create`,
      'bob session.choose_password bob',
      'bob session.end bob',
      'bob session.begin bob',
      `${ANN} users.role ${id}`,
      `${ANN} users.disable 99`,
      `${ANN} users.disable.failed 99`,
    ]);
    const all = home.written() + JSON.stringify(home.lines);
    for (const secret of [GOOD, admin.cookie!, admin.csrf!, browser.cookie!, home.code])
      expect(all).not.toContain(secret);
  });
});

describe('a demo', () => {
  it('lets in whoever is at the machine as its admin, and offers no first setup', async () => {
    const home = await house({ isDemo: true });
    expect(home.setup).toBeNull();
    const browser = new Browser(home);
    expect((await browser.ask('GET', '/api/v1/session/ways')).body).toEqual({ oidc: null, demo: true, setup: false });
    expect((await browser.ask('POST', '/api/v1/session', { demo: true })).body['user']).toMatchObject({
      name: 'demo',
      role: 'admin',
    });
    await browser.expect(200, 'GET', '/api/v1/users');
    await new Browser(home).expect(200, 'POST', '/api/v1/session', { demo: true });
  });

  it('is nothing that any other service knows', async () => {
    const home = await house();
    expect((await new Browser(home).ask('POST', '/api/v1/session', { demo: true })).status).toBe(404);
  });
});
