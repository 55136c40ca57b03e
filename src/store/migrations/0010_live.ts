import type { Migration } from './migration.ts';

/** What detection keeps: where sources stand, control-plane events, what requests told, silence, and alerts. */
export const live: Migration = {
  version: 10,
  name: 'live',
  sql: `
    CREATE TABLE live_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

    -- Milliseconds since 1970. progress: all that the transport took until then was given.
    CREATE TABLE positions (
      source TEXT NOT NULL, partition TEXT NOT NULL, position TEXT, progress INTEGER, heard INTEGER NOT NULL,
      PRIMARY KEY (source, partition)
    ) STRICT, WITHOUT ROWID;

    -- Every control-plane event once; account NULL: of something around accounts. time: microseconds.
    CREATE TABLE control_events (
      id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, account TEXT, time INTEGER NOT NULL,
      action TEXT NOT NULL, source TEXT NOT NULL,
      arrived INTEGER NOT NULL, data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX control_events_deleted ON control_events (account) WHERE action = 'cosmosdb.account.delete';
    CREATE INDEX control_events_account ON control_events (account, id);

    -- first: microseconds of the oldest record that names it; NULL: it is only declared, or in an inventory. concerns, exports: JSON, see app/live/relations.ts.
    CREATE TABLE live_accounts (
      account TEXT PRIMARY KEY, first INTEGER, families TEXT NOT NULL, concerns TEXT NOT NULL, exports TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Ids of requests that a source may deliver again. arrived: milliseconds.
    CREATE TABLE request_ids (id INTEGER PRIMARY KEY, arrived INTEGER NOT NULL) STRICT;

    -- Hits of requests by rule, fold key, account, log, action and quarter of an hour. since, until: seconds. source '': sealed.
    CREATE TABLE request_tallies (
      scope TEXT NOT NULL, rule TEXT NOT NULL, fold TEXT NOT NULL, account TEXT NOT NULL, source TEXT NOT NULL,
      act TEXT NOT NULL, quarter INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, heard INTEGER NOT NULL,
      data TEXT NOT NULL,
      PRIMARY KEY (scope, rule, fold, account, source, act, quarter)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX request_tallies_until ON request_tallies (scope, rule, fold, until);
    CREATE INDEX request_tallies_quarter ON request_tallies (account, quarter);
    CREATE INDEX request_tallies_heard ON request_tallies (heard) WHERE source <> '';

    -- Distinct requests that any rule matched: of two logs that tell the same, the larger number counts.
    CREATE TABLE request_counts (
      account TEXT NOT NULL, quarter INTEGER NOT NULL, source TEXT NOT NULL, act TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (account, quarter, source, act)
    ) STRICT, WITHOUT ROWID;

    -- Single hits of requests, for rules that count them. second: of the request; arrived: milliseconds.
    CREATE TABLE request_hits (
      id INTEGER PRIMARY KEY, account TEXT NOT NULL, second INTEGER NOT NULL, is_global INTEGER NOT NULL,
      arrived INTEGER NOT NULL, data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX request_hits_account ON request_hits (account, second);
    CREATE INDEX request_hits_global ON request_hits (second) WHERE is_global = 1;

    -- Up to when single hits of a scope are forgotten; seconds.
    CREATE TABLE request_pruned (scope TEXT PRIMARY KEY, second INTEGER NOT NULL) STRICT, WITHOUT ROWID;

    -- Which logs tell the requests of a quarter of an hour: bits as in relate/sightings.ts.
    CREATE TABLE seen_quarters (
      account TEXT NOT NULL, quarter INTEGER NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (account, quarter)
    ) STRICT, WITHOUT ROWID;

    -- When containers were used; microseconds. times: JSON.
    CREATE TABLE container_uses (
      account TEXT NOT NULL, container TEXT NOT NULL, quarter INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
      times TEXT NOT NULL, PRIMARY KEY (account, container, quarter)
    ) STRICT, WITHOUT ROWID;

    -- What rules of absence wait for. runs: seconds of arrival; sources: when each last brought a record of it.
    CREATE TABLE waits (
      rule TEXT NOT NULL, fold TEXT NOT NULL, runs TEXT NOT NULL, sources TEXT NOT NULL, PRIMARY KEY (rule, fold)
    ) STRICT, WITHOUT ROWID;

    -- When time alone may change what is told of a scope (an account, or '' for all of them); seconds.
    CREATE TABLE live_dues (scope TEXT PRIMARY KEY, due INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX live_dues_due ON live_dues (due);

    CREATE TABLE rule_metas (rule_id TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;

    -- opened, last: seconds. data: a StoredAlert without the words of its rule.
    CREATE TABLE alerts (
      id TEXT PRIMARY KEY, rule_id TEXT NOT NULL, rule TEXT NOT NULL, fold TEXT NOT NULL, scope TEXT NOT NULL, account TEXT,
      subscription TEXT, settled_id TEXT NOT NULL, opened INTEGER NOT NULL, last INTEGER NOT NULL, level INTEGER NOT NULL,
      status TEXT NOT NULL, resolution TEXT, has_control INTEGER NOT NULL, digest TEXT NOT NULL, caller TEXT, data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alerts_scope ON alerts (scope, rule_id, last);
    CREATE INDEX alerts_fold ON alerts (scope, rule_id, fold, last);
    CREATE INDEX alerts_control ON alerts (scope, rule_id) WHERE has_control = 1;
    CREATE INDEX alerts_open ON alerts (scope, rule_id, opened) WHERE status <> 'resolved';
    CREATE INDEX alerts_opened ON alerts (opened, id);
    CREATE INDEX alerts_account ON alerts (account, opened);
    CREATE INDEX alerts_caller ON alerts (rule_id, account, caller, opened) WHERE caller IS NOT NULL;
  `,
};
