import type { Migration } from './migration.ts';

/**
 * What is still known of what retention removed. `firsts`: when a caller first raised a rule for an account (seconds), of alerts that are
 * gone. `tallies_forgotten`: up to which second tallies of a scope and rule are gone.
 */
export const forgetting: Migration = {
  version: 102,
  name: 'forgetting',
  sql: `CREATE TABLE alert_firsts (
  rule_id TEXT NOT NULL,
  account TEXT NOT NULL,
  caller TEXT NOT NULL,
  opened INTEGER NOT NULL,
  PRIMARY KEY (rule_id, account, caller)
) STRICT, WITHOUT ROWID;
CREATE TABLE tallies_forgotten (
  scope TEXT NOT NULL,
  rule TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (scope, rule)
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_resolved ON alerts (last) WHERE status = 'resolved';
CREATE INDEX request_tallies_sealed ON request_tallies (until) WHERE source = '';`,
};
