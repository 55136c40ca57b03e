import type { Level } from '../ir/ir.ts';
import { visibleCharacters } from '../lib/visible.ts';
import type { StoredAlert } from './stored.ts';

type OneOrMore = string | readonly string[];

/** What routes, silences and exceptions ask of an alert. Everything named must hold; of a list, one. `*` stands for any letters. */
export interface Match {
  readonly level?: Level | readonly Level[] | undefined;
  readonly rule?: OneOrMore | undefined;
  readonly account?: OneOrMore | undefined;
  readonly subscription?: OneOrMore | undefined;
  readonly tags?: OneOrMore | undefined;
  readonly labels?: Readonly<Record<string, OneOrMore>> | undefined;
}

/** What of an alert is asked. */
export type Routable = Pick<StoredAlert, 'alert' | 'subscription' | 'labels'>;

/** One thing that a match asks for: its name, the patterns of which one must fit, and what the alert has. */
interface Asked {
  readonly name: string;
  readonly patterns: readonly string[];
  readonly values: readonly string[];
}

/** Whether an alert matches, and why: all that holds, or the first thing that does not. */
export function matching(match: Match, stored: Routable): { readonly matched: boolean; readonly why: string } {
  const reasons: string[] = [];
  for (const { name, patterns, values } of askedOf(match, stored)) {
    const found = fitting(patterns, values);
    if (found === null) {
      const has = values.length === 0 ? 'not known' : listed(values);
      return { matched: false, why: `${name} is ${has}, not ${listed(patterns)}` };
    }
    const { pattern, value } = found;
    const isWild = pattern.includes('*');
    reasons.push(isWild ? `${name} ${visibleCharacters(value)} matches ${pattern}` : `${name} is ${pattern}`);
  }
  return { matched: true, why: reasons.length === 0 ? 'every alert matches' : reasons.join('; ') };
}

function fitting(patterns: readonly string[], values: readonly string[]): { pattern: string; value: string } | null {
  for (const pattern of patterns) {
    const value = values.find((one) => fits(pattern, one));
    if (value !== undefined) return { pattern, value };
  }
  return null;
}

/** Case does not count: nothing that is asked for is told apart by it. */
export function fits(pattern: string, value: string): boolean {
  const [first = '', ...others] = pattern.toLowerCase().split('*');
  const text = value.toLowerCase();
  if (others.length === 0) return text === first;
  const last = others.pop()!;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** What a match asks of an alert. */
function askedOf(match: Match, stored: Routable): readonly Asked[] {
  const { alert, subscription, labels } = stored;
  const values: Readonly<Record<string, readonly string[]>> = {
    level: [alert.level],
    rule: [alert.rule, alert.ruleId],
    // By its name or its whole id; what is shown is the name.
    account: alert.account === null ? [] : [alert.account.slice(alert.account.lastIndexOf('/') + 1), alert.account],
    subscription: subscription === null ? [] : [subscription],
    routine: [`${alert.routine !== null}`],
    tags: alert.attack.flatMap(({ tactic, technique }) => [technique, tactic, `attack.${technique}`]),
  };
  return patternsOf(match).map(({ name, patterns }) => {
    const label = name.startsWith('label ') ? name.slice(6) : null;
    if (label === null) return { name, patterns, values: values[name]! };
    return { name, patterns, values: Object.hasOwn(labels, label) ? [labels[label]!] : [] };
  });
}

/** What a match asks for, by name; labels are `label environment`. */
export function patternsOf({ labels = {}, ...others }: Match): readonly Omit<Asked, 'values'>[] {
  return [
    ...Object.entries(others).flatMap(([name, asked]) =>
      asked === undefined ? [] : [{ name, patterns: list(asked) }],
    ),
    ...Object.entries(labels).map(([name, asked]) => ({ name: `label ${name}`, patterns: list(asked) })),
  ];
}

/** One or several, as a list. */
export function list(asked: OneOrMore | boolean): readonly string[] {
  return typeof asked === 'object' ? asked : [`${asked}`];
}

function listed(texts: readonly string[]): string {
  return texts.map(visibleCharacters).slice(0, 3).join(' or ');
}
