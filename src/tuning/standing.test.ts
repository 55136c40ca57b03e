import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertNews, ChangeKind } from '../alerts/stored.ts';
import { newsOf } from '../notify/news.test-support.ts';
import { calendarOf, silenceOf, silentUntil } from './silence.ts';
import { keepBack, letGo, type Owed, standingOf } from './standing.ts';

const OWNED = { owner: 'ann@contoso.example', reason: 'planned' };
const NOW = Date.parse('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;

describe('silences', () => {
  const { stored } = newsOf('opened');
  const match = { rule: stored.alert.rule };
  it.each([
    ['before it', { match, from: '2026-11-25', until: '2026-11-26' }, null],
    ['in it', { match, from: '2026-11-24', until: '2026-11-26' }, '2026-11-26T00:00:00.000Z'],
    ['at its end', { match, until: '2026-11-24T12:00:00Z' }, null],
    ['of something else', { match: { rule: 'other' }, until: '2026-11-26' }, null],
    ['weekly, in a window', { match, weekly: [{ from: '11:00', to: '13:00' }] }, '2026-11-24T13:00:00.000Z'],
    ['weekly, beside it', { match, weekly: [{ from: '13:00', to: '14:00' }] }, null],
    ['weekly, cut by its end', { match, weekly: [{}], until: '2026-11-24T12:30:00Z' }, '2026-11-24T12:30:00.000Z'],
  ])('%s', (_name, spec, until) => {
    const found = silentUntil(silenceOf('one', { ...OWNED, ...spec }), stored, NOW);
    expect(found === null ? null : new Date(found).toISOString()).toBe(until);
  });

  it('a calendar is about missing logs only, and gives the time of the rule after it', () => {
    const account = stored.alert.account!;
    const calendar = calendarOf('weekends', {
      ...OWNED,
      account,
      weekly: [{ days: ['tue'], from: '08:00', to: '10:00' }],
    });
    const missing = { last: 0, hours: 4, ended: null, touched: [] };
    const silent = { ...stored, detail: { ...stored.detail, silence: missing } };
    expect(silentUntil(calendar, stored, NOW)).toBeNull();
    expect(silentUntil(calendar, silent, NOW - 3 * HOUR)).toBe(Date.parse('2026-11-24T14:00:00Z'));
    expect(silentUntil(calendar, silent, NOW)).toBe(Date.parse('2026-11-24T14:00:00Z'));
    expect(silentUntil(calendar, silent, NOW + 2 * HOUR)).toBeNull();
  });

  it('of several the one that ends last is named, whatever their order', () => {
    const spec = (until: string) => ({ ...OWNED, match, until });
    const all = [
      silenceOf('b', spec('2026-11-26')),
      silenceOf('a', spec('2026-11-26')),
      silenceOf('c', spec('2026-11-25')),
    ];
    for (const silences of [all, [...all].reverse()])
      expect(standingOf(stored, { exceptions: [], silences }, NOW).silence).toMatchObject({ id: 'a' });
  });
});

describe('what people are told', () => {
  const told = (kind: ChangeKind, owed: Owed, wasTold: boolean) => {
    const back = keepBack(newsOf(kind), { owed, wasTold });
    const go = letGo(newsOf(kind), { owed, wasTold });
    return [back.news?.kind ?? null, back.owed, go.news?.kind ?? null, go.owed];
  };
  it.each<[ChangeKind, Owed, boolean, unknown[]]>([
    ['opened', null, false, [null, 'opened', 'opened', null]],
    ['amended', null, true, [null, 'amended', 'amended', null]],
    ['amended', 'opened', false, [null, 'opened', 'opened', null]],
    ['grown', 'opened', false, ['grown', 'opened', 'opened', null]],
    ['grown', null, true, ['grown', null, 'grown', null]],
    ['acknowledged', 'opened', false, [null, null, null, null]],
    ['resolved', 'opened', false, [null, null, null, null]],
    ['resolved', 'amended', true, ['resolved', null, 'resolved', null]],
    ['reopened', null, true, [null, 'amended', 'reopened', null]],
  ])('%s, owed %s, told before: %s', (kind, owed, wasTold, expected) => {
    expect(told(kind, owed, wasTold)).toEqual(expected);
  });

  it('nobody is told twice, or of what is closed, whatever happens while it is kept back', () => {
    const kinds = fc.constantFrom<ChangeKind>('amended', 'grown', 'acknowledged', 'resolved', 'reopened', 'commented');
    fc.assert(
      fc.property(fc.array(kinds), (course) => {
        let owed: Owed = null;
        for (const kind of ['opened', ...course] as ChangeKind[]) {
          const { news, owed: next } = keepBack(newsOf(kind), { owed, wasTold: false });
          expect(news === null || ['grown', 'commented'].includes(news.kind)).toBe(true);
          owed = next;
        }
        const last = course.findLast((kind) => ['acknowledged', 'resolved', 'reopened'].includes(kind)) ?? 'opened';
        const end: AlertNews = { ...newsOf(last), kind: 'grown' };
        const { news, owed: left } = letGo(end, { owed, wasTold: false });
        expect(left).toBeNull();
        if (end.stored.alert.status === 'open') expect(news?.kind).toBe('opened');
        else expect(news?.kind).not.toBe('opened');
      }),
    );
  });
});
