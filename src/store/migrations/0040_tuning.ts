import type { Migration } from './migration.ts';

/** Exceptions and silences that people make, and what was decided of alerts because of them. Times: milliseconds since 1970. */
export const TUNING: Migration = {
  version: 40,
  name: 'tuning',
  sql: `
    -- kind: exception, silence. spec: as it was written; reach: what its maker may see; JSON.
    CREATE TABLE tunings (
      kind TEXT NOT NULL, id TEXT NOT NULL, spec TEXT NOT NULL, reach TEXT NOT NULL, created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, ended_at INTEGER,
      PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID;

    -- What keeps an alert back now, and what of it people are owed. inhibitor: id of a stronger alert of its story. due: when it is to be asked again though nothing changes.
    CREATE TABLE alert_marks (
      alert TEXT PRIMARY KEY, exception TEXT, silence TEXT, silent_until INTEGER, inhibitor TEXT, owed TEXT,
      due INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alert_marks_due ON alert_marks (due) WHERE due IS NOT NULL;
    CREATE INDEX alert_marks_exception ON alert_marks (exception) WHERE exception IS NOT NULL;

    -- What was decided, when, and why. tuning: id of the exception or silence; '': none any more.
    CREATE TABLE alert_steps (
      alert TEXT NOT NULL, at INTEGER NOT NULL, step TEXT NOT NULL, tuning TEXT NOT NULL, text TEXT NOT NULL,
      PRIMARY KEY (alert, at, step)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alert_steps_tuning ON alert_steps (step, tuning, alert);
  `,
};
