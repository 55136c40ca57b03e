import { type MemoryKind, REMEMBERED, type Sighting, type Span, withSighting } from '../tuning/memory.ts';
import type { Db } from './db.ts';

/** Seconds since 1970. */
type Second = number;

/** So many values are kept in all; those seen longest ago go first. */
const MOST = 500_000;

/** A value that was seen at an account. */
export interface MemoryRow extends Sighting, Span {
  readonly account: string;
}

export interface MemoryFilter {
  /** Lower-case ARM id; null: every account. */
  readonly account: string | null;
  readonly kind: MemoryKind | null;
  /** Of the value or its name, in any case; null: all. */
  readonly value: string | null;
}

/** What was seen at accounts, and when first and last. Writing is done inside a transaction of the caller. */
export class MemoryStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** @param seen how often; 0: of what is known already the time alone is news */
  see(account: string, sightings: readonly Sighting[], seen: Span): void {
    this.#db
      .prepare('INSERT INTO memory_accounts VALUES (?, ?) ON CONFLICT DO UPDATE SET since = min(since, excluded.since)')
      .run(account, seen.first);
    for (const sighting of sightings) this.#seeOne(account, sighting, seen);
  }

  #seeOne(account: string, { kind, value, name }: Sighting, seen: Span): void {
    const before = this.span(account, kind, value);
    // What was seen more than 90 days before does not matter any more.
    const { first, last, count } = withSighting(before === null ? [] : [before], seen).at(-1)!;
    this.#db
      .prepare(
        `INSERT INTO memory_values VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
           name = excluded.name, first = excluded.first, last = excluded.last, count = excluded.count`,
      )
      .run(account, kind, value, name, first, last, count);
  }

  span(account: string, kind: MemoryKind, value: string): Span | null {
    const row = this.#db
      .prepare('SELECT first, last, count FROM memory_values WHERE account = ? AND kind = ? AND value = ?')
      .get(account, kind, value) as Span | undefined;
    return row ?? null;
  }

  /** Since when an account is known; null: it is not. */
  since(account: string): Second | null {
    const row = this.#db.prepare('SELECT since FROM memory_accounts WHERE account = ?').get(account) as
      | { since: Second }
      | undefined;
    return row?.since ?? null;
  }

  accounts(): string[] {
    const rows = this.#db.prepare('SELECT account FROM memory_accounts ORDER BY account').all();
    return (rows as { account: string }[]).map(({ account }) => account);
  }

  /** Newest first. */
  list(filter: MemoryFilter, most: number): MemoryRow[] {
    const { where, values } = conditions(filter);
    return this.#db
      .prepare(
        `SELECT account, kind, value, name, first, last, count FROM memory_values ${where}
         ORDER BY last DESC, account, kind, value LIMIT ?`,
      )
      .all(...values, most) as unknown as MemoryRow[];
  }

  /** They will be new again. @returns how many were known */
  forget(filter: MemoryFilter): number {
    const { where, values } = conditions(filter);
    return Number(this.#db.prepare(`DELETE FROM memory_values ${where}`).run(...values).changes);
  }

  /** Lets go what was not seen for 90 days, and what is too much. */
  prune(now: Second): void {
    this.#db.prepare('DELETE FROM memory_values WHERE last < ?').run(now - REMEMBERED);
    this.#db
      .prepare(
        `DELETE FROM memory_values WHERE (account, kind, value) IN
           (SELECT account, kind, value FROM memory_values ORDER BY last DESC LIMIT -1 OFFSET ?)`,
      )
      .run(MOST);
  }
}

function conditions({ account, kind, value }: MemoryFilter): { readonly where: string; readonly values: string[] } {
  const parts: string[] = [];
  const values: string[] = [];
  const add = (sql: string, ...some: string[]): void => {
    parts.push(sql);
    values.push(...some);
  };
  if (account !== null) add('account = ?', account);
  if (kind !== null) add('kind = ?', kind);
  if (value !== null) add('(lower(value) = ? OR lower(name) = ?)', value.toLowerCase(), value.toLowerCase());
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}
