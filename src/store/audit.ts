import { hash } from 'node:crypto';
import { type JsonObject, parseObject } from '../lib/json.ts';
import type { Db } from './db.ts';
import type { Retained } from './retained.ts';

/** Something that a person or a token did. No secret may stand in it: it is kept for years and shown. */
export interface AuditEntry {
  /** Milliseconds since 1970, by our clock. */
  readonly at: number;
  /** A person's or token's name; `cosmowatch` for what it does by itself. */
  readonly by: string;
  /** What was done: `alert.resolved`, `token.created`. */
  readonly what: string;
  /** To what: an alert's id, a token's name. */
  readonly target: string;
  readonly detail: JsonObject;
}

export interface AuditRow extends AuditEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Of the row before; of the first that ever was, `''`. */
  readonly previous: string;
  /** SHA-256 of this row and `previous`, hex. */
  readonly hash: string;
}

/** Where the chain ends: whoever noted one elsewhere can prove later that nothing was cut off or written anew. */
export type AuditHead = Pick<AuditRow, 'seq' | 'hash'>;

export type AuditVerdict =
  | { readonly kind: 'intact'; readonly rows: number; readonly head: AuditHead | null }
  /** `seq`: the first row that is not what it was, or that is missing. */
  | { readonly kind: 'broken'; readonly seq: number; readonly why: string };

/** What the removal of old rows writes: everything up to `seq`, whose hash was `hash`, went by retention. */
const TRIMMED = 'audit.trimmed';

/** Adds a row, in the transaction of what it tells of. */
export function appendAudit(db: Db, { at, by, what, target, detail }: AuditEntry): AuditRow {
  const head = auditHead(db);
  const seq = (head?.seq ?? 0) + 1;
  const previous = head?.hash ?? '';
  const text = JSON.stringify(detail);
  const row = { seq, at, by, what, target, detail: text, previous };
  const sealed = hashOf(row);
  db.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
    seq,
    at,
    by,
    what,
    target,
    text,
    previous,
    sealed,
  );
  return { ...row, detail, hash: sealed };
}

/** The newest row. */
export function auditHead(db: Db): AuditHead | null {
  const row = db.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get();
  return row === undefined ? null : { seq: row['seq'] as number, hash: row['hash'] as string };
}

/** Newest first. @param before only rows before this one, to go on from the last of a page */
export function listAudit(db: Db, limit: number, before: number = Number.MAX_SAFE_INTEGER): AuditRow[] {
  return db
    .prepare('SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?')
    .all(before, limit)
    .map((row) => ({ ...(row as unknown as Kept), detail: parseObject(String(row['detail'])) ?? {} }));
}

/**
 * Goes through the whole chain. A row that was changed, added between, or taken out is found by the chain itself; rows cut off at its end
 * only by `known`, a head that was noted before.
 */
export function verifyAudit(db: Db, known: AuditHead | null = null): AuditVerdict {
  const start = chainStart(db);
  let { seq, hash: previous } = start;
  let rows = 0;
  for (const row of db.prepare('SELECT * FROM audit ORDER BY seq').iterate() as unknown as Iterable<Kept>) {
    const why = flawOf(row, seq + 1, previous, known);
    if (why !== null) return { kind: 'broken', seq: Math.min(row.seq, seq + 1), why };
    seq = row.seq;
    previous = row.hash;
    rows += 1;
  }
  if (known !== null && known.seq > seq) {
    return { kind: 'broken', seq: seq + 1, why: `the log ends before row ${known.seq}, which was there` };
  }
  return { kind: 'intact', rows, head: rows === 0 ? null : { seq, hash: previous } };
}

function flawOf(row: Kept, seq: number, previous: string, known: AuditHead | null): string | null {
  if (row.seq !== seq) return `row ${seq} is missing`;
  if (row.previous !== previous) return 'the row before it is not the one that it was written after';
  if (hashOf(row) !== row.hash) return 'it was changed';
  return known?.seq === row.seq && known.hash !== row.hash ? 'it was written anew, with all rows after it' : null;
}

/** What the oldest row must follow: nothing, or what the newest removal of old rows says. A forged one breaks at its own place. */
function chainStart(db: Db): AuditHead {
  const row = db.prepare('SELECT detail FROM audit WHERE what = ? ORDER BY seq DESC LIMIT 1').get(TRIMMED);
  const { seq, hash: sealed } = parseObject(String(row?.['detail'])) ?? {};
  return typeof seq === 'number' && typeof sealed === 'string' ? { seq, hash: sealed } : { seq: 0, hash: '' };
}

/** A row as it is kept: `detail` is the text that was hashed. */
type Kept = Omit<AuditRow, 'detail'> & { readonly detail: string };

function hashOf({ seq, at, by, what, target, detail, previous }: Omit<Kept, 'hash'>): string {
  return hash('sha256', JSON.stringify([seq, at, by, what, target, detail, previous]));
}

/** Removes old rows from the beginning of the chain and says so at its end, so that what is left can still be verified. One row stays. */
function trimAudit(db: Db, before: number, limit: number, now: number): number {
  const first = db.prepare('SELECT seq FROM audit WHERE at >= ? ORDER BY seq LIMIT 1').get(before)?.['seq'];
  const end = (first as number | undefined) ?? auditHead(db)?.seq ?? 0;
  const [last] = db
    .prepare(
      'SELECT seq, hash FROM (SELECT seq, hash FROM audit WHERE seq < ? ORDER BY seq LIMIT ?) ORDER BY seq DESC LIMIT 1',
    )
    .all(end, limit);
  if (last === undefined) return 0;
  const detail = { seq: last['seq'] as number, hash: last['hash'] as string };
  const removed = Number(db.prepare('DELETE FROM audit WHERE seq <= ?').run(detail.seq).changes);
  appendAudit(db, { at: now, by: 'cosmowatch', what: TRIMMED, target: 'audit', detail });
  return removed;
}

export const RETAINED: readonly Retained[] = [
  { table: 'audit', time: 'at', unit: 'milliseconds', class: 'audit', trim: trimAudit },
];
