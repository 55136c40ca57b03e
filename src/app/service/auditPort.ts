import type { AuditPort } from '../../api/ports.ts';
import type { Clock } from '../../lib/clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import { appendAudit, listAudit, verifyAudit } from '../../store/audit.ts';
import type { Db } from '../../store/db.ts';

/** How an action is called in the log once it failed. */
const FAILED = '.failed';

export function auditPort(db: Db, clock: Clock): AuditPort {
  return {
    async record({ by, action, target, outcome, detail }) {
      const what = outcome === 'failed' ? `${action}${FAILED}` : action;
      // What the API asked for is JSON already.
      const row = { at: clock.now(), by, what, target: target ?? '', detail: detail as JsonObject };
      db.transaction(() => appendAudit(db, row));
    },
    list: async (limit, before) =>
      listAudit(db, limit, before ?? undefined).map(({ seq, at, by, what, target, detail, hash }) => ({
        seq,
        at,
        by,
        hash,
        detail,
        action: what.endsWith(FAILED) ? what.slice(0, -FAILED.length) : what,
        outcome: what.endsWith(FAILED) ? 'failed' : 'asked',
        target: target === '' ? null : target,
      })),
    async verify(known) {
      const verdict = verifyAudit(db, known);
      if (verdict.kind === 'intact')
        return { isIntact: true, rows: verdict.rows, head: verdict.head, brokenAt: null, why: null };
      return { isIntact: false, rows: null, head: null, brokenAt: verdict.seq, why: verdict.why };
    },
  };
}
