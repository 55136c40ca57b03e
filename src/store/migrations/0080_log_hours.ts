import type { Migration } from './migration.ts';

/** How many records of each log an account had in each hour, as they came. `hour`: seconds since 1970; `first`, `last`: microseconds. */
export const logHours: Migration = {
  version: 80,
  name: 'log_hours',
  sql: `CREATE TABLE log_hours (
  account TEXT NOT NULL,
  family TEXT NOT NULL,
  hour INTEGER NOT NULL,
  records INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (account, family, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_hours_hour ON log_hours (hour);`,
};
