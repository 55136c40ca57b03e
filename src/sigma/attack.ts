import type { Technique } from '../ir/ir.ts';

/**
 * ATT&CK tactics by the name that Sigma tags use (`_` or `-` between words). Both the tactics of v18 and those of v19, which renamed
 * TA0005 to Stealth and split Defense Impairment off.
 */
const TACTICS: ReadonlyMap<string, string> = new Map([
  ['reconnaissance', 'TA0043'],
  ['resource-development', 'TA0042'],
  ['initial-access', 'TA0001'],
  ['execution', 'TA0002'],
  ['persistence', 'TA0003'],
  ['privilege-escalation', 'TA0004'],
  ['defense-evasion', 'TA0005'],
  ['stealth', 'TA0005'],
  ['defense-impairment', 'TA0112'],
  ['credential-access', 'TA0006'],
  ['discovery', 'TA0007'],
  ['lateral-movement', 'TA0008'],
  ['collection', 'TA0009'],
  ['command-and-control', 'TA0011'],
  ['exfiltration', 'TA0010'],
  ['impact', 'TA0040'],
]);

/** Tags name tactics and techniques side by side. A technique belongs to the tactic before it, else to the first one, else to none. */
export function techniquesOfTags(tags: readonly string[]): Technique[] {
  const names = tags.filter((tag) => /^attack\./i.test(tag)).map((tag) => tag.slice('attack.'.length).toLowerCase());
  const tacticOf = (name: string): string | undefined => TACTICS.get(name.replaceAll('_', '-'));
  const first = names.map(tacticOf).find((tactic) => tactic !== undefined) ?? '';
  const techniques: Technique[] = [];
  let current = first;
  for (const name of names) {
    current = tacticOf(name) ?? current;
    if (/^t\d{4}(\.\d{3})?$/.test(name)) techniques.push({ tactic: current, technique: name.toUpperCase() });
  }
  return techniques;
}

/** The tactics as tags name them. */
export function tacticTags(): string[] {
  return [...TACTICS.keys()];
}
