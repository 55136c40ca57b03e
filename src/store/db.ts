import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { MIGRATIONS } from './migrations/index.ts';

/** The one connection to the one file. Everything is synchronous, so a transaction cannot be interleaved. */
export class Db {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @param path `:memory:` for tests */
  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    this.#db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 0;',
    );
    this.#migrate();
  }

  /** The same statement for the same text. */
  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#db.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** All of it is durable when it returns, or nothing happened and it throws. */
  transaction<T>(run: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = run();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #migrate(): void {
    this.#db.exec('CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT');
    const applied = new Set(
      this.#db
        .prepare('SELECT version FROM migrations')
        .all()
        .map(({ version }) => version),
    );
    for (const { version, name, sql } of MIGRATIONS) {
      if (applied.has(version)) continue;
      this.transaction(() => {
        this.#db.exec(sql);
        this.#db.prepare('INSERT INTO migrations VALUES (?, ?)').run(version, name);
      });
    }
  }
}
