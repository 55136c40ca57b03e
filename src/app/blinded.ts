import type { Raised } from '../alerts/alert.ts';
import { isAbsence, type Rule } from '../ir/ir.ts';
import { ruleSet } from './ask.ts';
import { familiesFor } from './coverage.ts';

/** Logs that no diagnostic setting of an account delivers. */
const FROM_ELSEWHERE: ReadonlySet<string> = new Set(['activitylog', 'auditevent']);

interface Need {
  readonly name: string;
  /** Lower case. */
  readonly logs: readonly string[];
}

/** Which rules find something in the logs of accounts only, and in which. Worked out when it is first asked: it takes a while. */
export class Blinded {
  readonly #rules: readonly Rule[];
  readonly #seenBy: Pick<ReadonlyMap<string, ReadonlySet<string>>, 'get'>;
  #needs: readonly Need[] | null = null;

  /** @param seenBy the logs that each account was seen to write: which ones it could write depends on its API */
  constructor(rules: readonly Rule[], seenBy: Pick<ReadonlyMap<string, ReadonlySet<string>>, 'get'>) {
    this.#rules = rules;
    this.#seenBy = seenBy;
  }

  /** The rules that can find nothing any more in what an account still delivers; null: the alert is not about that. */
  by({ alert, detail }: Raised): readonly string[] | null {
    const cut = detail.facts.findLast((fact) => fact.change?.effect === 'weakened' && Array.isArray(delivered(fact)));
    if (cut === undefined) return null;
    const written = new Set([...(this.#seenBy.get(alert.account ?? '') ?? [])].map((log) => log.toLowerCase()));
    const left = new Set(
      (delivered(cut) as readonly string[]).map((log) => log.toLowerCase()).filter((log) => written.has(log)),
    );
    this.#needs ??= needsOf(this.#rules);
    return this.#needs.filter(({ logs }) => !logs.some((log) => left.has(log))).map(({ name }) => name);
  }
}

function needsOf(rules: readonly Rule[]): Need[] {
  const set = ruleSet(rules);
  return (
    rules
      // Silence is what a rule of absence is for.
      .filter((rule) => rule.alerts && !isAbsence(rule))
      .map((rule) => ({ name: rule.meta.name, logs: familiesFor(rule, set).map((family) => family.toLowerCase()) }))
      .filter(({ logs }) => logs.length > 0 && !logs.some((log) => FROM_ELSEWHERE.has(log)))
  );
}

function delivered({ fields }: Raised['detail']['facts'][number]) {
  return fields['azure.diagnostic_setting.delivers'];
}
