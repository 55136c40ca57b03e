import type { Db } from './db.ts';
import type { Retained } from './retained.ts';

export function isKnownEvent(db: Db, receiver: string, event: string): boolean {
  return (
    db.prepare('SELECT 1 FROM receiver_events WHERE receiver = ? AND event = ?').get(receiver, event) !== undefined
  );
}

/** Inside a transaction. @param at milliseconds */
export function keepEvent(db: Db, receiver: string, event: string, at: number): void {
  db.prepare('INSERT INTO receiver_events VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(receiver, event, at);
}

/** Events are refused by their own time long before they are forgotten here. */
function trimEvents(db: Db, before: number, limit: number): number {
  const { changes } = db
    .prepare(
      `DELETE FROM receiver_events WHERE (receiver, event) IN (SELECT receiver, event FROM receiver_events WHERE at < ? LIMIT ?)`,
    )
    .run(before, limit);
  return Number(changes);
}

export const RETAINED: readonly Retained[] = [
  { table: 'receiver_events', time: 'at', unit: 'milliseconds', class: 'deliveries', trim: trimEvents },
];
