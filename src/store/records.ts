import { hash } from 'node:crypto';
import type { Event, Micros } from '../events/event.ts';
import type { Db } from './db.ts';
import type { Retained } from './retained.ts';

/** How many records are kept of a group: the first, and the last that came. */
export const FIRST_KEPT = 10;
export const LAST_KEPT = 10;

const SECOND: Micros = 1_000_000;

/** Requests that a rule matched, with their raw record. What is written is written inside a transaction of the caller. */
export class RecordStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** @param group what is bounded together; in the order in which they came */
  add(group: string, events: readonly Event[]): void {
    const key = hash('sha256', group, 'buffer').readBigInt64LE(0);
    const last = this.#db.prepare('SELECT max(seq) AS seq FROM request_records WHERE grp = ?').get(key)?.['seq'];
    let seq = typeof last === 'number' ? last + 1 : 0;
    for (const event of events) {
      this.#db
        .prepare('INSERT INTO request_records (grp, seq, record, time, data) VALUES (?, ?, ?, ?, ?)')
        .run(key, seq, event.recordId, event.time, JSON.stringify(event));
      seq += 1;
    }
    this.#db
      .prepare('DELETE FROM request_records WHERE grp = ? AND seq >= ? AND seq < ?')
      .run(key, FIRST_KEPT, seq - LAST_KEPT);
  }

  /**
   * The event of a record, of whichever plane; null: it is not kept.
   * @param second in which it happened, since 1970
   */
  event(record: string, second: number): Event | null {
    const request = this.#db.prepare('SELECT data FROM request_records WHERE record = ? LIMIT 1').get(record);
    if (request !== undefined) return JSON.parse(String(request['data'])) as Event;
    const told = this.#db
      .prepare('SELECT data FROM control_events WHERE time >= ? AND time < ?')
      .iterate(second * SECOND, (second + 1) * SECOND);
    for (const { data } of told) {
      const event = JSON.parse(String(data)) as Event;
      if (event.recordId === record) return event;
    }
    return null;
  }
}

export const RETAINED: readonly Retained[] = [
  { table: 'request_records', time: 'time', unit: 'microseconds', class: 'matches' },
];
