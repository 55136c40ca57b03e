import type { Migration } from './migration.ts';

/**
 * What is asked of around an alert: events by their time, whatever account they are of, and requests by their address, whoever sent them.
 * A series from before has no address. SQLite can change no UNIQUE, so the table is written anew.
 */
export const around: Migration = {
  version: 100,
  name: 'around',
  sql: `CREATE INDEX control_events_time ON control_events (time);
CREATE TABLE figure_series_anew (
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  log TEXT NOT NULL,
  operation TEXT NOT NULL,
  container TEXT NOT NULL,
  client TEXT NOT NULL,
  address TEXT NOT NULL,
  used INTEGER NOT NULL,
  UNIQUE (account, log, operation, container, client, address)
) STRICT;
INSERT INTO figure_series_anew SELECT id, account, log, operation, container, client, '', used FROM figure_series;
DROP TABLE figure_series;
ALTER TABLE figure_series_anew RENAME TO figure_series;`,
};
