import { describe, expect, test } from 'vitest';
import { normalise } from '../events/normalise.ts';
import type { JsonObject } from '../lib/json.ts';
import { diskSpill } from '../lib/spill.ts';
import { foreknow } from '../relate/foreknown.ts';
import { Relate } from '../relate/relate.ts';
import { Sightings } from '../relate/sightings.ts';
import { SCENARIOS } from '../simulate/attacks.ts';
import { DEMO_DAY, simulate } from '../simulate/simulate.ts';
import { factActions } from './factActions.ts';

/** Action of a record -> actions of the facts that tell it. */
function pairsOf(scenario: string): Set<string> {
  const sightings = new Sightings();
  const relate = new Relate({ spill: () => diskSpill(), budget: 1e9, sightings, foreknown: foreknow([], []) });
  const actions = new Map<string, string>();
  const options = { scenario, seed: '1', days: 1, start: DEMO_DAY, recordsPerDay: 0, variant: 'mixed' } as const;
  for (const { line } of simulate(options).records) {
    const at = { source: 'x', line: 1, index: 0 };
    const read = normalise(JSON.parse(line) as JsonObject, at, { now: DEMO_DAY + 1e8 });
    if (read.kind !== 'event') continue;
    actions.set(read.event.recordId, read.event.action);
    relate.add(read.event, 1);
  }
  const pairs = new Set<string>();
  // Of an action that two logs tell, either record may give the name.
  relate.run(({ action, evidence }) => {
    const own = evidence.map(({ id }) => actions.get(id)!);
    if (!own.some((one) => factActions(one).includes(action))) pairs.add(`${own.join(' + ')} -> ${action}`);
    else for (const one of own) if (one !== action) seen.add(action);
  });
  return pairs;
}

const seen = new Set<string>();

describe('facts have no other actions than those that are listed', () => {
  test.each(Object.keys(SCENARIOS))('%s', (scenario) => {
    expect([...pairsOf(scenario)]).toEqual([]);
  });

  test('and the listed ones are there', () => {
    for (const action of ['cosmosdb.account.setting_changed', 'cosmosdb.container.create', 'azure.key.disable'])
      expect([...seen]).toContain(action);
  });
});

test.each([
  ['cosmosdb.keys.list', ['cosmosdb.keys.list']],
  ['constructor', ['constructor']],
  ['azure.key.update', ['azure.key.update', 'azure.key.disable', 'azure.key.expire']],
])('of %s', (action, actions) => {
  expect(factActions(action)).toEqual(actions);
});
