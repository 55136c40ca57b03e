import { describe, expect, it } from 'vitest';
import { normalise } from '../events/normalise.ts';
import type { Rule } from '../ir/ir.ts';
import type { JsonObject } from '../lib/json.ts';
import { loadRules } from '../sigma/load.ts';
import { PartsReader } from '../sigma/parts.ts';
import { DEMO_DAY, simulate } from '../simulate/simulate.ts';
import { ask, ruleSet } from './ask.ts';
import { EVERY_FORM } from './everyForm.test-support.ts';
import { explainRule } from './explainRule.ts';
import { factsOf } from './recordFacts.ts';
import { ruleLooks } from './ruleLooks.ts';
import { BUILT_IN, readRuleFiles } from './rules.ts';
import { scanTexts } from './scan.ts';

const LOGSOURCE = 'logsource: {product: azure, service: cosmosdb}';

function detection(name: string, selection: string): string {
  return `title: ${name}\nname: ${name}\n${LOGSOURCE}\ndetection: {s: {${selection}}, condition: s}\nlevel: low\n`;
}

function correlation(name: string, body: string): string {
  return `title: ${name}\nname: ${name}\ncorrelation: {timespan: 10m, ${body}}\nlevel: low\n`;
}

/** What the built-in rules do not do. */
const OWN = [
  detection('anything', 'event.family|exists: true'),
  detection('signs', 'event.family: PartitionKeyStatistics'),
  detection('raw_field', 'callerIpAddress|exists: true'),
  detection('changes', 'cosmosdb.change.property|exists: true'),
  detection('writes', 'event.action: cosmosdb.account.write'),
  detection('by_key', 'actor.type: key'),
  correlation('of_addresses', 'type: event_count, rules: anything, group-by: [source.ip], condition: {gte: 1}'),
  correlation('of_weather', 'type: event_count, rules: anything, group-by: [properties.weather], condition: {gte: 1}'),
  correlation('containers', 'type: value_count, rules: by_key, condition: {field: cosmosdb.container, gte: 1}'),
  correlation(
    'properties',
    'type: event_count, rules: [writes, changes], group-by: [cosmosdb.change.property], condition: {gte: 1}',
  ),
  correlation('again', 'type: event_count, rules: of_addresses, group-by: [source.ip], condition: {gte: 1}'),
  correlation('silence', 'type: event_count, rules: signs, group-by: [cosmosdb.account], condition: {lt: 1}'),
  correlation(
    'silence_of_facts',
    'type: event_count, rules: raw_field, group-by: [cosmosdb.account], condition: {lt: 1}',
  ),
].join('---\n');

const FILES = [...readRuleFiles([BUILT_IN]), { file: 'own.yml', text: OWN }];
const { rules: LOADED, diagnostics } = loadRules(FILES);
/** Also those that only others count raise alerts, so that a scan tells of each. */
const RULES = LOADED.map((rule): Rule => ({ ...rule, alerts: true }));
const SET = ruleSet(RULES);
const READER = new PartsReader(FILES, {});
const LATER = DEMO_DAY + 7 * 86_400_000;
const AT = { source: 'x', line: 1, index: 0 };

function simulated(scenario: string): JsonObject[] {
  const options = { scenario, seed: '1', days: 1, start: DEMO_DAY, recordsPerDay: 60, variant: 'mixed' } as const;
  return [...simulate(options).records].map(({ line }) => JSON.parse(line) as JsonObject);
}

/** One record of each log, variant, action and outcome. */
function everyKind(): ReadonlyMap<string, JsonObject> {
  const scenarios = [
    'theft',
    'network_access_changed',
    'customer_managed_key_changed',
    'logging_changed',
    'api_mongodb',
  ];
  const kinds = new Map<string, JsonObject>();
  for (const record of [...EVERY_FORM.map(([, one]) => one), ...scenarios.flatMap(simulated)]) {
    const read = normalise(record, AT, { now: LATER });
    if (read.kind !== 'event') continue;
    const { family, variant, action, outcome } = read.event;
    const kind = `${family} ${variant} ${action} ${outcome} ${factsOf(read.event).facts.length}`;
    if (!kinds.has(kind)) kinds.set(kind, record);
  }
  return kinds;
}

/** Names of rules that count or match the record, as rules explain says. */
function explained(record: JsonObject): string[] {
  const facts = factsOf(eventOf(record));
  return RULES.filter((rule) => explainRule(ask(rule, facts, SET), READER).holds).map(({ meta }) => meta.name);
}

/** The same as logs explain says. */
function looked(record: JsonObject): string[] {
  const looks = ruleLooks(eventOf(record), SET);
  const names = new Set(
    looks.filter(({ role, verdict }) => role !== 'remembers' && verdict.kind === 'matches').map(({ rule }) => rule),
  );
  return RULES.filter(({ meta }) => names.has(meta.name)).map(({ meta }) => meta.name);
}

function eventOf(record: JsonObject) {
  const read = normalise(record, AT, { now: LATER });
  if (read.kind !== 'event') throw new Error(JSON.stringify(read));
  return read.event;
}

/** Does one record that is counted raise an alert? */
function firesAtOne(rule: Rule): boolean {
  if (rule.kind === 'detection') return true;
  if (rule.type.startsWith('temporal')) return new Set(rule.rules).size === 1;
  return rule.conditions.every(({ op, value }) => op === 'gte' && value === 1);
}

function scanned(record: JsonObject): string[] {
  const { told } = scanTexts([{ name: 'x', chunks: [Buffer.from(JSON.stringify(record))] }], RULES, {
    ...{ since: null, until: null, nowMs: LATER, expectAccounts: [], minLevel: 'informational', skim: true },
  });
  const raised = new Set([...told].map(({ alert }) => alert.rule));
  return RULES.filter((rule) => firesAtOne(rule) && raised.has(rule.meta.name)).map(({ meta }) => meta.name);
}

describe('what both commands say of a record alone', () => {
  const kinds = everyKind();
  it('the rules are as they are meant', () => {
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(kinds.size).toBeGreaterThan(80);
  });

  it('is the same, and what a scan of it raises', () => {
    const seen = new Set<string>();
    for (const [kind, record] of kinds) {
      const said = explained(record);
      expect(looked(record), kind).toEqual(said);
      expect(scanned(record), kind).toEqual(
        said.filter((name) => firesAtOne(RULES.find(({ meta }) => meta.name === name)!)),
      );
      for (const name of said) seen.add(name);
    }
    const never = RULES.map(({ meta }) => meta.name).filter((name) => !seen.has(name));
    // What needs the records before it; a sign of life, which is no fact; and weather, which no log tells.
    expect(never).toEqual([
      'cosmosdb_customer_managed_key_changed',
      'cosmosdb_deletion_protection_disabled',
      'cosmosdb_key_used_from_new_address',
      'cosmosdb_logging_changed',
      'cosmosdb_key_used_by_new_client',
      'cosmosdb_new_client_reads_much',
      'signs',
      'of_weather',
    ]);
  });
});
