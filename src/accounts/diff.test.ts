import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../events/event.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { type Applied, applyFull, applyPatch, isPatch, type SettingsState, stands, valuesOf } from './diff.ts';

type Step = readonly [at: number, how: 'patch' | 'full', values: Record<string, Json>];

/** Applies the steps in order; one line a change: `property: before -> after effect exposure`. Times are in seconds. */
function walk(steps: readonly Step[]): { told: string[][]; state: SettingsState } {
  let state: SettingsState = new Map();
  const told: string[][] = [];
  for (const [at, how, values] of steps) {
    const apply = how === 'patch' ? applyPatch : applyFull;
    const result: Applied = apply('account', state, new Map(Object.entries(values)), at * SECOND);
    state = result.state;
    told.push(
      result.changes.map(({ property, before, after, effect, exposure }) => {
        const was = before === undefined ? '?' : JSON.stringify(before);
        return `${property}: ${was} -> ${JSON.stringify(after)} ${effect} ${exposure}`;
      }),
    );
  }
  return { told, state };
}

const A = ['203.0.113.7'];
const B = ['198.51.100.0/24'];

describe('what changed', () => {
  const cases: { name: string; steps: Step[]; told: string[][] }[] = [
    {
      name: 'a PATCH with nothing known before is a change, its before unknown',
      steps: [[0, 'patch', { ipRules: A }]],
      told: [['ipRules: ? -> ["203.0.113.7"] unknown_before ranges']],
    },
    {
      name: 'a PATCH that equals what was known is none',
      steps: [
        [0, 'patch', { ipRules: A }],
        [1, 'patch', { ipRules: A }],
      ],
      told: [['ipRules: ? -> ["203.0.113.7"] unknown_before ranges'], []],
    },
    {
      name: 'a PUT with nothing known before is learnt silently',
      steps: [[0, 'full', { ipRules: A, disableLocalAuth: true }]],
      told: [[]],
    },
    {
      name: 'of a PUT only differences count, and what it does not name is unchanged',
      steps: [
        [0, 'full', { ipRules: A, disableLocalAuth: true }],
        [1, 'full', { ipRules: B }],
        [2, 'full', { ipRules: B, disableLocalAuth: true }],
      ],
      told: [[], ['ipRules: ["203.0.113.7"] -> ["198.51.100.0/24"] weakened ranges'], []],
    },
    {
      name: 'a PATCH equal to what was learnt silently less than 10 min before is a change, its before unknown',
      steps: [
        [0, 'full', { ipRules: A }],
        [599, 'patch', { ipRules: A }],
      ],
      told: [[], ['ipRules: ? -> ["203.0.113.7"] unknown_before ranges']],
    },
    {
      name: 'after 10 min it is none',
      steps: [
        [0, 'full', { ipRules: A }],
        [600, 'patch', { ipRules: A }],
      ],
      told: [[], []],
    },
    {
      name: 'a repetition does not make it new again',
      steps: [
        [0, 'full', { ipRules: A }],
        [300, 'full', { ipRules: A }],
        [700, 'patch', { ipRules: A }],
      ],
      told: [[], [], []],
    },
    {
      name: 'a PATCH that differs from what was learnt silently knows its before',
      steps: [
        [0, 'full', { ipRules: A }],
        [1, 'patch', { ipRules: [] }],
      ],
      told: [[], ['ipRules: ["203.0.113.7"] -> [] weakened null']],
    },
    {
      name: 'a change that a PATCH told once is no news to the record that repeats it',
      steps: [
        [0, 'patch', { ipRules: A }],
        [2, 'full', { ipRules: A, isVirtualNetworkFilterEnabled: false }],
        [4, 'patch', { ipRules: A }],
      ],
      told: [['ipRules: ? -> ["203.0.113.7"] unknown_before ranges'], [], []],
    },
    {
      name: 'a PATCH of three settings is three changes, each with the exposure after the whole write',
      steps: [
        [0, 'full', { ipRules: A, isVirtualNetworkFilterEnabled: true, publicNetworkAccess: 'Disabled' }],
        [3600, 'patch', { ipRules: [], isVirtualNetworkFilterEnabled: false, publicNetworkAccess: 'Enabled' }],
      ],
      told: [
        [],
        [
          'ipRules: ["203.0.113.7"] -> [] weakened internet',
          'isVirtualNetworkFilterEnabled: true -> false weakened internet',
          'publicNetworkAccess: "Disabled" -> "Enabled" weakened internet',
        ],
      ],
    },
    {
      name: 'a change back is a change too',
      steps: [
        [0, 'full', { publicNetworkAccess: 'Disabled' }],
        [3600, 'patch', { publicNetworkAccess: 'Enabled' }],
        [3660, 'patch', { publicNetworkAccess: 'Disabled' }],
      ],
      told: [
        [],
        ['publicNetworkAccess: "Disabled" -> "Enabled" weakened null'],
        ['publicNetworkAccess: "Enabled" -> "Disabled" strengthened none'],
      ],
    },
    {
      name: 'words compare without case',
      steps: [
        [0, 'full', { publicNetworkAccess: 'Enabled' }],
        [3600, 'patch', { publicNetworkAccess: 'enabled' }],
      ],
      told: [[], []],
    },
    {
      name: 'switching public access off drops the list: both shut',
      steps: [
        [0, 'full', { ipRules: A, isVirtualNetworkFilterEnabled: false, publicNetworkAccess: 'Enabled' }],
        [3600, 'full', { ipRules: [], publicNetworkAccess: 'Disabled' }],
      ],
      told: [
        [],
        [
          'ipRules: ["203.0.113.7"] -> [] strengthened none',
          'publicNetworkAccess: "Enabled" -> "Disabled" strengthened none',
        ],
      ],
    },
    {
      name: 'another key is neither weaker nor stronger',
      steps: [
        [0, 'full', { keyVaultKeyUri: 'https://kv-a.vault.azure.net/keys/cmk' }],
        [3600, 'patch', { keyVaultKeyUri: 'https://kv-b.vault.azure.net/keys/cmk' }],
      ],
      told: [
        [],
        [
          'keyVaultKeyUri: "https://kv-a.vault.azure.net/keys/cmk" -> "https://kv-b.vault.azure.net/keys/cmk" neutral null',
        ],
      ],
    },
  ];
  it.each(cases)('$name', ({ steps, told }) => {
    expect(walk(steps).told).toEqual(told);
  });

  it('exposure is told of accounts and clusters only', () => {
    const values = new Map<string, Json>([['publicNetworkAccess', 'Disabled']]);
    expect(applyPatch('cluster', new Map(), values, 0).changes[0]?.exposure).toBe('none');
    expect(applyPatch('vault', new Map(), new Map([['accessPolicies', []]]), 0).changes[0]?.exposure).toBeNull();
  });
});

describe('laws', () => {
  const lists = fc.subarray(['0.0.0.0', '0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '198.51.100.0/24', '203.0.113.7']);
  const values = fc.record(
    {
      ipRules: lists,
      isVirtualNetworkFilterEnabled: fc.boolean(),
      publicNetworkAccess: fc.constantFrom('Enabled', 'Disabled', 'SecuredByPerimeter'),
      minimalTlsVersion: fc.constantFrom('Tls', 'Tls11', 'Tls12'),
      disableLocalAuth: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const asMap = (record: Record<string, Json>) => new Map(Object.entries(record));
  const known = (record: Record<string, Json>): SettingsState =>
    new Map(Object.entries(record).map(([property, value]) => [property, { value, at: 0, silently: false }]));
  const LATER = 60 * MINUTE;

  it('writing what is known changes nothing', () => {
    fc.assert(
      fc.property(values, (before) => {
        for (const apply of [applyPatch, applyFull]) {
          const { changes, state } = apply('account', known(before), asMap(before), LATER);
          expect(changes).toEqual([]);
          expect(state).toEqual(known(before));
        }
      }),
    );
  });

  it('the state after a write is the state before with what it names', () => {
    fc.assert(
      fc.property(values, values, (before, write) => {
        for (const apply of [applyPatch, applyFull]) {
          const { state } = apply('account', known(before), asMap(write), LATER);
          expect(valuesOf(state)).toEqual(asMap({ ...before, ...write }));
        }
      }),
    );
  });

  it('where all is known, PATCH and PUT tell the same', () => {
    fc.assert(
      fc.property(values, values, (before, write) => {
        const state = known({ ...write, ...before });
        const patch = applyPatch('account', state, asMap(write), LATER);
        expect(applyFull('account', state, asMap(write), LATER)).toEqual(patch);
      }),
    );
  });

  it('what was strengthened is weakened by going back, one setting at a time', () => {
    fc.assert(
      fc.property(values, values, (before, write) => {
        for (const [property, value] of Object.entries(write)) {
          const state = known({ ...write, ...before });
          const there = applyPatch('account', state, new Map([[property, value]]), LATER);
          const back = applyPatch('account', there.state, new Map([[property, state.get(property)!.value]]), 2 * LATER);
          expect(valuesOf(back.state)).toEqual(valuesOf(state));
          expect(back.changes.length).toBe(there.changes.length);
          if (there.changes[0]?.effect === 'strengthened') expect(back.changes[0]?.effect).toBe('weakened');
        }
      }),
    );
  });

  it('a thing stands as before, or stricter, exactly if going there is not weaker', () => {
    fc.assert(
      fc.property(values, values, (before, write) => {
        const { changes, state } = applyPatch('account', known({ ...write, ...before }), asMap(write), LATER);
        for (const { property, before: was, effect } of changes) {
          const isStricter = stands('account', property, was!, state);
          expect(isStricter && effect === 'weakened').toBe(false);
          if (effect === 'strengthened') expect(isStricter).toBe(true);
        }
      }),
    );
  });
});

describe('does a setting stand', () => {
  it.each([
    ['as before', { disableLocalAuth: true }, true, true],
    ['stricter', { disableLocalAuth: true }, false, true],
    ['weaker', { disableLocalAuth: false }, true, false],
    ['unknown', {}, true, false],
  ])('%s', (_, now: Record<string, Json>, before, expected) => {
    const state: SettingsState = new Map(
      Object.entries(now).map(([name, value]) => [name, { value, at: 0, silently: true }]),
    );
    expect(stands('account', 'disableLocalAuth', before, state)).toBe(expected);
  });
});

describe('does a write name only what it changes', () => {
  const creation: JsonObject = { properties: { DatabaseAccountOfferType: 'Standard' } };
  it.each([
    ['the method says PATCH', 'PATCH', 'account', creation, true],
    ['in any case', 'patch', 'vault', null, true],
    ['the method says PUT', 'PUT', 'account', { properties: {} }, false],
    ['no method: an account without offer type', null, 'account', { properties: { ipRules: [] } }, true],
    ['no method: an account with it', null, 'account', creation, false],
    ['no method, no body', null, 'account', null, false],
    ['no method: any other resource', null, 'cluster', { properties: {} }, false],
    ['no method: a vault', null, 'vault', { properties: {} }, false],
  ] as const)('%s', (_, method, resource, body, expected) => {
    expect(isPatch(method, resource, body)).toBe(expected);
  });
});
