import type { Migration } from './migration.ts';

/**
 * Key figures of accounts. A series is what is counted together; its names stand once, as there are a million rows of figures for a few
 * thousand of them. `at`: seconds since 1970 at the start of the minute, hour or day. `durations`: `lib/sketch.ts`, milliseconds.
 */
export const figures: Migration = {
  version: 20,
  name: 'figures',
  sql: `CREATE TABLE figure_accounts (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE figure_series (
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  log TEXT NOT NULL,
  operation TEXT NOT NULL,
  container TEXT NOT NULL,
  client TEXT NOT NULL,
  used INTEGER NOT NULL,
  UNIQUE (account, log, operation, container, client)
) STRICT;
${['minutes', 'hours', 'days'].map(tableOf).join('')}`,
};

function tableOf(name: string): string {
  return `CREATE TABLE figure_${name} (
  account INTEGER NOT NULL,
  at INTEGER NOT NULL,
  series INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  throttled INTEGER NOT NULL,
  units REAL NOT NULL,
  bytes INTEGER NOT NULL,
  durations TEXT NOT NULL,
  PRIMARY KEY (account, at, series)
) STRICT, WITHOUT ROWID;
`;
}
