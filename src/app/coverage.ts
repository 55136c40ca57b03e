import { compilePartial } from '../engine/partial.ts';
import { outcomesOf } from '../events/actions.ts';
import type { Family } from '../events/event.ts';
import { FAMILIES, SIGNS_OF_LIFE } from '../events/families/index.ts';
import type { Match, Rule } from '../ir/ir.ts';
import type { RuleCoverage } from '../report/logStats.ts';
import { factActionsOf } from './factActions.ts';
import { basesOf } from './ruleLooks.ts';

/** The logs of which a rule could match a record, by what its compiled condition asks of log and action. */
export function familiesFor(rule: Rule, byId: ReadonlyMap<string, Rule>): readonly Family[] {
  const bases = basesOf(rule, byId).filter(({ role }) => role !== 'remembers');
  return FAMILIES.map(({ family }) => family).filter((family) =>
    bases.some(({ detection, role }) =>
      role === 'waits' ? couldBeOf(detection.match, family) : couldTell(detection.match, family),
    ),
  );
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
  const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));
  return rules
    .filter((rule) => rule.alerts)
    .map((rule) => {
      const families = familiesFor(rule, byId);
      return {
        rule: rule.meta.name,
        present: families.filter((family) => seen.has(family)),
        absent: families.filter((family) => !seen.has(family)),
        accounts: byAccount.filter((own) => families.some((family) => own.includes(family))).length,
      };
    });
}
