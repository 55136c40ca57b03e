import fc from 'fast-check';
import * as own from './accountActs.ts';
import * as around from './aroundActs.ts';
import { build, type Line, type Step } from './build.ts';
import * as data from './dataActs.ts';
import type { Act } from './telling.ts';
import { ACCOUNTS } from './world.ts';

/** Seconds between acts: small ones, and every threshold with its neighbours. */
const short = fc.constantFrom(1, 0, 2, 3, 30, 120, 299);
const edges = fc.constantFrom(599, 600, 601, 899, 900, 901, 3599, 3600, 3601, 14_399, 14_400, 14_401, 86_400, 86_401);
const gap = fc.oneof({ weight: 3, arbitrary: short }, { weight: 2, arbitrary: edges });
const days = fc.constantFrom(86_400, 86_401, 14_401, 3);
const tenMinutes = fc.constantFrom(600, 601, 599, 1);
const quick = fc.oneof({ weight: 6, arbitrary: short }, { weight: 1, arbitrary: edges });

type Weighted = readonly (readonly [number, fc.Arbitrary<Act>])[];

function oneOf(weighted: Weighted): fc.Arbitrary<Act> {
  return fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** What a stream is mostly about, so that each rule fires often; a little of everything else is in all. */
const LIFE: Weighted = [
  [2, data.itemRequest],
  [1, own.accountDelete],
  [1, own.accountCreate],
  [1, own.failover],
];

const THEMES: readonly { readonly acts: Weighted; readonly gap: fc.Arbitrary<number> }[] = [
  { acts: [[12, own.networkWrite], [4, around.endpointAct], ...LIFE], gap },
  {
    acts: [
      [8, own.keyWrite],
      [10, around.vaultAct],
      [2, around.keyVaultDelete],
      [4, around.keyDeleteToldTwice],
      ...LIFE,
    ],
    gap,
  },
  {
    acts: [
      [6, own.backupWrite],
      [3, around.instanceWrite],
      [3, around.instanceGone],
      [2, around.backupVaultDelete],
      [4, around.backupVaultWrite],
      [1, around.protectionDisabled],
      ...LIFE,
    ],
    gap,
  },
  { acts: [[8, around.lockWrite], [8, around.lockDelete], [3, own.protectionWrite], ...LIFE], gap },
  { acts: [[10, around.diagnosticAct], [2, around.hubDelete], [4, data.itemRequest], ...LIFE], gap },
  {
    acts: [
      [20, data.containerCreate],
      [4, data.containersAtOnce],
      [3, data.containerWrittenAgain],
      [2, data.containerUpdate],
      [3, data.containerDelete],
      [1, data.databaseDelete],
      [3, data.mongoRequest],
      ...LIFE,
    ],
    gap: quick,
  },
  { acts: [[8, data.itemRequest], [8, data.mongoRequest], [4, data.deletions], [8, data.summedUp], ...LIFE], gap },
  { acts: [[10, own.keysViewed], [3, data.viewedAgain], ...LIFE], gap },
  {
    acts: [
      [8, around.endpointAct],
      [1, own.networkWrite],
    ],
    gap: tenMinutes,
  },
  {
    acts: [
      [4, data.itemRequest],
      [3, around.diagnosticAct],
    ],
    gap: days,
  },
  {
    acts: [
      [4, own.accountDelete],
      [4, own.accountCreate],
      [3, around.lockDelete],
      [2, data.accountAgain],
      [1, around.instanceGone],
      [2, own.networkWrite],
      [3, data.itemRequest],
    ],
    gap: quick,
  },
];

const MIXED: Weighted = THEMES.flatMap((theme) => theme.acts.slice(0, -LIFE.length));

export interface Stream {
  readonly lines: readonly Line[];
  readonly declared: readonly string[];
}

/** Streams of 1 to about 60 records. */
export const stream: fc.Arbitrary<Stream> = fc
  .tuple(
    fc.oneof(...THEMES.map((theme) => stepsOf(oneOf(theme.acts), theme.gap)), stepsOf(oneOf([...MIXED, ...LIFE]), gap)),
    fc.constantFrom<readonly string[]>([], [], [], [ACCOUNTS[2].toLowerCase()]),
  )
  .map(([steps, declared]) => ({ lines: build(steps), declared }));

function stepsOf(act: fc.Arbitrary<Act>, between: fc.Arbitrary<number>): fc.Arbitrary<Step[]> {
  return fc.array(fc.record({ gap: between, act }), { minLength: 1, maxLength: 14, size: 'max' });
}

export function textOf({ lines }: Pick<Stream, 'lines'>): string {
  return lines.map(({ record }) => JSON.stringify(record)).join('\n');
}

/** A stream as people can read it, one line a record. */
export function shown({ lines, declared }: Stream): string {
  return [`declared: ${declared.join() || 'none'}`, ...lines.map(({ note }) => note)].join('\n');
}
