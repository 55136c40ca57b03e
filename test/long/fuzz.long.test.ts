import { expect, it } from 'vitest';
import { cases, filesBelow } from '../conformance/data.test-support.ts';
import { fuzzRules } from '../support/fuzz.ts';

/** With other projects' seeds where they are there. The time a rule takes is told, not asserted: the machine may be busy. */
it('100,000 rules with something changed', () => {
  const evaluated = ['rsigma', 'sigma-go', 'sigmalite'].flatMap((name) =>
    cases<{ rule_yaml: string }>(`sigma-eval/${name}.json`),
  );
  const accepted = cases<{ rule_yaml: string }>('pysigma/rule-parse-pairs.json');
  const seeds = [
    ...filesBelow('fuzz-seeds').flatMap(({ text }) => [text, ...stringsIn(text)]),
    ...filesBelow('sigmahq/azure').map(({ text }) => text),
    ...[...evaluated, ...accepted].map(({ rule_yaml: text }) => text),
  ];
  const seed = Number(process.env['COSMOWATCH_SEED'] ?? 1);
  const { loaded, largest, misplaced, cureless, polluted, times, slowest } = fuzzRules(100_000, seeds, seed);
  const at = (share: number): string => `${times[Math.floor((times.length - 1) * share)]!.toFixed(2)} ms`;
  const slow = times.filter((time) => time > 50).length;
  console.log(
    `seed ${seed}: half ${at(0.5)}, 99 of 100 ${at(0.99)}, slowest ${at(1)}; ${slow} over 50 ms; ${loaded} rules`,
  );
  if (slow > 0) console.log(slowest.text.slice(0, 2000));
  expect(loaded).toBeGreaterThan(30_000);
  expect(largest).toBeLessThan(100_000);
  expect(misplaced).toEqual([]);
  expect(cureless).toEqual([]);
  expect(polluted).toEqual([]);
});

/** Go's own form of fuzz cases: one quoted string a line. */
function stringsIn(text: string): string[] {
  return [...text.matchAll(/^string\((".*")\)$/gm)].flatMap(([, quoted]) => {
    try {
      return [JSON.parse(quoted!) as string];
    } catch {
      return [];
    }
  });
}
