import type { Family } from '../events/event.ts';
import type { Settings } from './settings.ts';
import type { Account, Person } from './world.ts';

/** What truly happens, in milliseconds since 1970: logs are written from it, and the truth beside them is worked out from it. */
export type Act = ArmAct | RequestAct | VaultAct | StatisticAct;

interface Base {
  readonly time: number;
  /** What rules are expected to make of it; none for ordinary life. */
  readonly expect?: readonly Expectation[];
  /** The container that it brings into being. */
  readonly creates?: { readonly account: Account; readonly container: string; readonly actor: string | null };
}

/** An operation through Azure Resource Manager. */
export interface ArmAct extends Base {
  readonly kind: 'arm';
  readonly who: Person;
  readonly operation: string;
  readonly resource: string;
  readonly outcome: 'success' | 'failure';
  readonly body?: object;
  readonly method?: Method;
  /** Seconds until it ends; more than 30: Accepted is written in between. */
  readonly takes?: number;
  /** Operations of one template deployment have one correlation id; the id itself. */
  readonly deployment?: string;
  /** What the account is set to afterwards; `whole`: the body names every setting, so nothing is learnt from it alone. */
  readonly settings?: { readonly account: Account; readonly after: Settings; readonly whole: boolean };
  /** What the account's own log tells of it: name without Start and Complete, and the settings it repeats. */
  readonly control?: {
    readonly account: Account;
    readonly name: string;
    readonly uri?: string;
    readonly columns?: Readonly<Record<string, string>>;
  };
}

export type Method = 'PUT' | 'PATCH' | 'POST' | 'DELETE';

/** A request to the data. */
export interface RequestAct extends Base {
  readonly kind: 'request';
  readonly account: Account;
  readonly operation: string;
  readonly type: 'Document' | 'Collection' | 'Database' | 'StoredProcedure';
  readonly database: string;
  readonly container: string;
  readonly status: number;
  readonly ip: string;
  readonly agent: string;
  readonly key: string | null;
  readonly principal: string | null;
}

/** A line of a log that tells of no act: what a request cost, where data lies. */
export interface StatisticAct extends Base {
  readonly kind: 'statistic';
  readonly family: Extract<Family, 'QueryRuntimeStatistics' | 'PartitionKeyStatistics' | 'PartitionKeyRUConsumption'>;
  readonly account: Account;
  readonly container: string;
}

/** An operation on a key in a vault. */
export interface VaultAct extends Base {
  readonly kind: 'vault';
  readonly who: Person;
  readonly operation: string;
  readonly object: string;
  readonly status: number;
  readonly enabled?: boolean;
}

/** An alert that an act must raise or be part of. Acts of one rule and key within an hour are one. */
export interface Expectation {
  readonly rule: string;
  readonly account: Account;
  /** What beside the account tells alerts of the rule apart. */
  readonly key: string;
  readonly actor: string | null;
  /** Actions that it counts; default 1. */
  readonly count?: number;
  /** Only what was sent, with it or before, tells it. */
  readonly needsBody?: boolean;
}

export function expecting(rule: string, account: Account, key: string, actor: string | null, count = 1): Expectation {
  return { rule: `cosmosdb_${rule}`, account, key, actor, count };
}

/** Any act through ARM; the rules and accounts that must tell of it if it succeeds. */
export function arm(
  time: number,
  who: Person,
  operation: string,
  resource: string,
  rest: Partial<Omit<ArmAct, 'kind' | 'time' | 'who' | 'operation' | 'resource'>> & {
    readonly tells?: { readonly rule: string; readonly accounts: readonly Account[]; readonly needsBody?: boolean };
  } = {},
): ArmAct {
  const { tells, outcome = 'success', ...others } = rest;
  const expect = (tells?.accounts ?? []).map((account) => ({
    ...expecting(tells!.rule, account, '', who.oid),
    needsBody: tells!.needsBody ?? false,
  }));
  return {
    kind: 'arm',
    time,
    who,
    operation,
    resource,
    outcome,
    method: methodOf(operation),
    ...others,
    ...(outcome === 'success' && expect.length > 0 ? { expect } : {}),
  };
}

function methodOf(operation: string): Method {
  if (operation.endsWith('/delete')) return 'DELETE';
  return operation.endsWith('/write') ? 'PUT' : 'POST';
}
