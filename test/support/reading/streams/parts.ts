import fc from 'fast-check';
import type { Act, ArmPhase, ArmTelling, ControlPhase, ControlTelling, Telling } from './telling.ts';
import { ACCOUNTS, CONTAINERS, PEOPLE } from './world.ts';

/** The pieces that the acts are drawn from. Earlier entries are what a counterexample shrinks to. */

/** Mostly the first, so that what happens meets. */
export function mostly<T>(values: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(values[0]!) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  );
}

export const account = mostly(ACCOUNTS);
export const who = fc.constantFrom(...PEOPLE);
export const containerOf = fc.constantFrom(...CONTAINERS);
const forms = fc.constantFrom('rich', 'export', 'both');
const copies = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 5 }) },
);
export const common = fc.record({ delta: fc.constant(0), copies, forms });

const later = fc.constantFrom(1, 0, 2, 3, 30, 700);

const armPhases: fc.Arbitrary<readonly ArmPhase[]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant([phase(0, 'Success')]) },
  { weight: 5, arbitrary: later.map((k) => [phase(0, 'Start'), phase(k, 'Success')]) },
  { weight: 3, arbitrary: later.map((k) => [phase(0, 'Start'), phase(1, 'Accept'), phase(1 + k, 'Success')]) },
  { weight: 2, arbitrary: fc.constant([phase(0, 'Start'), phase(1, 'Accept')]) },
  { weight: 1, arbitrary: fc.constant([phase(0, 'Accept')]) },
  { weight: 1, arbitrary: fc.constant([phase(0, 'Start')]) },
  { weight: 2, arbitrary: later.map((k) => [phase(0, 'Start'), phase(k, 'Failure')]) },
  { weight: 1, arbitrary: later.map((k) => [phase(0, 'Accept'), phase(k, 'Failure')]) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(later, fc.constantFrom(1, 2, 3))
      .map(([k, pause]) => [
        phase(0, 'Start'),
        phase(k, 'Failure'),
        phase(k + pause, 'Start'),
        phase(k + pause + 1, 'Success'),
      ]),
  },
);

function phase(after: number, status: ArmPhase['status']): ArmPhase {
  return { after, status };
}

const controlPhases: fc.Arbitrary<readonly ControlPhase[]> = fc.oneof(
  { weight: 4, arbitrary: later.map((k) => [{ after: 0, suffix: 'Start', code: '202' }, complete(k, '200')] as const) },
  { weight: 2, arbitrary: fc.constant([complete(0, '200')]) },
  { weight: 2, arbitrary: fc.constant([{ after: 0, suffix: '', code: '200' } as const]) },
  { weight: 1, arbitrary: fc.constant([{ after: 0, suffix: 'Start', code: '202' } as const]) },
  { weight: 1, arbitrary: later.map((k) => [{ after: 0, suffix: 'Start', code: '202' }, complete(k, '400')] as const) },
  { weight: 1, arbitrary: later.map((k) => [complete(0, '200'), complete(k, '200')]) },
);

function complete(after: number, code: string): ControlPhase {
  return { after, suffix: 'Complete', code };
}

export function arm(
  operation: string,
  resource: string,
  { method = 'POST', body = null }: { readonly method?: string; readonly body?: object | null } = {},
): fc.Arbitrary<ArmTelling> {
  return fc.tuple(common, armPhases, who, fc.constantFrom('first', 'all')).map(([given, phases, person, bodyOn]) => ({
    ...given,
    log: 'arm',
    operation: `Microsoft.${operation}`,
    resource,
    method,
    body,
    bodyOn,
    phases,
    who: person,
  }));
}

export function control(
  operation: string,
  on: string,
  {
    uri = null,
    columns = {},
  }: { readonly uri?: string | null; readonly columns?: Readonly<Record<string, string>> } = {},
): fc.Arbitrary<ControlTelling> {
  return fc
    .tuple(common, controlPhases)
    .map(([given, phases]) => ({ ...given, log: 'control', operation, account: on, uri, columns, phases }));
}

const isTied = fc.boolean();
const reusesIds = fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

export function alone(telling: fc.Arbitrary<Telling>): fc.Arbitrary<Act> {
  return fc.tuple(telling, isTied, reusesIds).map(([one, tied, reuses]) => ({
    tellings: [one],
    isTied: tied,
    reusesIds: reuses,
  }));
}

/** Seconds between the two tellings of one act, with the edge of ten minutes. */
const apart = fc.constantFrom(1, 0, 5, 599, 600, 601, -1, -600, -601);

/** One, the other, or both logs tell it. */
export function toldBy(arms: fc.Arbitrary<ArmTelling>, controls: fc.Arbitrary<Telling>): fc.Arbitrary<Act> {
  const both = fc.tuple(arms, controls, apart).map(([one, other, delta]) => [one, { ...other, delta }]);
  const tellings = fc.oneof(
    { weight: 3, arbitrary: both },
    { weight: 2, arbitrary: arms.map((one): readonly Telling[] => [one]) },
    { weight: 1, arbitrary: controls.map((one): readonly Telling[] => [one]) },
  );
  return fc
    .tuple(tellings, isTied, reusesIds)
    .map(([some, tied, reuses]) => ({ tellings: some, isTied: tied, reusesIds: reuses }));
}

export function single(telling: Telling): Act {
  return { tellings: [telling], isTied: false, reusesIds: false };
}
