import type { Raised } from '../alerts/alert.ts';
import { byOpening } from '../alerts/raise.ts';
import { tellsRequests } from '../events/event.ts';
import { LEVELS, type Level, levelRank, type Rule } from '../ir/ir.ts';
import { Sorter, type Spill } from '../lib/sorter.ts';
import type { ToldAlerts as Told, ToldAlert } from '../report/context.ts';
import { completeAlert } from '../report/story.ts';

/** The alerts of a scan, sorted by firstSeen, rule and id. There may be more than memory holds, so they are given one by one. */
export interface ToldAlerts extends Told {
  /** Removes what was put on disk. */
  close(): void;
}

/** Bytes of one alert in memory, roughly. */
const SIZE = 6000;

/** Collects alerts, and sorts them outside memory if there are many. */
export class AlertSorter implements ToldAlerts {
  readonly #sorter: Sorter<Raised>;
  readonly #minRank: number;
  readonly #counts = Object.fromEntries(LEVELS.map((level) => [level, 0])) as Record<Level, number>;
  #worst: Raised | null = null;
  /** Per rule and action: the accounts it raised the rule for. Requests concern one account, so they are not kept here. */
  readonly #accounts = new Map<string, Set<string | null>>();

  constructor(spill: Spill, budget: number, minLevel: Level, rules: readonly Rule[]) {
    this.#minRank = levelRank(minLevel);
    const metas = new Map(rules.map(({ meta }) => [meta.id, meta]));
    this.#sorter = new Sorter({
      compare: byOpening,
      // A rule's texts are the same for all its alerts: they do not go to disk with each.
      encode: ({ alert, detail: { rule: _, ...detail } }) => JSON.stringify({ alert, detail }),
      decode: (line) => {
        const { alert, detail } = JSON.parse(line) as Raised;
        return { alert, detail: { ...detail, rule: metas.get(alert.ruleId)! } };
      },
      spill,
      budget,
    });
  }

  add(raised: Raised): void {
    for (const id of sharedIds(raised)) {
      const accounts = this.#accounts.get(id);
      if (accounts) accounts.add(raised.alert.account);
      else this.#accounts.set(id, new Set([raised.alert.account]));
    }
    if (levelRank(raised.alert.level) < this.#minRank) return;
    this.#counts[raised.alert.level] += 1;
    if (this.#worst === null || isWorse(raised, this.#worst)) this.#worst = raised;
    this.#sorter.add(raised, SIZE);
  }

  get length(): number {
    return this.#sorter.size;
  }

  get worst(): string | null {
    return this.#worst?.alert.id ?? null;
  }

  get counts(): Readonly<Record<Level, number>> {
    return this.#counts;
  }

  *[Symbol.iterator](): Generator<ToldAlert> {
    for (const raised of this.#sorter.sorted()) {
      const others = Math.max(0, ...sharedIds(raised).map((id) => (this.#accounts.get(id)?.size ?? 1) - 1));
      const whole = others === 0 ? raised : { ...raised, detail: { ...raised.detail, otherAccounts: others } };
      yield { alert: completeAlert(whole), raised: whole };
    }
  }

  close(): void {
    this.#sorter.close();
  }
}

function isWorse(a: Raised, b: Raised): boolean {
  const order = levelRank(a.alert.level) - levelRank(b.alert.level);
  return order > 0 || (order === 0 && byOpening(a, b) < 0);
}

function sharedIds({ alert, detail }: Raised): string[] {
  return detail.facts.filter(({ family }) => !tellsRequests(family)).map((fact) => `${alert.ruleId}|${fact.id}`);
}
