import type { JsonObject } from '../../lib/json.ts';
import { appendAudit } from '../../store/audit.ts';
import type { PeopleDeps } from './deps.ts';

/** In the caller's transaction: it is there if what it tells of is. */
export function audit(
  { db, clock }: Pick<PeopleDeps, 'db' | 'clock'>,
  by: string,
  what: string,
  target: string,
  detail: JsonObject = {},
): void {
  appendAudit(db, { at: clock.now(), by, what, target, detail });
}
