/**
 * What a disk, not a statement, did wrong. Nothing of the transaction was kept, and the connection can be used again: the service says
 * that it is not ready, and tries again. `passing`: it may go away by itself (room is made, a disk answers again); otherwise a person must
 * look, and trying again only shows whether they did.
 */
export class StoreFailed extends Error {
  readonly passing: boolean;

  constructor(message: string, passing: boolean, cause: unknown) {
    super(message, { cause });
    this.name = 'StoreFailed';
    this.passing = passing;
  }
}

/** No room on the disk, or a quota is used up. */
export class StoreFull extends StoreFailed {
  constructor(cause: unknown) {
    super('the disk of the data folder is full', true, cause);
    this.name = 'StoreFull';
  }
}

/** What is read is no longer what was written. */
export class StoreDamaged extends StoreFailed {
  constructor(cause: unknown) {
    super('the database is damaged', false, cause);
    this.name = 'StoreDamaged';
  }
}

/** SQLite's primary result codes that speak of the file and not of a statement: https://www.sqlite.org/rescode.html */
const SQLITE = { busy: 5, readOnly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const;

/** The same error as one that says what the disk did; any other as it is. */
export function asStoreFailure(error: unknown): unknown {
  switch (sqliteCode(error)) {
    case SQLITE.full:
      return new StoreFull(error);
    case SQLITE.io:
      return new StoreFailed('the disk of the data folder reports errors', true, error);
    case SQLITE.busy:
      return new StoreFailed('another program holds the database', true, error);
    case SQLITE.readOnly:
    case SQLITE.cannotOpen:
      return new StoreFailed('the database can no longer be written', false, error);
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return new StoreDamaged(error);
    default:
      return error;
  }
}

/** SQLite's primary result code; null for what is none of its errors. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}
