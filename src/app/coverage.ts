import { compilePartial } from '../engine/partial.ts';
import { outcomesOf } from '../events/actions.ts';
import type { Family } from '../events/event.ts';
import { FAMILIES, SIGNS_OF_LIFE } from '../events/families/index.ts';
import type { Detection, Match, Rule } from '../ir/ir.ts';
import type { RuleCoverage } from '../report/logStats.ts';
import { type RuleSet, ruleSet } from './ask.ts';
import { factActionsOf } from './factActions.ts';

/** The logs of which a rule could match a record, by what its compiled condition asks of log and action. */
export function familiesFor(rule: Rule, set: RuleSet): readonly Family[] {
  const bases = basesOf(rule, false, set);
  return FAMILIES.map(({ family }) => family).filter((family) =>
    bases.some(({ detection: { match }, waits }) => (waits ? couldBeOf(match, family) : couldTell(match, family))),
  );
}

interface Base {
  readonly detection: Detection;
  readonly waits: boolean;
}

/** The detections that a rule asks of records: itself, or those that it counts or waits for. */
function basesOf(rule: Rule, waits: boolean, set: RuleSet): readonly Base[] {
  if (rule.kind === 'detection') return [{ detection: rule, waits }];
  return set.counted(rule).flatMap((one) => basesOf(one, set.waits(rule), set));
}

function couldBeOf(match: Match, family: Family): boolean {
  return compilePartial(match)({ 'event.family': family }) !== 'no';
}

/** An action that no log is known to tell may still be the raw name of an operation: then only the log decides. */
function couldTell(match: Match, family: Family): boolean {
  if (SIGNS_OF_LIFE.has(family)) return false;
  const partial = compilePartial(match);
  const tells = (one: Family) =>
    [...factActionsOf(one)].some((action) =>
      outcomesOf(one).some(
        (outcome) => partial({ 'event.family': one, 'event.action': action, 'event.outcome': outcome }) !== 'no',
      ),
    );
  if (tells(family)) return true;
  return couldBeOf(match, family) && !FAMILIES.some((other) => tells(other.family));
}

/**
 * What each rule that raises alerts could find in logs of which there are records.
 * @param seen the logs there are @param byAccount the logs of each account
 */
export function coverageOf(
  rules: readonly Rule[],
  seen: ReadonlySet<string>,
  byAccount: readonly (readonly string[])[],
): RuleCoverage[] {
  const set = ruleSet(rules);
  return rules
    .filter((rule) => rule.alerts)
    .map((rule) => {
      const families = familiesFor(rule, set);
      return {
        rule: rule.meta.name,
        present: families.filter((family) => seen.has(family)),
        absent: families.filter((family) => !seen.has(family)),
        accounts: byAccount.filter((own) => families.some((family) => own.includes(family))).length,
      };
    });
}
