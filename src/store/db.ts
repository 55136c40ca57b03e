import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { asStoreFailure } from './failure.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

/** Stands in the header of every database of cosmowatch: `CWDB`. */
export const APPLICATION_ID = 0x43574442;

/**
 * The pages of deleted rows are given back to the disk in small steps (`store/retention.ts`), which only a file that was made for it can do.
 * A backup reads beside the one writer; the wait is for the moment in which it opens. 64 MB of log stay after a backup held it up.
 */
const SETTINGS = `PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA busy_timeout = 1000;
PRAGMA journal_size_limit = 67108864;`;

/**
 * The one connection to the one file. Everything is synchronous, so a transaction cannot be interleaved. A service opens it with
 * `openStore`, which looks at the file first.
 */
export class Db {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @param path `:memory:` for tests */
  constructor(path: string, migrations: readonly Migration[] = MIGRATIONS) {
    this.#db = new DatabaseSync(path);
    try {
      this.#db.exec(SETTINGS);
      this.#migrate(migrations);
    } catch (error) {
      this.#db.close();
      throw asStoreFailure(error);
    }
  }

  /** The same statement for the same text. */
  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#db.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }

  /** What a pragma says that is one number. */
  pragma(name: string): number {
    return Number(this.prepare(`PRAGMA ${name}`).get()?.[name]);
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /**
   * All of it is durable when it returns, or nothing happened and it throws.
   * @throws StoreFailed for what the disk did; the connection can be used again
   */
  transaction<T>(run: () => T): T {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const result = run();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      // After some failures of the disk SQLite has rolled back by itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw asStoreFailure(error);
    }
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  /** All missing steps or none: a program that cannot take the last one leaves a file that the one before it can still read. */
  #migrate(migrations: readonly Migration[]): void {
    this.transaction(() => {
      this.#db.exec('CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT');
      const applied = new Set(
        this.#db
          .prepare('SELECT version FROM migrations')
          .all()
          .map(({ version }) => version),
      );
      if (applied.size === 0) this.#db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      const insert = this.#db.prepare('INSERT INTO migrations VALUES (?, ?)');
      for (const { version, name, sql } of migrations) {
        if (applied.has(version)) continue;
        this.#db.exec(sql);
        insert.run(version, name);
      }
    });
  }
}
