import { describe, expect, it } from 'vitest';
import type { NextCommands, ScanContext, ToldAlerts } from './context.ts';
import { summaryOf } from './summary.ts';
import { widthOf } from './text.ts';

const NONE = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
const LOOK = { width: 80, colour: false, unicode: false, localOffset: null };
const CONTEXT: ScanContext = {
  records: 3,
  events: 3,
  bytes: 100,
  seconds: 0.1,
  rules: 10,
  period: null,
  accounts: ['a'],
  leftOut: [],
  skipped: [],
  blindSpots: [],
  strict: false,
  next: null,
  version: '0.1.0',
};

function told(counts: Partial<typeof NONE>): ToldAlerts {
  const all = { ...NONE, ...counts };
  const length = Object.values(all).reduce((sum, count) => sum + count, 0);
  const worst = length === 0 ? null : '0123456789abcdef';
  return { length, counts: all, found: all, worst, [Symbol.iterator]: () => [][Symbol.iterator]() };
}

const summary = (alerts: ToldAlerts, context: Partial<ScanContext>): string =>
  summaryOf(alerts, { ...CONTEXT, ...context }, LOOK);

describe('what to do next', () => {
  const next: NextCommands = { scan: 'cosmowatch scan l', stats: 'cosmowatch logs stats l' };
  const blindSpots = [{ account: 'a', why: 'no log' }];

  it.each<[string, ToldAlerts, Partial<ScanContext>, string | null]>([
    ['the worst alert', told({ low: 1 }), { next }, 'Next: cosmowatch scan l --explain 01234567'],
    [
      'the same words, where there is no command',
      told({ low: 1 }),
      { next: { scan: null, stats: null } },
      'Next: the same command with --explain 01234567',
    ],
    ['what could not be seen', told({}), { next, blindSpots }, 'Next: cosmowatch logs stats l'],
    ['nothing, if all was seen', told({}), { next }, null],
    ['nothing, where there is no command', told({}), { next: { scan: null, stats: null }, blindSpots }, null],
    ['nothing, where nobody reads it', told({ low: 1 }), { next: null }, null],
  ])('%s', (_name, alerts, context, expected) => {
    const line = summary(alerts, context)
      .split('\n')
      .find((one) => one.startsWith('Next:'));
    expect(line ?? null).toBe(expected);
  });

  it('a long command goes on behind a backslash, at no quote', () => {
    const scan = `cosmowatch scan ${'logs/ '.repeat(10)}'it'\\''s a folder with a long name'`;
    const text = summary(told({ high: 1 }), { next: { scan, stats: null } });
    const from = text.indexOf('Next: ') + 'Next: '.length;
    expect(text.slice(from).replaceAll(' \\\n  ', ' ').trimEnd()).toBe(`${scan} --explain 01234567`);
    expect(text.split('\n').every((line) => widthOf(line) <= 80)).toBe(true);
  });
});

describe('files that were skipped', () => {
  const skipped = (path: string, more: Partial<ScanContext['skipped'][number]> = {}) => ({
    path,
    code: 'CW-2003' as const,
    why: 'binary data',
    facts: [],
    cure: null,
    records: 0,
    ...more,
  });

  it('are told one by one, each with its cure, and the rest counted', () => {
    const files = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((path) => skipped(path, { cure: `look at ${path}` }));
    const lines = summary(told({}), { skipped: files }).split('\n');
    expect(lines.slice(1, 5)).toEqual([
      'note: 7 files were skipped:',
      '  a (binary data)',
      '    cure: look at a',
      '  b (binary data)',
    ]);
    expect(lines).toContain('  and 2 more');
  });

  it('a cure stays whole, for it may be a command', () => {
    const cure = `sudo chmod g+r ${'folder/'.repeat(20)}file`;
    expect(summary(told({}), { skipped: [skipped('a', { cure })] })).toContain(`\n  cure: ${cure}\n`);
  });

  it('those that hold nothing are no fault', () => {
    const text = summary(told({}), { skipped: [skipped('a', { code: null, why: 'empty' })] });
    expect(text).toContain('note: no record is in a.');
    expect(text).not.toMatch(/strict|skipped/);
  });
});
