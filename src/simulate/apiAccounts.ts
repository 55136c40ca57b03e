import { ACCOUNTS, type Account, type Client, DOTNET } from './world.ts';

/** One account or cluster for each API and each way to run it: they are there where a scenario needs them. */

const { subscription } = ACCOUNTS.orders;
const group = 'rg-apis';
const share = 0.01;

const byKey = (ip: string, agent: string): Client => ({ ip, agent, key: 'PrimaryMasterKey', principal: null });
const byUser = (ip: string, agent: string, name: string): Client => ({ ip, agent, key: null, principal: name });

export const API_ACCOUNTS = {
  nosql: {
    name: 'ledger-prod',
    subscription,
    group,
    api: 'sql',
    database: 'ledger',
    containers: ['entries', 'balances'],
    share,
    clients: [byKey('10.4.0.4', DOTNET)],
    hasStatistics: true,
  },
  mongodb: {
    name: 'reviews-prod',
    subscription,
    group,
    api: 'mongodb',
    database: 'reviews',
    containers: ['reviews', 'votes'],
    share,
    clients: [byKey('10.4.1.4', 'mongo-node/6.8')],
  },
  vcore: {
    name: 'profiles-cluster',
    subscription,
    group,
    kind: 'mongoClusters',
    api: 'mongodb',
    database: 'profiles',
    containers: ['people', 'devices'],
    share,
    clients: [byUser('10.4.2.4', 'mongo-java/5.2', 'profiles-app')],
  },
  cassandra: {
    name: 'telemetry-prod',
    subscription,
    group,
    api: 'cassandra',
    database: 'telemetry',
    containers: ['readings', 'sensors'],
    share,
    clients: [byKey('10.4.3.4', 'cassandra-java/4.17')],
  },
  cassandra_cluster: {
    name: 'archive-cluster',
    subscription,
    group,
    kind: 'cassandraClusters',
    api: 'cassandra',
    database: 'archive',
    containers: ['parts'],
    share,
    clients: [byUser('10.4.4.4', 'cassandra-java/4.17', 'archive_app')],
  },
  gremlin: {
    name: 'friends-prod',
    subscription,
    group,
    api: 'gremlin',
    database: 'social',
    containers: ['friends'],
    share,
    clients: [byKey('10.4.5.4', 'gremlin-python/3.7')],
  },
  table: {
    name: 'settings-prod',
    subscription,
    group,
    api: 'table',
    database: '',
    containers: ['settings', 'flags'],
    share,
    clients: [byKey('10.4.6.4', 'azsdk-net-Data.Tables/12.9')],
  },
} as const satisfies Record<string, Account>;

export type ApiName = keyof typeof API_ACCOUNTS;
