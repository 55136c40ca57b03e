import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Loopback, loopback } from './loopback.test-support.ts';
import type { HttpAnswer, HttpRequest } from './receiver.ts';
import { type SafeHttpOptions, safeHttp } from './safeHttp.ts';

const NEVER = new AbortController().signal;

function post(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'POST', url, headers: {}, body: '{}', allow: [], ...more };
}

async function reason(url: string, options: Partial<SafeHttpOptions> = {}, more: Partial<HttpRequest> = {}) {
  const answer = await safeHttp({ timeout: 500, ...options }).send(post(url, more), NEVER);
  return answer.kind === 'failed' ? { reason: answer.reason, refused: answer.refused } : answer;
}

/** A resolver that answers with these in turn, and counts. */
function resolver(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve = async (name: string): Promise<readonly string[]> => {
    asked.push(name);
    return answers[Math.min(asked.length, answers.length) - 1]!;
  };
  return { asked, resolve };
}

describe('where nothing is sent', () => {
  /** Whatever the name, it leads to loopback: the table tries spellings, not resolvers. */
  const toLoopback = { resolve: async () => ['127.0.0.1'] };

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://127.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://0177.0.0.1/',
    'https://0177.0x0.0.1/',
    'https://127.0.0.1./',
    'https://①②⑦.⓪.⓪.①/',
    'https://127。0。0。1/',
    'https://%31%32%37.0.0.1/',
    'https://0/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.0.1/',
    'https://3232235521/',
    'https://100.64.0.1/',
    'https://169.254.169.254/metadata/instance?api-version=2021-02-01',
    'https://2852039166/',
    'https://0xa9fea9fe/',
    'https://0251.0376.0251.0376/',
    'https://168.63.129.16/?comp=versions',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::127.0.0.1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://[fc00::1]/',
    'https://localhost/',
    'https://localhost./',
    'https://LOCALHOST/',
    'https://anything.localhost/',
    'https://127.0.0.1.nip.example/',
    'https://user@1.1.1.1/',
    'https://hooks.contoso.example@127.0.0.1/',
    'https://user:pass@hooks.contoso.example/',
    'http://1.1.1.1/',
    'ftp://1.1.1.1/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:25/',
    'javascript:alert(1)',
    '//127.0.0.1/',
    'https://',
    'https://[fe80::1%25eth0]/',
    'https://1.1.1.1:99999/',
    '',
  ])('%s', async (url) => {
    expect(await reason(url, toLoopback)).toMatchObject({ refused: true });
  });

  it('a name of which one address is private', async () => {
    const { resolve } = resolver(['1.1.1.1', '::ffff:10.0.0.1']);
    expect(await reason('https://hooks.contoso.example/', { resolve })).toMatchObject({ refused: true });
  });

  it.each([
    ['has no address', async () => []],
    [
      'cannot be resolved',
      async () => {
        throw Object.assign(new Error('queryA ENOTFOUND s3cret'), { code: 'ENOTFOUND' });
      },
    ],
  ])('a name that %s: later it may have one', async (_name, resolve) => {
    const told = await reason('https://s3cret.contoso.example/s3cret', { resolve });
    expect(told).toEqual({ refused: false, reason: 'the name has no address' });
  });

  it('a name that is never resolved', async () => {
    const told = await reason('https://hooks.contoso.example/', { resolve: () => new Promise(() => {}), timeout: 50 });
    expect(told).toEqual({ refused: false, reason: 'no answer within 0.05 s' });
  });
});

describe('over a socket', () => {
  let server: Loopback;
  beforeAll(async () => {
    server = await loopback(() => ({ kind: 'answer', status: 200, body: 'ok', headers: { 'X-One': '1' } }));
  });
  afterAll(() => server.close());

  const portOf = (): string => new URL(server.url).port;
  const allow = ['127.0.0.1'];

  it('is resolved once, and goes to the address that was checked under the name that was asked', async () => {
    const { asked, resolve } = resolver(['127.0.0.1'], ['169.254.169.254']);
    const url = `http://rebind.contoso.example:${portOf()}/a?b=1`;
    const answer = await safeHttp({ resolve }).send(post(url, { allow }), NEVER);
    expect(answer).toMatchObject({ kind: 'answer', status: 200, body: 'ok', headers: { 'x-one': '1' } });
    expect(asked).toEqual(['rebind.contoso.example']);
    const last = server.ledger.at(-1)!;
    expect([last.path, last.headers['host']]).toEqual(['/a?b=1', `rebind.contoso.example:${portOf()}`]);
  });

  it('every request is resolved and checked anew', async () => {
    const { resolve } = resolver(['127.0.0.1'], ['10.0.0.1']);
    const http = safeHttp({ resolve });
    const url = `http://rebind.contoso.example:${portOf()}/`;
    expect((await http.send(post(url, { allow }), NEVER)).kind).toBe('answer');
    expect(await http.send(post(url, { allow }), NEVER)).toMatchObject({ kind: 'failed', refused: true });
  });

  it('the user’s Host does not stand', async () => {
    await safeHttp().send(post(server.url, { allow, headers: { Host: 'elsewhere.example' } }), NEVER);
    expect(server.ledger.at(-1)!.headers['host']).toBe(`127.0.0.1:${portOf()}`);
  });

  it.each([301, 302, 303, 307, 308])('a redirect (%i) is an answer, and is not followed', async (status) => {
    const before = server.ledger.length;
    server.behave = () => ({ kind: 'answer', status, headers: { Location: `${server.url}/next` } });
    expect(await safeHttp().send(post(server.url, { allow }), NEVER)).toMatchObject({ kind: 'answer', status });
    expect(server.ledger.length - before).toBe(1);
  });

  it('an answer is read up to 64 KB', async () => {
    server.behave = () => ({ kind: 'answer', status: 200, body: 'x'.repeat(1_000_000) });
    const answer = await safeHttp().send(post(server.url, { allow }), NEVER);
    expect(answer.kind === 'answer' && answer.body.length).toBe(65_536);
  });

  it.each([
    ['timeout', 'no answer within 0.2 s'],
    ['reset', 'the connection was closed before there was an answer'],
  ] as const)('%s: %s', async (kind, told) => {
    server.behave = () => ({ kind });
    const answer = await safeHttp({ timeout: 200 }).send(post(server.url, { allow }), NEVER);
    expect(answer).toEqual({ kind: 'failed', reason: told, refused: false });
  });

  it('a body that comes no further is given as far as it came', async () => {
    server.behave = () => ({ kind: 'slow', status: 200, body: '{"ok":' });
    const answer = await safeHttp({ timeout: 200 }).send(post(server.url, { allow }), NEVER);
    expect(answer).toMatchObject({ kind: 'answer', status: 200, body: '{"ok":' });
  });

  it('stops when it is told to', async () => {
    server.behave = () => ({ kind: 'timeout' });
    const stop = new AbortController();
    const answer = safeHttp().send(post(server.url, { allow }), stop.signal);
    stop.abort();
    expect(await answer).toMatchObject({ kind: 'failed', reason: 'stopped before there was an answer' });
  });

  it('nobody listens', async () => {
    const gone = await loopback(() => ({ kind: 'timeout' }));
    await gone.close();
    expect(await reason(gone.url, {}, { allow })).toEqual({ reason: 'the connection was refused', refused: false });
  });

  it.each([
    ['a line end in a header', { headers: { Authorization: 's3cret\r\nX: y' } }],
    ['a letter that no header may have', { headers: { Authorization: 's3cret\u0100' } }],
  ])('%s is refused without telling it', async (_name, more) => {
    const told = (await reason(server.url, {}, { allow, ...more })) as { readonly reason: string };
    expect(told).toMatchObject({ refused: true });
    expect(told.reason).not.toContain('s3cret');
  });
});

const OPENSSL = hasOpenssl();

describe.skipIf(!OPENSSL)('over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-tls-'));
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const server = { close: () => {}, port: 0, seen: [] as { name: unknown; client: string | undefined }[] };

  beforeAll(async () => {
    makeCertificates(folder);
    const options = { key: read('server.key'), cert: read('server.pem'), ca: read('ca.pem'), requestCert: true };
    const tls = createServer({ ...options, rejectUnauthorized: false }, (request, response) => {
      const socket = request.socket as TLSSocket & { readonly servername?: unknown };
      const peer = socket.getPeerCertificate();
      server.seen.push({ name: socket.servername, client: peer.subject?.CN as string | undefined });
      response.end('ok');
    });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    server.port = (tls.address() as AddressInfo).port;
    server.close = () => tls.close();
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = (name: string, tls?: HttpRequest['tls']): Promise<HttpAnswer> =>
    safeHttp({ resolve: async () => ['127.0.0.1'], timeout: 3000 }).send(
      post(`https://${name}:${server.port}/`, { allow: ['127.0.0.1'], ...(tls === undefined ? {} : { tls }) }),
      NEVER,
    );

  it('the certificate is checked against the name, which the server is told', async () => {
    expect(await send('hooks.contoso.example', { ca: read('ca.pem') })).toMatchObject({ kind: 'answer', status: 200 });
    expect(server.seen.at(-1)).toEqual({ name: 'hooks.contoso.example', client: undefined });
  });

  it('a certificate of another name is no good', async () => {
    const answer = await send('elsewhere.contoso.example', { ca: read('ca.pem') });
    expect(answer).toMatchObject({ kind: 'failed', reason: expect.stringContaining('ALTNAME') });
  });

  it('a certificate that nobody vouches for is no good', async () => {
    expect(await send('hooks.contoso.example')).toMatchObject({ kind: 'failed', refused: false });
  });

  it('shows the certificate of the client', async () => {
    const tls = { ca: read('ca.pem'), cert: read('client.pem'), key: read('client.key') };
    expect(await send('hooks.contoso.example', tls)).toMatchObject({ kind: 'answer', status: 200 });
    expect(server.seen.at(-1)!.client).toBe('cosmowatch');
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** An authority, and what it signed: a server for hooks.contoso.example, and a client. */
function makeCertificates(folder: string): void {
  const run = (words: string): void => {
    execFileSync('openssl', words.split(' '), { cwd: folder, stdio: 'ignore' });
  };
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc';
  run(`req -x509 ${key} -keyout ca.key -out ca.pem -days 2 -subj /CN=authority`);
  for (const [name, subject, extension] of [
    ['server', 'server', 'subjectAltName=DNS:hooks.contoso.example'],
    ['client', 'cosmowatch', 'extendedKeyUsage=clientAuth'],
  ]) {
    run(
      `req -x509 ${key} -CA ca.pem -CAkey ca.key -keyout ${name}.key -out ${name}.pem -days 2 -subj /CN=${subject} -addext ${extension} -addext basicConstraints=critical,CA:FALSE`,
    );
  }
}
