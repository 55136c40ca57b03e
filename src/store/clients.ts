import type { Micros } from '../events/event.ts';
import type { Db } from './db.ts';
import type { Retained } from './retained.ts';

export interface ClientRow {
  readonly account: string;
  /** JSON of the three behind it. */
  readonly client: string;
  readonly who: string;
  readonly address: string;
  readonly agent: string | null;
  readonly first: Micros;
  readonly last: Micros;
  readonly count: number;
  /** JSON. */
  readonly fact: string;
}

export interface ReadsRow {
  readonly hour: number;
  readonly since: Micros;
  /** JSON. */
  readonly sample: string;
}

export interface ClientAccount {
  readonly since: Micros;
  /** Records of clients that are not kept. */
  readonly forgotten: number;
}

const COLUMNS = 'account, client, who, address, agent, first, last, count, fact';

/** Who uses the data of which account, as rows. It decides nothing. All writing is done inside a transaction of the caller. */
export class ClientStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  account(account: string): ClientAccount | null {
    const row = this.#db.prepare('SELECT since, forgotten FROM client_accounts WHERE account = ?').get(account);
    return (row as ClientAccount | undefined) ?? null;
  }

  setAccount(account: string, { since, forgotten }: ClientAccount): void {
    this.#db
      .prepare(
        `INSERT INTO client_accounts VALUES (?, ?, ?) ON CONFLICT (account) DO UPDATE SET
           since = excluded.since, forgotten = excluded.forgotten`,
      )
      .run(account, since, forgotten);
  }

  client(account: string, client: string): ClientRow | null {
    const row = this.#db
      .prepare(`SELECT ${COLUMNS} FROM clients WHERE account = ? AND client = ?`)
      .get(account, client);
    return (row as ClientRow | undefined) ?? null;
  }

  clients(account: string): ClientRow[] {
    const rows = this.#db.prepare(`SELECT ${COLUMNS} FROM clients WHERE account = ? ORDER BY first, client`);
    return rows.all(account) as unknown as ClientRow[];
  }

  countOf(account: string): number {
    const row = this.#db.prepare('SELECT count(*) AS count FROM clients WHERE account = ?').get(account);
    return Number(row!['count']);
  }

  /** The one that came last. */
  newest(account: string): ClientRow | null {
    const row = this.#db
      .prepare(`SELECT ${COLUMNS} FROM clients WHERE account = ? ORDER BY first DESC, client DESC LIMIT 1`)
      .get(account);
    return (row as ClientRow | undefined) ?? null;
  }

  setClient({ account, client, who, address, agent, first, last, count, fact }: ClientRow): void {
    this.#db
      .prepare(
        `INSERT INTO clients VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
           first = excluded.first, last = excluded.last, count = excluded.count, fact = excluded.fact`,
      )
      .run(account, client, who, address, agent, first, last, count, fact);
  }

  /** It is used again. */
  addUses(account: string, client: string, last: Micros, count: number): void {
    this.#db
      .prepare('UPDATE clients SET last = max(last, ?), count = count + ? WHERE account = ? AND client = ?')
      .run(last, count, account, client);
  }

  removeClient(account: string, client: string): void {
    for (const table of ['clients', 'client_reads'])
      this.#db.prepare(`DELETE FROM ${table} WHERE account = ? AND client = ?`).run(account, client);
  }

  /** In order. */
  reads(account: string, client: string): ReadsRow[] {
    const rows = this.#db.prepare(
      'SELECT hour, since, sample FROM client_reads WHERE account = ? AND client = ? ORDER BY hour',
    );
    return rows.all(account, client) as unknown as ReadsRow[];
  }

  /** All of them anew. */
  setReads(account: string, client: string, reads: readonly ReadsRow[]): void {
    this.#db.prepare('DELETE FROM client_reads WHERE account = ? AND client = ?').run(account, client);
    for (const { hour, since, sample } of reads)
      this.#db.prepare('INSERT INTO client_reads VALUES (?, ?, ?, ?, ?)').run(account, client, hour, since, sample);
  }
}

/** Clients that were not there for as long as the control plane is kept are new when they come again. */
export const RETAINED: readonly Retained[] = [
  {
    table: 'clients',
    time: 'last',
    unit: 'microseconds',
    class: 'control_plane',
    trim: (db, before, limit) => {
      const old = db
        .prepare('SELECT account, client FROM clients WHERE last < ? ORDER BY last LIMIT ?')
        .all(before, limit) as unknown as Pick<ClientRow, 'account' | 'client'>[];
      const store = new ClientStore(db);
      for (const { account, client } of old) store.removeClient(account, client);
      return old.length;
    },
  },
];
