import { parseArgs } from 'node:util';
import { LEVELS, type Level, levelRank } from '../src/ir/ir.ts';
import { THEFT_KINDS } from '../src/simulate/tenancy.ts';
import { isLouder, judgeTenancy, kindFor, type Outcome } from '../test/support/quality.ts';

/*
 * How loud cosmowatch is in ordinary months of one account, and whether it is louder where something is stolen: `node bench/quality.ts`.
 * docs/quality.md shows what it prints.
 */

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '200' }, days: { type: 'string', default: '90' } },
});
const [seeds, days] = [Number(values.seeds), Number(values.days)];

const outcomes: Outcome[] = [];
for (let number = 0; number < seeds; number++) outcomes.push(judgeTenancy(`${number}`, days, kindFor(number)));

const share = (part: number, all: number): string => `${part} of ${all} (${((100 * part) / all).toFixed(1)} %)`;
const print = (...cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);

console.log(`${seeds} seeds, ${days} days each\n`);

print('theft', 'louder than every routine alert', 'of level high');
print('---', '---', '---');
for (const kind of THEFT_KINDS) {
  const own = outcomes.filter(({ theft }) => theft?.kind === kind);
  const high = own.filter(({ theft }) => theft!.level !== null && levelRank(theft!.level) >= levelRank('high'));
  if (own.length > 0) print(kind, share(own.filter(isLouder).length, own.length), share(high.length, own.length));
}

console.log('');
print('alerts of a month', ...LEVELS.map((level) => `${level}: median (most)`));
print('---', ...LEVELS.map(() => '---'));
for (const [name, months] of [
  ['the first, in which everything is learnt', outcomes.flatMap(({ months: all }) => all.slice(0, 1))],
  ['every later one', outcomes.flatMap(({ months: all }) => all.slice(1))],
] as const) {
  const cell = (level: Level): string => {
    const counts = months.map((month) => month[level]).sort((a, b) => a - b);
    return `${counts[Math.floor(counts.length / 2)] ?? 0} (${counts.at(-1) ?? 0})`;
  };
  print(name, ...LEVELS.map(cell));
}

const [all, lowered] = outcomes.reduce(([a, b], { routine }) => [a + routine.all, b + routine.lowered], [0, 0]);
console.log(`\nAlerts of ordinary life that are told as routine: ${share(lowered, all)}`);
