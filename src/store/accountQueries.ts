import type { Event } from '../events/event.ts';
import type { Db } from './db.ts';

/** What a control-plane record tells of who did what. */
export type ControlRecord = Pick<Event, 'time' | 'action' | 'outcome' | 'actor' | 'sourceIp'>;

/** The newest control-plane records of an account, newest first. */
export function controlRecords(db: Db, account: string, limit: number): ControlRecord[] {
  return db
    .prepare(
      `SELECT time, action, json_extract(data, '$.outcome') AS outcome, json_extract(data, '$.actor') AS actor,
         json_extract(data, '$.sourceIp') AS sourceIp FROM control_events WHERE account = ? ORDER BY id DESC LIMIT ?`,
    )
    .all(account, limit)
    .map((row) => ({
      ...(row as unknown as ControlRecord),
      actor: row['actor'] === null ? null : (JSON.parse(String(row['actor'])) as ControlRecord['actor']),
    }));
}

/** The newest raw control-plane records, oldest first; of these accounts, and with `around` of what lies around accounts. */
export function rawControlRecords(
  db: Db,
  {
    accounts,
    around,
    limit,
  }: {
    /** Null: all. */
    readonly accounts: readonly string[] | null;
    readonly around: boolean;
    readonly limit: number;
  },
): { readonly time: number; readonly raw: string }[] {
  const own = accounts === null ? 'account IS NOT NULL' : 'account IN (SELECT value FROM json_each(?))';
  const values = accounts === null ? [] : [JSON.stringify(accounts)];
  return db
    .prepare(
      `SELECT time, json_extract(data, '$.raw') AS raw FROM control_events
       WHERE ${own}${around ? ' OR account IS NULL' : ''} ORDER BY time DESC, id DESC LIMIT ?`,
    )
    .all(...values, limit)
    .reverse() as { time: number; raw: string }[];
}

/** Who sent requests to an account. Seconds since 1970. */
export interface Client {
  readonly client: string;
  readonly first: number;
  readonly last: number;
  readonly requests: number;
  readonly bytes: number;
}

/** By key figures, those that came last first. Several logs may tell the same requests: of each client the one that tells most counts. */
export function clientsOf(db: Db, account: string, limit: number): Client[] {
  const id = db.prepare('SELECT id FROM figure_accounts WHERE account = ?').get(account)?.['id'];
  if (id === undefined) return [];
  const rows = ['minutes', 'hours', 'days'].map(
    (table) => `SELECT series, at, requests, bytes FROM figure_${table} WHERE account = ?1`,
  );
  return db
    .prepare(
      `SELECT client, min(first) AS first, max(last) AS last, max(requests) AS requests, max(bytes) AS bytes FROM (
         SELECT s.client, s.log, min(t.at) AS first, max(t.at) AS last, sum(t.requests) AS requests, sum(t.bytes) AS bytes
         FROM (${rows.join(' UNION ALL ')}) t JOIN figure_series s ON s.id = t.series WHERE s.client <> '' GROUP BY s.client, s.log)
       GROUP BY client ORDER BY last DESC, requests DESC LIMIT ?2`,
    )
    .all(Number(id), limit) as unknown as Client[];
}
