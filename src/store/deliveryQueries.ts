import type { Level } from '../notify/levels.ts';
import type { AttemptEntry, DeliveryEntry, OutboxState } from '../notify/ports.ts';
import type { AlertFilter } from './alerts.ts';
import type { Db } from './db.ts';

/** A message with what it is about. */
export interface LoggedDelivery extends DeliveryEntry {
  readonly level: Level;
  /** Of its alert; null: it is about several. */
  readonly title: string | null;
  readonly account: string | null;
}

export interface DeliveryFilter {
  /** Null: any. */
  readonly state: OutboxState | null;
  /** A name in `receivers`, or one entry of it. */
  readonly receiver: string | null;
  /** Only rows with a smaller id. */
  readonly before: number | null;
  readonly limit: number;
}

/** Messages over all alerts that somebody may see, newest first. What is about several is for who sees all. */
export function deliveryLog(
  db: Db,
  { state, receiver, before, limit }: DeliveryFilter,
  { subscriptions, labels = {} }: Pick<AlertFilter, 'subscriptions' | 'labels'>,
): readonly LoggedDelivery[] {
  const parts = ['o.id < ?'];
  const values: (string | number)[] = [before ?? Number.MAX_SAFE_INTEGER];
  const add = (sql: string, ...some: string[]): void => {
    parts.push(sql);
    values.push(...some);
  };
  if (state !== null) add('o.state = ?', state);
  if (receiver !== null) add("(o.receiver = ? OR o.receiver LIKE ? || '/%')", receiver, receiver);
  if (subscriptions !== null) add('a.subscription IN (SELECT value FROM json_each(?))', JSON.stringify(subscriptions));
  for (const [name, value] of Object.entries(labels))
    add('EXISTS (SELECT 1 FROM json_each(a.data, ?) l WHERE l.key = ? AND l.value = ?)', '$.labels', name, value);
  const rows = db
    .prepare(
      `SELECT o.id, o.alert, o.revision, o.kind, o.receiver, o.state, o.queued_at AS queuedAt, o.due, o.flood, o.level,
         json_extract(a.data, '$.alert.title') AS title, a.account
       FROM outbox o LEFT JOIN alerts a ON a.id = o.alert WHERE ${parts.join(' AND ')} ORDER BY o.id DESC LIMIT ?`,
    )
    .all(...values, limit) as unknown as Omit<LoggedDelivery, 'attempts'>[];
  const attempts = db.prepare(
    'SELECT attempt, at, result, reason FROM outbox_attempts WHERE message = ? ORDER BY attempt',
  );
  return rows.map((row) => ({ ...row, attempts: attempts.all(row.id) as unknown as readonly AttemptEntry[] }));
}

/** How a receiver has been. Milliseconds since 1970. */
export interface ReceiverState {
  readonly receiver: string;
  readonly waiting: number;
  readonly dead: number;
  readonly lastDelivered: number | null;
  readonly lastFailure: { readonly at: number; readonly reason: string } | null;
}

export function receiverStates(db: Db): ReceiverState[] {
  const failure = db.prepare(
    `SELECT t.at, t.reason FROM outbox_attempts t JOIN outbox o ON o.id = t.message
     WHERE o.receiver = ? AND t.result <> 'delivered' ORDER BY t.at DESC LIMIT 1`,
  );
  return db
    .prepare(
      `SELECT receiver, sum(state = 'waiting' AND (repetition = 0 OR attempts > 0)) AS waiting, sum(state = 'dead') AS dead,
         max(iif(state = 'delivered', settled_at, NULL)) AS lastDelivered FROM outbox GROUP BY receiver`,
    )
    .all()
    .map((row) => {
      const last = failure.get(String(row['receiver']));
      return {
        ...(row as unknown as Omit<ReceiverState, 'lastFailure'>),
        lastFailure: last === undefined ? null : { at: Number(last['at']), reason: String(last['reason'] ?? '') },
      };
    });
}
