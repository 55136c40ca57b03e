import { withoutClientRules } from '../../../src/app/clientRules.ts';
import { comparable, MANY_DELETIONS, productAlerts, RULES } from '../product.ts';
import { naiveAlerts } from './alerts.ts';
import { type Stream, textOf } from './streams/streams.ts';
import type { NaiveAlert, NaiveInput, Raw } from './types.ts';

/** The second reading knows nothing of tuning, nor of who is new to an account: levels are those of the rules. */
const PLAIN = withoutClientRules(RULES).map((rule) => ({ ...rule, meta: { ...rule.meta, routine: false } }));

/** Where the product and the second reading of the specification differ; null: nowhere. */
export function disagreement(stream: Stream): string | null {
  const input: NaiveInput = {
    records: stream.lines.map(({ record }) => record as Raw),
    declared: stream.declared,
    manyDeletions: MANY_DELETIONS,
  };
  const product = productAlerts({ files: [textOf(stream)], declared: stream.declared, rules: PLAIN }).map(comparable);
  const [wanted, got] = [naiveAlerts(input), product].map((alerts) => alerts.map(lineOf)) as [string[], string[]];
  const differences = [
    ...minus(wanted, got).map((line) => `specification: ${line}`),
    ...minus(got, wanted).map((line) => `product:       ${line}`),
  ];
  return differences.length === 0 ? null : differences.join('\n');
}

/** What is in the first list more often than in the second. */
function minus(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function lineOf(alert: NaiveAlert): string {
  const { rule, account, key, firstSeen, lastSeen, count, level, status, actors, caller, changes } = alert;
  const keys = Object.keys(key).sort();
  return [
    rule.replace('cosmosdb_', ''),
    account?.split('/').at(-1),
    `${firstSeen}..${lastSeen}`,
    `count ${count} ${level} ${status} caller ${caller}`,
    `actors ${actors.join()}`,
    ...keys.filter((name) => name !== 'cosmosdb.account').map((name) => `${name}=${key[name]}`),
    ...changes,
  ].join('; ');
}
