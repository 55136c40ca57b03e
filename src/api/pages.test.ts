import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtPages } from '../app/service/pages.ts';
import { type Running, raw, start } from './server.test-support.ts';

const SCRIPT = `console.log('${'x'.repeat(2000)}');\n`;
const PAGE = '<!doctype html><script type="module" src="/assets/index-abc.js"></script>';

let folder = '';
let running: Running;
beforeAll(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'cosmowatch-pages-')), 'web');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, 'favicon.ico'), 'icon');
  writeFileSync(join(folder, 'assets', 'index-abc.js'), SCRIPT);
  writeFileSync(join(folder, 'assets', 'index-abc.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(folder, 'assets', 'index-abc.js.gz'), gzipSync(SCRIPT));
  writeFileSync(join(folder, 'assets', 'inter-abc.woff2'), 'font');
  writeFileSync(join(folder, '..', 'secret.txt'), 'canary');
  running = await start({ pages: builtPages(folder) });
});
afterAll(async () => {
  await running.server.close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(running.url + path, init);
}

describe('the console', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', PAGE],
    ['/index.html', 'text/html; charset=utf-8', PAGE],
    ['/alerts/0123?tab=evidence', 'text/html; charset=utf-8', PAGE],
    ['/accounts/%2Fsubscriptions%2Fx%2Fproviders%2Fmicrosoft.documentdb', 'text/html; charset=utf-8', PAGE],
    ['/sign-in', 'text/html; charset=utf-8', PAGE],
    ['/favicon.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['/favicon.ico', 'image/vnd.microsoft.icon', 'icon'],
    ['/assets/index-abc.js', 'application/javascript; charset=utf-8', SCRIPT],
    ['/assets/inter-abc.woff2', 'font/woff2', 'font'],
  ])('%s is there for anybody, also through a proxy', async (path, type, text) => {
    const answer = await ask(path, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, type, text]);
    const policy = answer.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'; script-src 'self'; ");
    for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "connect-src 'self'"])
      expect(policy.split('; ')).toContain(part);
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|\*|http|data:)/);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('what has a hash in its name is kept for ever, and everything else asked for again', async () => {
    const kept = async (path: string): Promise<string | null> => (await ask(path)).headers.get('cache-control');
    expect(await kept('/assets/index-abc.js')).toBe('public, max-age=31536000, immutable');
    for (const path of ['/', '/alerts', '/favicon.svg']) expect(await kept(path)).toBe('no-cache');
  });

  it.each(['br', 'gzip'])('is sent as it was compressed before, with %s', async (encoding) => {
    const answer = await ask('/assets/index-abc.js', { headers: { 'accept-encoding': encoding } });
    expect([answer.headers.get('content-encoding'), await answer.text()]).toEqual([encoding, SCRIPT]);
    expect(answer.headers.get('content-type')).toBe('application/javascript; charset=utf-8');
    expect(answer.headers.get('vary')).toBe('accept-encoding');
  });

  it('is not sent again to who has it', async () => {
    const etag = (await ask('/')).headers.get('etag')!;
    const asked = `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIf-None-Match: ${etag}\r\n\r\n`;
    const answer = await raw(running.url, asked);
    expect(answer).toContain('HTTP/1.1 304 ');
    expect(answer).not.toContain('<!doctype');
  });

  it('HEAD: the head alone', async () => {
    const answer = await ask('/alerts', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('what is none of the console', () => {
  it.each([
    ['of the API', '/api/v1/nothing', 404],
    ['of the API in capitals', '/API/v1/session', 404],
    ['of the API, one step higher', '/api', 404],
    ['of a collector', '/v1/traces', 404],
    ['of who watches over it', '/healthz/more', 404],
    ['of another build', '/assets/index-old.js', 404],
  ])('%s: no page', async (_what, path, status) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/json; charset=utf-8']);
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  });

  it.each(['POST', 'PUT', 'DELETE'])('%s of a page: 404', async (method) => {
    expect((await ask('/alerts', { method })).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd',
    '/assets/index-abc.js.br',
  ])('%s: nothing that lies elsewhere', async (path) => {
    const answer = await raw(running.url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).not.toContain('canary');
    expect(answer).not.toContain('root:');
    // The first page, or nothing.
    expect(answer.includes(PAGE) || /^HTTP\/1.1 40[034]/.test(answer)).toBe(true);
  });

  it('another host: refused before any file is looked at', async () => {
    const answer = await raw(running.url, 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(answer).toContain(' 421 ');
    expect(answer).not.toContain('<!doctype');
  });
});

describe('a console that was not built', () => {
  it('is said to be so on each page, and the API is there', async () => {
    expect(builtPages(join(folder, 'nowhere'))).toBeNull();
    const { server, url } = await start({ pages: null });
    const answer = await fetch(`${url}/alerts`);
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('npm run build');
    expect(text).not.toContain('<script');
    expect((await fetch(`${url}/api/v1/session`)).status).toBe(200);
    await server.close();
  });
});
