import { hash } from 'node:crypto';
import type { Db } from './db.ts';

/*
 * Sessions and one-time links. Both are known by 256 random bits, of which the hash is kept: such a number cannot be guessed, so a plain
 * SHA-256 is enough, and whoever reads the database can sign in as nobody.
 */

/** Times in milliseconds since 1970. */
export interface StoredSession {
  readonly id: number;
  readonly userId: number;
  /** To the minute. */
  readonly usedAt: number;
  /** However much it is used. */
  readonly endsAt: number;
}

export function createSession(db: Db, secret: string, userId: number, now: number, endsAt: number): StoredSession {
  const { lastInsertRowid } = db
    .prepare('INSERT INTO sessions (hash, user_id, created_at, used_at, ends_at) VALUES (?, ?, ?, ?, ?)')
    .run(digest(secret), userId, now, now, endsAt);
  return { id: Number(lastInsertRowid), userId, usedAt: now, endsAt };
}

/** Ended or not: that is for who asks. */
export function findSession(db: Db, secret: string): StoredSession | null {
  const row = db.prepare('SELECT id, user_id, used_at, ends_at FROM sessions WHERE hash = ?').get(digest(secret));
  if (row === undefined) return null;
  return {
    id: row['id'] as number,
    userId: row['user_id'] as number,
    usedAt: row['used_at'] as number,
    endsAt: row['ends_at'] as number,
  };
}

const MINUTE = 60_000;

/** At most once a minute: a write for each request would cost more than the request. */
export function markSessionUsed(db: Db, { id, usedAt }: StoredSession, now: number): void {
  if (now - usedAt >= MINUTE) db.prepare('UPDATE sessions SET used_at = ? WHERE id = ?').run(now, id);
}

export function endSession(db: Db, id: number): void {
  db.prepare('DELETE FROM sessions WHERE id = ?').run(id);
}

/** @param keep the id of one that goes on */
export function endSessionsOf(db: Db, userId: number, keep: number | null = null): void {
  db.prepare('DELETE FROM sessions WHERE user_id = ?1 AND id IS NOT ?2').run(userId, keep);
}

/** Those that were used since `usedSince` and have not ended. */
export function countSessions(db: Db, userId: number, now: number, usedSince: number): number {
  const sql = 'SELECT count(*) AS n FROM sessions WHERE user_id = ? AND ends_at > ? AND used_at > ?';
  return db.prepare(sql).get(userId, now, usedSince)!['n'] as number;
}

export function removeEnded(db: Db, now: number, usedSince: number): void {
  db.prepare('DELETE FROM sessions WHERE ends_at <= ? OR used_at <= ?').run(now, usedSince);
  db.prepare('DELETE FROM links WHERE ends_at <= ?').run(now);
}

export type LinkKind = 'setup' | 'password';

/** One of a kind for each user at a time. @param userId null: of nobody yet @param endsAt null: never */
export function createLink(db: Db, kind: LinkKind, code: string, userId: number | null, endsAt: number | null): void {
  removeLinks(db, kind, userId);
  db.prepare('INSERT INTO links VALUES (?, ?, ?, ?)').run(digest(code), kind, userId, endsAt);
}

export function removeLinks(db: Db, kind: LinkKind, userId: number | null): void {
  db.prepare('DELETE FROM links WHERE kind = ? AND user_id IS ?').run(kind, userId);
}

/** Whose it is, if it can be used. */
export function findLink(db: Db, kind: LinkKind, code: string, now: number): { readonly userId: number | null } | null {
  const sql = 'SELECT user_id FROM links WHERE hash = ? AND kind = ? AND (ends_at IS NULL OR ends_at > ?)';
  const row = db.prepare(sql).get(digest(code), kind, now);
  return row === undefined ? null : { userId: row['user_id'] as number | null };
}

export function hasLink(db: Db, kind: LinkKind, userId: number | null, now: number): boolean {
  const sql = 'SELECT 1 FROM links WHERE kind = ? AND user_id IS ? AND (ends_at IS NULL OR ends_at > ?)';
  return db.prepare(sql).get(kind, userId, now) !== undefined;
}

function digest(secret: string): string {
  return hash('sha256', secret, 'hex');
}
