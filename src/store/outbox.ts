import type { AlertNews, StoredAlert } from '../alerts/stored.ts';
import { identity } from '../lib/hash.ts';
import type { Level } from '../notify/levels.ts';
import {
  type Addressee,
  type AttemptEntry,
  type DeliveryEntry,
  type DeliveryLog,
  DIGEST,
  type Loaded,
  type Outbox,
  type OutboxCounts,
  type OutboxState,
  type Settlement,
  TOLD,
  type WaitingRow,
} from '../notify/ports.ts';
import type { NoticeText } from '../notify/receiver.ts';
import type { Db } from './db.ts';
import { addNotice, dueOfGroup, gather, lastNotice, newsOf, noticeOf } from './outboxGroups.ts';
import type { Retained } from './retained.ts';

const COLUMNS = `id, alert, receiver, kind, level, rule, repetition, attempts, queued_at AS queuedAt, due, not_before AS notBefore,
  grouping, flood = id AS leads,
  coalesce((
    SELECT l.alert FROM outbox e JOIN outbox l ON l.id = e.flood
    WHERE e.alert = o.alert AND e.receiver = o.receiver AND e.state = 'grouped' AND l.state = 'waiting' LIMIT 1), alert) AS lane,
  CASE
    WHEN EXISTS (
      SELECT 1 FROM outbox e WHERE e.alert = o.alert AND e.receiver = o.receiver AND e.state IN ('delivered', 'grouped')) THEN 'told'
    WHEN EXISTS (SELECT 1 FROM outbox e WHERE e.alert = o.alert AND e.receiver = o.receiver AND e.state = 'summarised') THEN 'summarised'
  END AS earlier`;

const ENTRY = 'id, alert, revision, kind, receiver, state, queued_at AS queuedAt, due, flood';

/** The outbox in the one file. All but `enqueue` are transactions of their own. */
export class SqliteOutbox implements Outbox, DeliveryLog {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  enqueue(news: AlertNews, addressees: readonly Addressee[], now: number): void {
    const { kind, stored } = news;
    if (!TOLD.has(kind)) {
      this.#refresh(stored);
      return;
    }
    const all = [...addressees, ...this.#followers(stored.alert.id, addressees)];
    if (all.length === 0) return;
    this.#keep(stored);
    for (const one of all) this.#add(news, one, now);
  }

  waiting(after: number, limit: number): readonly WaitingRow[] {
    return this.#rows(
      `SELECT ${COLUMNS} FROM outbox o WHERE state = 'waiting' AND id > ? ORDER BY id LIMIT ?`,
      after,
      limit,
    );
  }

  load(id: number): Loaded | null {
    const row = this.#db
      .prepare(
        `SELECT id, alert, revision, receiver, repetition, kind, why, repeat_every AS repeat, group_wait AS groupWait, grouping, due, flood
         FROM outbox WHERE id = ? AND state = 'waiting'`,
      )
      .get(id) as unknown as LoadedRow | undefined;
    if (row === undefined) return null;
    const { alert, revision, repetition, kind, why, repeat } = row;
    const known = {
      id: `${alert}-${revision}${repetition === 0 ? '' : `-again${repetition}`}`,
      ref: this.#ref(row),
      repeat,
      notice: null,
      gathered: [],
      also: [],
    };
    if (kind === 'flood') return { ...known, form: 'flood', news: this.#members(id) };
    if (kind === 'notice') return { ...known, form: 'notice', news: [], notice: noticeOf(this.#db, id) };
    const { grouping } = row;
    const gathered = grouping === null ? [] : this.#db.transaction(() => gather(this.#db, { ...row, grouping }));
    if (grouping === DIGEST) return { ...known, form: 'digest', news: newsOf(this.#db, id), gathered };
    if (gathered.length > 0) return { ...known, form: 'group', news: newsOf(this.#db, id), gathered };
    const joined = this.#joined(id, row);
    const stored = this.#stored(alert, joined.at(-1)?.revision ?? revision);
    return { ...known, form: 'alert', news: [{ kind, stored, why }], also: joined.map((one) => one.id) };
  }

  settle(id: number, settlement: Settlement, now: number): void {
    this.#db.transaction(() => {
      const { kind } = settlement;
      const reason = kind === 'delivered' ? null : settlement.reason;
      this.#db
        .prepare(
          `INSERT INTO outbox_attempts (message, attempt, at, result, reason) SELECT id, attempts + 1, ?, ?, ? FROM outbox WHERE id = ?`,
        )
        .run(now, kind, reason, id);
      if (kind === 'retry') this.#retry(id, settlement.due, settlement.notBefore);
      else if (kind === 'rejected') this.#end(id, 'dead', null, now);
      else this.#delivered(id, settlement, now);
    });
  }

  summarise(ids: readonly number[], level: Level, now: number): void {
    const [first] = ids;
    if (first === undefined) return;
    this.#db.transaction(() => {
      const name = `flood-${identity(...ids).slice(0, 16)}`;
      const { lastInsertRowid } = this.#db
        .prepare(
          `INSERT INTO outbox (alert, revision, receiver, repetition, kind, why, level, rule, state, queued_at, due, group_wait, attempts)
           SELECT ?, 1, receiver, 0, 'flood', '', ?, 'flood', 'waiting', ?, ?, 0, 0 FROM outbox WHERE id = ?`,
        )
        .run(name, level, now, now, first);
      this.#hold(ids, Number(lastInsertRowid), now);
    });
  }

  quiet(ids: readonly number[], now: number): void {
    this.#db.transaction(() => this.#hold(ids, null, now));
  }

  restart(now: number): void {
    this.#db
      .prepare(
        `UPDATE outbox SET due = max(?, coalesce(not_before, 0)) WHERE state = 'waiting' AND attempts > 0 AND due > ?`,
      )
      .run(now, now);
  }

  replay(ids: readonly number[], now: number): readonly WaitingRow[] {
    return this.#db.transaction(() =>
      ids.flatMap((id) => {
        const { changes } = this.#db
          .prepare(
            `UPDATE outbox AS o SET state = 'waiting', queued_at = ?, due = ?, not_before = NULL, settled_at = NULL
             WHERE id = ? AND state = 'dead' AND (
               EXISTS (SELECT 1 FROM outbox m WHERE m.flood = o.id AND m.id <> o.id)
               OR NOT EXISTS (
                 SELECT 1 FROM outbox l WHERE l.alert = o.alert AND l.receiver = o.receiver AND l.id > o.id AND l.state = 'delivered'))`,
          )
          .run(now, now, id);
        return changes === 0 ? [] : this.#rows(`SELECT ${COLUMNS} FROM outbox o WHERE id = ?`, id);
      }),
    );
  }

  notify(receiver: string, name: string, notice: NoticeText, now: number): boolean {
    return this.#db.transaction(() => addNotice(this.#db, receiver, name, notice, now));
  }

  lastNotice(prefix: string): string | null {
    return lastNotice(this.#db, prefix);
  }

  firing(receiver: string): readonly StoredAlert[] {
    return this.#db
      .prepare(
        `SELECT a.stored FROM outbox_alerts a JOIN (
           SELECT alert, max(revision) AS revision FROM outbox WHERE receiver = ? AND state = 'delivered' AND kind NOT IN ('flood', 'notice') GROUP BY alert
         ) USING (alert, revision) WHERE json_extract(a.stored, '$.alert.status') <> 'resolved'`,
      )
      .all(receiver)
      .map(({ stored }) => JSON.parse(stored as string) as StoredAlert);
  }

  /** Of a message; `''`: it is gone. */
  receiverOf(id: number): string {
    return String(this.#db.prepare('SELECT receiver FROM outbox WHERE id = ?').get(id)?.['receiver'] ?? '');
  }

  ofAlert(alert: string): readonly DeliveryEntry[] {
    return this.#entries(`SELECT ${ENTRY} FROM outbox WHERE alert = ? ORDER BY id`, alert);
  }

  dead(limit: number): readonly DeliveryEntry[] {
    return this.#entries(`SELECT ${ENTRY} FROM outbox WHERE state = 'dead' ORDER BY id DESC LIMIT ?`, limit);
  }

  counts(): readonly OutboxCounts[] {
    return this.#db
      .prepare(
        `SELECT receiver, sum(state = 'waiting') AS waiting, sum(state = 'dead') AS dead, min(iif(state = 'waiting', queued_at, NULL)) AS oldest
         FROM outbox WHERE state IN ('waiting', 'dead') GROUP BY receiver ORDER BY receiver`,
      )
      .all() as unknown as OutboxCounts[];
  }

  #rows(sql: string, ...values: readonly number[]): readonly WaitingRow[] {
    const rows = this.#db.prepare(sql).all(...values) as unknown as readonly WaitingRow[];
    return rows.map((row) => ({ ...row, leads: Boolean(row.leads) }));
  }

  /** Whoever has been told of an alert is told how it goes on, wherever the routes lead by then. */
  #followers(alert: string, addressees: readonly Addressee[]): readonly Addressee[] {
    const known = new Set(addressees.map(({ receiver }) => receiver));
    const rows = this.#db
      .prepare(
        `SELECT receiver, 0 AS groupWait, repeat_every AS repeat FROM outbox WHERE alert = ?
         GROUP BY receiver HAVING sum(state <> 'dead') > 0 ORDER BY max(id)`,
      )
      .all(alert) as unknown as readonly Addressee[];
    return rows.filter(({ receiver }) => !known.has(receiver));
  }

  #add(
    { kind, stored, why }: AlertNews,
    { receiver, groupWait, repeat, grouping = null }: Addressee,
    now: number,
  ): void {
    const { alert, revision } = stored;
    const isDigest = grouping?.key === DIGEST;
    // News take the place of telling it again, and those that cannot wait that of waiting for a digest.
    this.#db
      .prepare(
        `UPDATE outbox SET state = 'superseded', settled_at = ? WHERE alert = ? AND receiver = ? AND state = 'waiting' AND revision < ?
         AND (repetition > 0 OR (? AND grouping = ? AND flood IS NULL))`,
      )
      .run(now, alert.id, receiver, revision, isDigest ? 0 : 1, DIGEST);
    const wait = kind === 'opened' ? groupWait : 0;
    const group = isDigest || kind === 'opened' ? grouping : null;
    const due = group?.due ?? (group === null ? null : dueOfGroup(this.#db, receiver, group.key)) ?? now + wait;
    this.#db
      .prepare(
        `INSERT INTO outbox (alert, revision, receiver, repetition, kind, why, level, rule, state, queued_at, due, group_wait, repeat_every, grouping, attempts)
         VALUES (?, ?, ?, 0, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING`,
      )
      .run(
        alert.id,
        revision,
        receiver,
        kind,
        why,
        alert.level,
        alert.rule,
        now,
        due,
        wait,
        repeat,
        group?.key ?? null,
      );
  }

  #keep(stored: StoredAlert): void {
    this.#db
      .prepare(
        'INSERT INTO outbox_alerts VALUES (?, ?, ?) ON CONFLICT (alert, revision) DO UPDATE SET stored = excluded.stored',
      )
      .run(stored.alert.id, stored.revision, JSON.stringify(stored));
  }

  /** What waits or is told again says what is known by then. */
  #refresh(stored: StoredAlert): void {
    this.#db
      .prepare('UPDATE outbox_alerts SET stored = ? WHERE alert = ? AND revision = ?')
      .run(JSON.stringify(stored), stored.alert.id, stored.revision);
  }

  #stored(alert: string, revision: number): StoredAlert {
    const row = this.#db
      .prepare('SELECT stored FROM outbox_alerts WHERE alert = ? AND revision = ?')
      .get(alert, revision);
    return JSON.parse(row!['stored'] as string) as StoredAlert;
  }

  #members(flood: number): readonly AlertNews[] {
    return this.#db
      .prepare(
        'SELECT kind, why, stored FROM outbox JOIN outbox_alerts USING (alert, revision) WHERE flood = ? ORDER BY id',
      )
      .all(flood)
      .map((row) => ({ ...(row as unknown as AlertNews), stored: JSON.parse(row['stored'] as string) as StoredAlert }));
  }

  /** What was learnt of an alert while its first message waited for that; what ends or takes it over is a message of its own. */
  #joined(id: number, { alert, receiver, kind, groupWait }: LoadedRow): readonly { id: number; revision: number }[] {
    if (kind !== 'opened' || groupWait === 0) return [];
    return this.#db
      .prepare(
        `SELECT id, revision FROM outbox o WHERE alert = ? AND receiver = ? AND state = 'waiting' AND id > ? AND kind = 'amended'
         AND NOT EXISTS (
           SELECT 1 FROM outbox b WHERE b.alert = o.alert AND b.receiver = o.receiver AND b.id > ? AND b.id < o.id AND b.kind <> 'amended')
         ORDER BY id`,
      )
      .all(alert, receiver, id, id) as unknown as { id: number; revision: number }[];
  }

  #ref({ alert, receiver }: LoadedRow): string | null {
    const row = this.#db
      .prepare(
        `SELECT ref FROM outbox WHERE alert = ? AND receiver = ? AND state = 'delivered' ORDER BY id DESC LIMIT 1`,
      )
      .get(alert, receiver);
    return (row?.['ref'] as string | null | undefined) ?? null;
  }

  #retry(id: number, due: number, notBefore: number | null): void {
    this.#db
      .prepare('UPDATE outbox SET attempts = attempts + 1, due = ?, not_before = ? WHERE id = ?')
      .run(due, notBefore, id);
  }

  #delivered(id: number, { ref, also, again }: Settlement & { readonly kind: 'delivered' }, now: number): void {
    this.#end(id, 'delivered', ref, now);
    // A row that was dead and waits again is not told after something newer.
    this.#db
      .prepare(
        `UPDATE outbox SET state = 'superseded', settled_at = ? FROM (SELECT alert, receiver FROM outbox WHERE id = ?) AS told
         WHERE outbox.alert = told.alert AND outbox.receiver = told.receiver AND state = 'waiting'
         AND (id < ? OR id IN (SELECT value FROM json_each(?)))`,
      )
      .run(now, id, id, JSON.stringify(also));
    if (again !== null) this.#again(id, again, now);
  }

  /** The alert once more, unless there is news of it already. */
  #again(id: number, due: number, now: number): void {
    this.#db
      .prepare(
        `INSERT INTO outbox (alert, revision, receiver, repetition, kind, why, level, rule, state, queued_at, due, group_wait, repeat_every, attempts)
         SELECT alert, (SELECT max(revision) FROM outbox n WHERE n.alert = o.alert AND n.receiver = o.receiver), receiver, repetition + 1,
           'amended', 'still open, and nobody has acknowledged it', level, rule, 'waiting', ?, ?, 0, repeat_every, 0 FROM outbox o WHERE id = ?
         AND NOT EXISTS (SELECT 1 FROM outbox l WHERE l.alert = o.alert AND l.receiver = o.receiver AND l.id > o.id AND l.state = 'waiting')
         ON CONFLICT DO NOTHING`,
      )
      .run(now, due, id);
  }

  #end(id: number, state: OutboxState, ref: string | null, now: number): void {
    this.#db
      .prepare('UPDATE outbox SET attempts = attempts + 1, state = ?, ref = ?, settled_at = ? WHERE id = ?')
      .run(state, ref, now, id);
  }

  #hold(ids: readonly number[], flood: number | null, now: number): void {
    this.#db
      .prepare(
        `UPDATE outbox SET state = 'summarised', flood = ?, settled_at = ?
         WHERE state = 'waiting' AND id IN (SELECT value FROM json_each(?))`,
      )
      .run(flood, now, JSON.stringify(ids));
  }

  #entries(sql: string, value: string | number): readonly DeliveryEntry[] {
    const attempts = this.#db.prepare(
      'SELECT attempt, at, result, reason FROM outbox_attempts WHERE message = ? ORDER BY attempt',
    );
    const rows = this.#db.prepare(sql).all(value) as unknown as readonly Omit<DeliveryEntry, 'attempts'>[];
    return rows.map((row) => ({ ...row, attempts: attempts.all(row.id) as unknown as readonly AttemptEntry[] }));
  }
}

interface LoadedRow {
  readonly id: number;
  readonly alert: string;
  readonly revision: number;
  readonly receiver: string;
  readonly repetition: number;
  readonly kind: AlertNews['kind'] | 'flood' | 'notice';
  readonly why: string;
  readonly repeat: number | null;
  readonly groupWait: number;
  readonly grouping: string | null;
  readonly due: number;
  readonly flood: number | null;
}

/**
 * Forgets what was settled before, of alerts of which nothing is newer: of the others it must be known who was told of them.
 * @returns how many rows
 */
function trimDeliveries(db: Db, before: number, limit: number): number {
  const { changes } = db
    .prepare(
      `DELETE FROM outbox WHERE id IN (
         SELECT id FROM outbox o WHERE settled_at < ? AND NOT EXISTS (
           SELECT 1 FROM outbox n WHERE n.alert = o.alert AND (n.settled_at IS NULL OR n.settled_at >= ?)) LIMIT ?)`,
    )
    .run(before, before, limit);
  if (changes === 0) return 0;
  db.exec(`
    DELETE FROM outbox_attempts WHERE message NOT IN (SELECT id FROM outbox);
    DELETE FROM outbox_notices WHERE message NOT IN (SELECT id FROM outbox);
    DELETE FROM outbox_alerts WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.alert = outbox_alerts.alert);
  `);
  return Number(changes);
}

export const RETAINED: readonly Retained[] = [
  { table: 'outbox', time: 'settled_at', unit: 'milliseconds', class: 'deliveries', trim: trimDeliveries },
];
