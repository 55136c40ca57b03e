import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, run } from './cli.test-support.ts';

let root = '';
let ran: Ran;
let report = '';

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-demo-'));
  ran = await run(['demo', '--output', join(root, 'demo.html')]);
  report = readFileSync(join(root, 'demo.html'), 'utf8');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('demo', () => {
  it('ends well without a terminal, and without a word on standard error', () => {
    expect([ran.code, ran.err]).toEqual([0, '']);
  });

  it('shows the intruder to every rule, and says what to try next', () => {
    expect(ran.out).toMatch(/^\d+ alerts: .*10 of 10 rules fired\.$/m);
    expect(ran.out).toContain('Try next');
    expect(ran.out).toContain('cosmowatch.js scan /path/to/logs');
  });

  it('colours nothing that is no terminal', () => {
    expect(ran.out).not.toContain('\u001b');
  });

  it('writes a report that needs nothing from elsewhere', () => {
    expect(report).toMatch(/^<!doctype html>/i);
    expect(report).not.toMatch(/<(?:script|link|img|iframe)[^>]*(?:src|href)=/i);
    expect(report).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)/);
    expect(report).toContain('cosmosdb_no_logs');
  });

  it('plays the same day for the same seed', async () => {
    const again = await run(['demo', '--output', join(root, 'demo.html')]);
    expect(again.out).toBe(ran.out);
  });
});
