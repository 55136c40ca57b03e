import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tellAgain } from '../../alerts/lifecycle.ts';
import type { AlertNews, StoredAlert } from '../../alerts/stored.ts';
import { realAlerts } from '../../notify/news.test-support.ts';
import type { Addressee } from '../../notify/ports.ts';
import { AlertStore } from '../../store/alerts.ts';
import { Db } from '../../store/db.ts';
import { SqliteOutbox } from '../../store/outbox.ts';
import { exceptionOf } from '../../tuning/exception.ts';
import { silenceOf } from '../../tuning/silence.ts';
import type { Tuning } from '../../tuning/standing.ts';
import { Gate } from './gate.ts';

/* The gate over a real store, with stories that are made by hand. */

const NOW = Date.parse('2026-11-25T00:00:00Z');
const END = NOW + 3_600_000;
const TEAM: Addressee = { receiver: 'team/0', groupWait: 60_000, repeat: null };
const OWNED = { owner: 'ann@contoso.example', reason: 'planned' };

/** Three alerts of one account: the second may be inhibited by the first. */
const [STRONG, WEAK, OTHER] = ['a', 'b', 'c'].map((letter, at): StoredAlert => {
  const one = realAlerts()[at]!;
  const alert = {
    ...realAlerts()[0]!.alert,
    rule: `rule_${letter}`,
    id: letter.repeat(32),
    settledId: letter.repeat(32),
    inhibitedBy: null,
  };
  return { ...one, alert, detail: { ...realAlerts()[0]!.detail, isOngoing: false } };
}) as [StoredAlert, StoredAlert, StoredAlert];

class Bench {
  readonly told: string[] = [];
  now = NOW;
  readonly #db = new Db(':memory:');
  readonly #alerts = new AlertStore(this.#db);
  readonly #outbox = new SqliteOutbox(this.#db);
  readonly gate = new Gate(this.#db, {
    alert: (id) => this.#alerts.get(id),
    tellAgain: (id, kind, why) => {
      const news = tellAgain(this.#alerts.get(id)!, kind, why, this.now);
      this.#save(news.stored);
      return news;
    },
  });

  constructor() {
    this.#alerts.setRules([STRONG.detail.rule]);
  }

  hear(stored: StoredAlert, kind: AlertNews['kind'] = 'opened'): void {
    const revision = (this.#alerts.get(stored.alert.id)?.revision ?? 0) + 1;
    const next = { ...stored, revision };
    this.#save(next);
    this.#send(this.gate.pass([{ kind, stored: next, why: kind }], this.now).told);
  }

  use(tuning: Partial<Tuning>): void {
    this.gate.use({ exceptions: [], silences: [], ...tuning });
    this.tick();
  }

  tick(): void {
    this.#send(this.gate.tick(this.now));
  }

  /** Messages that wait are sent. */
  send(): void {
    for (const { id, alert, kind } of this.#outbox.waiting(0, 100)) {
      this.#outbox.settle(id, { kind: 'delivered', ref: null, also: [], again: null }, this.now);
      this.told.push(`${kind} ${alert[0]}`);
    }
  }

  marks(stored: StoredAlert): StoredAlert['marks'] {
    return this.#alerts.get(stored.alert.id)!.marks;
  }

  close(): void {
    this.#db.close();
  }

  #send(news: readonly AlertNews[]): void {
    for (const one of news) this.#outbox.enqueue(one, [TEAM], this.now);
  }

  #save(stored: StoredAlert): void {
    this.#alerts.save(stored, {
      ruleId: stored.alert.ruleId,
      fold: '{}',
      scope: '',
      opened: 1,
      last: 1,
      hasControl: true,
      digest: '',
      caller: null,
    });
  }
}

function bench(run: (one: Bench) => void): string[] {
  const one = new Bench();
  try {
    run(one);
    one.send();
    return one.told;
  } finally {
    one.close();
  }
}

/** As stories mark it. */
function inhibited(stored: StoredAlert, by: StoredAlert): StoredAlert {
  return { ...stored, alert: { ...stored.alert, inhibitedBy: by.alert.id } } as unknown as StoredAlert;
}

const hides = (stored: StoredAlert, id = 'hides') =>
  exceptionOf(id, { ...OWNED, match: { rule: stored.alert.rule }, expires: '2027-01-01' }, {});
const silences = (stored: StoredAlert, id = 'hush', until = new Date(END).toISOString()) =>
  silenceOf(id, { ...OWNED, match: { rule: stored.alert.rule }, until });

describe('the gate', () => {
  it('without anything, everything is told', () => {
    expect(bench((one) => [STRONG, WEAK, OTHER].map((stored) => one.hear(stored)))).toEqual([
      'opened a',
      'opened b',
      'opened c',
    ]);
  });

  it('what is hidden is told to nobody, and once the exception is taken away', () => {
    const told = bench((one) => {
      one.use({ exceptions: [hides(WEAK)] });
      one.hear(WEAK);
      one.send();
      expect([one.told, one.marks(WEAK)]).toEqual([[], { exception: 'hides', silencedBy: null, silencedUntil: null }]);
      one.hear(WEAK, 'amended');
      one.use({});
      one.tick();
    });
    expect(told).toEqual(['opened b']);
  });

  it('what waits to be told when it is hidden is not told', () => {
    const told = bench((one) => {
      one.hear(WEAK);
      one.use({ exceptions: [hides(WEAK)] });
      one.send();
      expect(one.told).toEqual([]);
      one.use({});
    });
    expect(told).toEqual(['opened b']);
  });

  it('a silence ends: what is still open is told, once, and what was resolved is not', () => {
    const told = bench((one) => {
      one.use({ silences: [silences(WEAK), silences(OTHER)] });
      one.hear(WEAK);
      one.hear(WEAK, 'amended');
      one.hear(OTHER);
      one.hear({ ...OTHER, alert: { ...OTHER.alert, status: 'resolved', resolution: 'ended' } }, 'resolved');
      one.now = END - 1;
      one.tick();
      one.send();
      expect(one.told).toEqual([]);
      one.now = END;
      one.tick();
      one.tick();
    });
    expect(told).toEqual(['opened b']);
  });

  it('who was told of it hears in a silence that it is resolved, and nothing else', () => {
    const told = bench((one) => {
      one.hear(WEAK);
      one.send();
      one.use({ silences: [silences(WEAK)] });
      one.hear(WEAK, 'amended');
      one.hear({ ...WEAK, alert: { ...WEAK.alert, status: 'resolved', resolution: 'ended' } }, 'resolved');
      one.send();
      one.now = END;
      one.tick();
    });
    expect(told).toEqual(['opened b', 'resolved b']);
  });

  it('a silence that begins later keeps back what waits then', () => {
    const told = bench((one) => {
      const from = new Date(NOW + 1000).toISOString();
      const later = silenceOf('later', {
        ...OWNED,
        match: { rule: WEAK.alert.rule },
        from,
        until: new Date(END).toISOString(),
      });
      one.use({ silences: [later] });
      one.hear(WEAK);
      one.now = NOW + 2000;
      one.tick();
      one.send();
      expect([one.told, one.marks(WEAK)?.silencedBy]).toEqual([[], 'later']);
      one.now = END;
      one.tick();
    });
    expect(told).toEqual(['opened b']);
  });

  it('a weaker alert is not told beside the stronger one, but is where that one is hidden', () => {
    expect(bench((one) => [STRONG, inhibited(WEAK, STRONG)].map((stored) => one.hear(stored)))).toEqual(['opened a']);
    const hidden = bench((one) => {
      one.hear(STRONG);
      one.hear(inhibited(WEAK, STRONG));
      one.use({ exceptions: [hides(STRONG)] });
    });
    expect(hidden).toEqual(['opened b']);
  });

  it('tells why, step by step', () => {
    bench((one) => {
      one.use({ exceptions: [hides(WEAK)], silences: [silences(WEAK)] });
      one.hear(WEAK);
      one.hear(WEAK, 'amended');
      one.now = END;
      one.use({});
      expect(one.gate.steps(WEAK.alert.id).map(({ step, text }) => `${step}: ${text}`)).toEqual([
        'excepted: hidden by hides: planned (ann@contoso.example); rule is rule_b',
        'silenced: kept back by hush: planned (ann@contoso.example), until 2026-11-25T01:00Z',
        'excepted: no exception covers it any more: hides',
        'silenced: not silenced any more: hush',
      ]);
    });
  });

  it('in any order of exceptions, silences, inhibition and news, the same is told in the end', () => {
    const night = silenceOf('night', {
      ...OWNED,
      match: { level: ['high', 'critical', 'medium', 'low'] },
      until: new Date(END).toISOString(),
    });
    const steps = ['exception', 'silence', 'strong', 'weak', 'inhibit', 'other', 'amend'] as const;
    const exceptions = { strong: hides(STRONG, 'x'), weak: hides(WEAK, 'x'), other: hides(OTHER, 'x'), none: null };
    const hushed = { strong: STRONG, weak: WEAK, other: OTHER, none: null };
    const who = fc.constantFrom('strong', 'weak', 'other', 'none') as fc.Arbitrary<keyof typeof exceptions>;
    fc.assert(
      fc.property(who, who, fc.shuffledSubarray([...steps], { minLength: steps.length }), (hidden, hush, order) => {
        const told = bench((one) => {
          let tuning: Tuning = { exceptions: [], silences: [night] };
          let isInhibited = false;
          const known = new Set<string>();
          const hear = (name: 'strong' | 'weak' | 'other', kind: AlertNews['kind']): void => {
            known.add(name);
            const stored = { strong: STRONG, weak: isInhibited ? inhibited(WEAK, STRONG) : WEAK, other: OTHER }[name];
            one.hear(stored, kind);
          };
          one.use(tuning);
          for (const step of order) {
            if (step === 'exception' && exceptions[hidden] !== null)
              tuning = { ...tuning, exceptions: [exceptions[hidden]] };
            if (step === 'silence' && hushed[hush] !== null)
              tuning = { ...tuning, silences: [...tuning.silences, silences(hushed[hush], 'hush', '2026-11-26')] };
            if (step === 'exception' || step === 'silence') one.use(tuning);
            if (step === 'inhibit') isInhibited = true;
            if (step === 'inhibit' && known.has('weak')) hear('weak', 'amended');
            if (step === 'strong' || step === 'weak' || step === 'other') hear(step, 'opened');
            if (step === 'amend') for (const name of [...known]) hear(name as 'weak', 'amended');
            one.send();
          }
          expect(one.told).toEqual([]);
          one.now = END;
          one.tick();
        });
        const isTold = { strong: true, weak: hidden === 'strong', other: true };
        const expected = (['strong', 'weak', 'other'] as const).filter(
          (name) => isTold[name] && hidden !== name && hush !== name,
        );
        expect([...told].sort()).toEqual(
          expected.map((name) => `opened ${{ strong: 'a', weak: 'b', other: 'c' }[name]}`).sort(),
        );
      }),
      { numRuns: 150 },
    );
  });
});
