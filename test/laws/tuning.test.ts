import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredAlert } from '../../src/alerts/stored.ts';
import type { ExceptionBody, SilenceBody } from '../../src/api/contract.ts';
import { DEMO_DAY } from '../../src/simulate/simulate.ts';
import { hoursOf, TunedDay } from '../support/tunedDay.ts';

/* What holds of exceptions and silences whatever they are: over simulated days, with real detection and a real outbox. */

const HOUR = 3_600_000;
const RUNS = 12;
const END = DEMO_DAY + 30 * HOUR;

let hours: ReturnType<typeof hoursOf> = [];
let plain: StoredAlert[] = [];
beforeAll(() => {
  hours = hoursOf('access_keys_viewed', '7');
  const day = new TunedDay();
  live(day);
  plain = day.alerts();
  day.close();
}, 120_000);

/** The whole day; `at` is called before each hour. */
async function lived(day: TunedDay, at: (hour: number) => Promise<void> | void): Promise<void> {
  for (const [hour, records] of hours.entries()) {
    await at(hour);
    day.read(records);
    day.tick();
  }
  await at(hours.length);
  day.now = END;
  day.tick();
}

function live(day: TunedDay): void {
  for (const records of hours) {
    day.read(records);
    day.tick();
  }
  day.now = END;
  day.tick();
}

/** Some of what there is, and of what there is not. */
function someOf(values: (alert: StoredAlert) => readonly (string | null)[], other: string) {
  const known = [...new Set(plain.flatMap(values).filter((one) => one !== null))];
  return fc.uniqueArray(fc.constantFrom(...known, other), { minLength: 1, maxLength: 3 });
}

const aTime = fc.record({
  from: fc.constantFrom('00:00', '02:30', '08:00', '13:00'),
  to: fc.constantFrom('00:00', '07:00', '12:00', '23:00'),
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
});

function exception(): fc.Arbitrary<ExceptionBody> {
  const match = fc.record(
    {
      rule: someOf(({ alert }) => [alert.rule], '*_changed'),
      actor: someOf(({ alert }) => alert.actors.flatMap(({ id, name }) => [id, name]), 'eve@contoso.example'),
      application: someOf(({ detail }) => detail.callers!.applications.flatMap(({ id, name }) => [id, name]), 'Other'),
      address: someOf(({ alert }) => alert.sourceIps, '192.0.2.0/24'),
      account: someOf(({ alert }) => [alert.account], '*-dev'),
      time: fc.array(aTime, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
  const narrow = ({ time: _, ...others }: object & { time?: unknown }): boolean => Object.keys(others).length > 0;
  return match.filter(narrow).map((asked) => ({
    match: asked,
    owner: 'ann@contoso.example',
    reason: 'it is meant to happen',
    expires: '2027-01-01',
  }));
}

/** One that hides every alert of a rule. */
function wholeRule(): ExceptionBody {
  const match = { rule: plain[0]!.alert.rule };
  return { match, owner: 'ann@contoso.example', reason: 'it is meant to happen', expires: '2027-01-01' };
}

function silence(until: string): fc.Arbitrary<SilenceBody> {
  const match = fc.record(
    {
      rule: someOf(({ alert }) => [alert.rule], '*_changed'),
      account: someOf(({ alert }) => [alert.account], '*-dev'),
      level: fc.constantFrom('low', 'medium', 'high', 'critical') as fc.Arbitrary<'low'>,
    },
    { requiredKeys: [] },
  );
  const narrow = (asked: object): boolean => Object.keys(asked).length > 0;
  return match
    .filter(narrow)
    .map((asked) => ({ match: asked, until, owner: 'ann@contoso.example', reason: 'maintenance' }));
}

/** By hand: is all of the alert named? */
function isNamed(stored: StoredAlert, { match }: ExceptionBody): boolean {
  const { alert, detail } = stored;
  const has = (asked: unknown, ...values: (string | null)[]): boolean =>
    [asked].flat().some((one) => values.some((value) => value !== null && (one === value || isLike(`${one}`, value))));
  if (match.rule !== undefined && !has(match.rule, alert.rule, alert.ruleId)) return false;
  if (match.account !== undefined && !has(match.account, alert.account)) return false;
  if (match.actor !== undefined && !alert.actors.every(({ id, name }) => has(match.actor, id, name))) return false;
  if (match.actor !== undefined && detail.facts.some(({ actor }) => actor === null)) return false;
  if (match.address !== undefined && !alert.sourceIps.every((ip) => has(match.address, ip))) return false;
  if (match.address !== undefined && detail.facts.some(({ sourceIp }) => sourceIp === null)) return false;
  return (
    match.application === undefined ||
    detail.facts.every(({ actor }) => actor !== null && has(match.application, actor.appId, actor.appName))
  );
}

function isLike(pattern: string, value: string): boolean {
  if (pattern === '192.0.2.0/24') return value.startsWith('192.0.2.');
  return pattern.includes('*') && new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(value);
}

describe('an exception', () => {
  it('never hides what it does not name', async () => {
    let hidden = 0;
    await fc.assert(
      fc.asyncProperty(fc.constant(0).chain(exception), fc.nat(hours.length), async (spec, at) => {
        const day = new TunedDay();
        await lived(day, (hour) => (hour === at ? day.except('one', spec) : undefined));
        for (const stored of day.alerts()) {
          const isHidden = stored.marks?.exception === 'one';
          if (isHidden) hidden += 1;
          if (isHidden) expect(isNamed(stored, spec)).toBe(true);
          const wasTold = day.told.some(({ alert }) => alert === stored.alert.id);
          if (!isHidden && stored.alert.status === 'open') expect(wasTold).toBe(true);
        }
        day.close();
      }),
      { numRuns: RUNS, examples: [[wholeRule(), 0]] },
    );
    // Else nothing was tried.
    expect(hidden).toBeGreaterThan(0);
  }, 300_000);

  it('hides what its preview said, when the day is lived again', () => {
    return fc.assert(
      fc.asyncProperty(fc.constant(0).chain(exception), async (spec) => {
        const before = new TunedDay();
        await lived(before, () => {});
        const { alerts, count, asked } = await before.preview(spec);
        expect([count, asked]).toEqual([alerts.length, before.alerts().length]);
        before.close();
        const again = new TunedDay();
        await lived(again, (hour) => (hour === 0 ? again.except('one', spec) : undefined));
        const hidden = again.alerts().filter(({ marks }) => marks?.exception === 'one');
        expect(hidden.map(({ alert }) => alert.id).sort()).toEqual(alerts.map(({ id }) => id).sort());
        const [item] = await again.exceptions.list({ subscriptions: null, labels: {} });
        expect(item!.kept).toBeGreaterThanOrEqual(count);
        again.close();
      }),
      { numRuns: RUNS },
    );
  }, 300_000);
});

/** What somebody does in the course of a day. */
type Deed =
  | { readonly kind: 'except'; readonly name: string; readonly spec: ExceptionBody }
  | { readonly kind: 'silence'; readonly name: string; readonly spec: SilenceBody };

describe('exceptions and silences', () => {
  it('in any order and at any time: in the end people were told of what is open and not hidden, once', () => {
    const evening = new Date(DEMO_DAY + 26 * HOUR).toISOString();
    const deeds = fc.constant(0).chain(() =>
      fc.record({
        exceptions: fc.array(exception(), { maxLength: 2 }),
        silences: fc.array(silence(evening), { maxLength: 2 }),
        at: fc.array(fc.nat(hours.length), { minLength: 4, maxLength: 4 }),
        other: fc.array(fc.nat(hours.length), { minLength: 4, maxLength: 4 }),
      }),
    );
    return fc.assert(
      fc.asyncProperty(deeds, async ({ exceptions, silences, at, other }) => {
        const all: Deed[] = [
          ...exceptions.map((spec, n): Deed => ({ kind: 'except', name: `e${n}`, spec })),
          ...silences.map((spec, n): Deed => ({ kind: 'silence', name: `s${n}`, spec })),
        ];
        const first = await told(all, at, evening);
        const second = await told([...all].reverse(), other, evening);
        expect(second).toEqual(first);
      }),
      { numRuns: RUNS },
    );
  }, 300_000);

  /** Nobody is told before the evening; what they know then. */
  async function told(deeds: readonly Deed[], at: readonly number[], evening: string): Promise<unknown> {
    const day = new TunedDay();
    const all = ['informational', 'low', 'medium', 'high', 'critical'] as const;
    await day.silence('all', {
      match: { level: [...all] },
      until: evening,
      owner: 'ann@contoso.example',
      reason: 'night',
    });
    await lived(day, async (hour) => {
      for (const [n, deed] of deeds.entries()) {
        if (at[n] !== hour) continue;
        if (deed.kind === 'except') await day.except(deed.name, deed.spec);
        else await day.silence(deed.name, deed.spec);
      }
    });
    const open = day.alerts().filter(({ alert, marks }) => alert.status === 'open' && marks?.exception == null);
    const known = day.told.map(({ alert }) => alert).sort();
    expect(known).toEqual(open.map(({ alert }) => alert.id).sort());
    expect(day.told.every(({ at: when }) => when >= Date.parse(evening))).toBe(true);
    day.close();
    return { known, hidden: day.told.length };
  }
});
