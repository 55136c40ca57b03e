import type { AccountApi, Plan } from './plan.ts';

export interface Category {
  readonly name: string;
  /** What it is for, and what it costs beside the others; one line. */
  readonly why: string;
}

const API_CATEGORIES: Readonly<Record<AccountApi, Category | null>> = {
  nosql: null,
  mongodb: {
    name: 'MongoRequests',
    why: 'Commands of MongoDB: one record a command, so it costs as much as the traffic is',
  },
  cassandra: {
    name: 'CassandraRequests',
    why: 'Statements of Cassandra: one record a statement, so it costs as much as the traffic is',
  },
  gremlin: {
    name: 'GremlinRequests',
    why: 'Traversals of Gremlin: one record a traversal, so it costs as much as the traffic is',
  },
  table: {
    name: 'TableApiRequests',
    why: 'Requests of the Table API: one record a request, so it costs as much as the traffic is. Azure charges for its export',
  },
};

/**
 * What the accounts are to log. Names and what is charged for as in Azure's list of resource logs of databaseAccounts; the aggregates are a
 * preview. That an account of one API takes the categories of others is unconfirmed.
 */
export function categoriesOf({ apis, requests }: Pick<Plan, 'apis' | 'requests'>): readonly Category[] {
  const own = apis.flatMap((api) => API_CATEGORIES[api] ?? []);
  const control: Category = {
    name: 'ControlPlaneRequests',
    why: 'Changes of the account: few records, so it costs next to nothing. Most rules need it',
  };
  if (requests === 'none') return [control];
  const isSql = apis.includes('nosql');
  if (requests === 'aggregates') {
    const why =
      'Requests counted over 5 minutes: far fewer records than DataPlaneRequests, but no single request. Preview, NoSQL only';
    return [control, ...(isSql ? [{ name: 'DataPlaneRequests5M', why }] : []), ...own];
  }
  const why =
    'Every request with caller and address: by far the most records, so by far the most expensive. Rules about items need it';
  // Azure's documentation tells users of the other APIs to leave it off beside their own category.
  return [control, ...(isSql ? [{ name: 'DataPlaneRequests', why }] : []), ...own];
}

/** What the Activity Log is to export: what was done, and to the logs themselves. */
export const ACTIVITY_CATEGORIES: readonly Category[] = [
  {
    name: 'Administrative',
    why: 'Everything done through Azure Resource Manager: keys, firewalls, locks, diagnostic settings, key vaults, backups',
  },
  { name: 'Policy', why: 'What Azure Policy did and refused' },
];

/** All that cosmowatch does with its role. Reading only: no listKeys, no listConnectionStrings, no readonlykeys, no wildcard. */
export const ROLE_ACTIONS = ['Microsoft.Insights/eventtypes/values/read'] as const;

interface BuiltIn {
  readonly name: string;
  readonly id: string;
}

/** Built-in roles for reading what the transport carries, on that resource alone. */
export const READER_ROLES: Readonly<Record<Exclude<Plan['transport'], 'activity_log'>, BuiltIn>> = {
  event_hubs: { name: 'Azure Event Hubs Data Receiver', id: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde' },
  blob: { name: 'Storage Blob Data Reader', id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' },
  log_analytics: { name: 'Log Analytics Reader', id: '73c42c96-874c-492b-b04d-ab87d138a893' },
};
