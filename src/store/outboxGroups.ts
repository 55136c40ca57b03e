import type { AlertNews, StoredAlert } from '../alerts/stored.ts';
import { DIGEST, type Gathered } from '../notify/ports.ts';
import type { NoticeText } from '../notify/receiver.ts';
import type { Db } from './db.ts';

/** A row that has a grouping, as it is loaded. */
interface Lead {
  readonly id: number;
  readonly receiver: string;
  readonly grouping: string;
  readonly due: number;
  /** Its own id: it has gathered the others before, so every attempt tells the same. */
  readonly flood: number | null;
}

/** What the row tells of beside itself. The first time it takes in all that is due with it; its transaction is the caller's. */
export function gather(db: Db, lead: Lead): readonly Gathered[] {
  if (lead.flood === null) takeIn(db, lead);
  return db
    .prepare('SELECT id, alert FROM outbox WHERE flood = ? AND id <> ? ORDER BY id')
    .all(lead.id, lead.id) as unknown as readonly Gathered[];
}

function takeIn(db: Db, { id, receiver, grouping, due }: Lead): void {
  db.prepare('UPDATE outbox SET flood = id WHERE id = ?').run(id);
  const { changes } = db
    .prepare(
      `UPDATE outbox SET state = 'grouped', flood = ?, settled_at = ? WHERE receiver = ? AND grouping = ? AND state = 'waiting'
       AND flood IS NULL AND attempts = 0 AND due <= ?`,
    )
    .run(id, due, receiver, grouping, due);
  if (changes === 0 || grouping === DIGEST) return;
  // What was learnt of them meanwhile stands in the message; what ended or took one over is a message of its own.
  db.prepare(
    `UPDATE outbox AS o SET state = 'grouped', flood = ?, settled_at = ? WHERE receiver = ? AND grouping IS NULL AND state = 'waiting'
     AND kind = 'amended' AND attempts = 0 AND flood IS NULL AND alert IN (SELECT alert FROM outbox WHERE flood = ?)
     AND NOT EXISTS (
       SELECT 1 FROM outbox b WHERE b.alert = o.alert AND b.receiver = o.receiver AND b.id < o.id AND b.id <> ?
       AND b.state = 'waiting' AND b.kind <> 'amended')`,
  ).run(id, due, receiver, id, id);
}

/** The newest of each alert that a row tells of, oldest alert first. */
export function newsOf(db: Db, lead: number): readonly AlertNews[] {
  const rows = db
    .prepare(
      'SELECT kind, why, stored FROM outbox JOIN outbox_alerts USING (alert, revision) WHERE flood = ? ORDER BY id',
    )
    .all(lead) as unknown as readonly (Pick<AlertNews, 'kind' | 'why'> & { readonly stored: string })[];
  const news = rows.map((row): AlertNews => ({ ...row, stored: JSON.parse(row.stored) as StoredAlert }));
  return [...new Map(news.map((one) => [one.stored.alert.id, one])).values()];
}

/** When the group is told that waits already; null: none does. */
export function dueOfGroup(db: Db, receiver: string, grouping: string): number | null {
  const row = db
    .prepare(
      `SELECT min(due) AS due FROM outbox WHERE receiver = ? AND grouping = ? AND state = 'waiting' AND flood IS NULL AND attempts = 0`,
    )
    .get(receiver, grouping);
  return (row?.['due'] as number | null | undefined) ?? null;
}

/** @returns false: there is one of this name for the receiver already */
export function addNotice(db: Db, receiver: string, name: string, notice: NoticeText, now: number): boolean {
  const { changes, lastInsertRowid } = db
    .prepare(
      `INSERT INTO outbox (alert, revision, receiver, repetition, kind, why, level, rule, state, queued_at, due, group_wait, attempts)
       VALUES (?, 1, ?, 0, 'notice', '', ?, ?, 'waiting', ?, ?, 0, 0) ON CONFLICT DO NOTHING`,
    )
    .run(name, receiver, notice.level ?? 'informational', notice.kind, now, now);
  if (changes === 0) return false;
  db.prepare('INSERT INTO outbox_notices VALUES (?, ?)').run(lastInsertRowid, JSON.stringify(notice));
  return true;
}

export function noticeOf(db: Db, message: number): NoticeText {
  const row = db.prepare('SELECT notice FROM outbox_notices WHERE message = ?').get(message);
  return JSON.parse(row!['notice'] as string) as NoticeText;
}

/** The name of the newest notice whose name begins so; null: there was none. */
export function lastNotice(db: Db, prefix: string): string | null {
  const row = db
    .prepare(
      `SELECT alert FROM outbox WHERE kind = 'notice' AND substr(alert, 1, length(?)) = ? ORDER BY id DESC LIMIT 1`,
    )
    .get(prefix, prefix);
  return (row?.['alert'] as string | undefined) ?? null;
}
