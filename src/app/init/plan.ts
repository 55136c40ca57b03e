import { accountOf, foldId } from '../../events/resource.ts';
import { identity } from '../../lib/hash.ts';

export const TRANSPORTS = ['event_hubs', 'blob', 'log_analytics', 'activity_log'] as const;
export type Transport = (typeof TRANSPORTS)[number];

export const APIS = ['nosql', 'mongodb', 'cassandra', 'gremlin', 'table'] as const;
export type AccountApi = (typeof APIS)[number];

export const REQUESTS = ['all', 'aggregates', 'none'] as const;
/** Which requests of the data plane are logged. */
export type Requests = (typeof REQUESTS)[number];

export const AUTHS = ['entra', 'secret'] as const;
/** How cosmowatch reads: as an identity of Entra ID, or with a secret of the hub or storage account. */
export type Auth = (typeof AUTHS)[number];

/** What somebody wants to be set up. */
export interface Plan {
  /** Lower case, at least one; what is made is made in the first. */
  readonly subscriptions: readonly string[];
  /** Resource ids as they were written; `all`: every account of the subscriptions. */
  readonly accounts: readonly string[] | 'all';
  readonly transport: Transport;
  readonly apis: readonly AccountApi[];
  readonly requests: Requests;
  readonly auth: Auth;
  /** Small letters, digits and `-`: names of what is made begin with it. */
  readonly name: string;
  readonly location: string;
  readonly resourceGroup: string;
}

export function isLocation(text: string): boolean {
  return /^[a-z][a-z0-9]{2,39}$/.test(text);
}

export function isName(text: string): boolean {
  return /^[a-z][a-z0-9-]{1,14}[a-z0-9]$/.test(text);
}

export function isResourceGroup(text: string): boolean {
  return /^[A-Za-z0-9_()-][\w().-]{0,88}[\w()-]$/.test(text);
}

/** Clusters for MongoDB and Cassandra have other categories; see docs/limits.md. */
export function isDatabaseAccount(id: string): boolean {
  return (
    accountOf(id) === foldId(id) && /\/databaseaccounts\/[a-z0-9-]{3,50}$/.test(foldId(id)) && /^[\w/().-]+$/.test(id)
  );
}

/** Names of what is made. Some must be unique in all of Azure, so they end with a few digits of the subscription's hash. */
export function namesOf({ name, subscriptions }: Plan) {
  const own = identity(name, ...subscriptions).slice(0, 6);
  return {
    namespace: `${name}-${own}`,
    hub: 'cosmowatch-logs',
    consumerGroup: 'cosmowatch',
    /** Of the namespace: what Azure Monitor writes with. */
    writeRule: 'azure-monitor',
    /** Of the hub: what cosmowatch reads with, if it reads with a secret. */
    readRule: 'cosmowatch-listen',
    storage: `${name.replaceAll('-', '')}${own}`,
    workspace: `${name}-${own}`,
    setting: name,
    role: `${name} reader of activity logs`,
  } as const;
}

export const WORKSPACE_PLACEHOLDER = '00000000-0000-0000-0000-000000000000';
