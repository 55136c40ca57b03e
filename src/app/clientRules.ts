import { compilePartial } from '../engine/partial.ts';
import type { Rule } from '../ir/ir.ts';
import { FIRST_USE, LARGE_READ } from '../relate/firstUse.ts';

/** The rules that can find something where it is not learnt who uses the data. */
export function withoutClientRules(rules: readonly Rule[]): readonly Rule[] {
  const byId = new Map(rules.map((rule) => [rule.meta.id, rule]));
  const needs = (rule: Rule | undefined): boolean => {
    if (rule === undefined) return false;
    if (rule.kind === 'detection') return asksByName(rule);
    const isTemporal = rule.type.startsWith('temporal') && rule.expression === null;
    return isTemporal ? rule.rules.some((id) => needs(byId.get(id))) : rule.rules.every((id) => needs(byId.get(id)));
  };
  return rules.filter((rule) => !needs(rule));
}

function asksByName({ match }: Extract<Rule, { kind: 'detection' }>): boolean {
  const partial = compilePartial(match);
  const asks = (action: string): boolean => partial({ 'event.action': action }) !== 'no';
  return (asks(FIRST_USE) || asks(LARGE_READ)) && !asks('');
}
