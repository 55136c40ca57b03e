import { hash, timingSafeEqual } from 'node:crypto';
import type { TokenScope } from '../api/contract.ts';
import type { RandomBytes } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import type { Db } from './db.ts';

export interface TokenSpec {
  /** Who it is, in the audit log and in what people see. */
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** The one source that it may push to; null: any. */
  readonly source: string | null;
  /** Subscriptions whose records it may push, and of which it sees alerts, lower case; null: any. */
  readonly speaksFor: readonly string[] | null;
  /** It sees alerts with all of these labels only. */
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
}

/** One secret of a token. While one is rotated there are two. */
export interface Token extends TokenSpec {
  readonly id: number;
  readonly createdAt: number;
  /** To the minute. */
  readonly usedAt: number | null;
  readonly revokedAt: number | null;
}

/** The secret is shown once, when it is made. */
export type Made =
  | { readonly kind: 'made'; readonly secret: Secret }
  /** To be made: a token of that name is valid. To be rotated: none is. */
  | { readonly kind: 'refused'; readonly why: 'taken' | 'unknown' };

export type Checked =
  | { readonly kind: 'valid'; readonly token: Token }
  | { readonly kind: 'invalid'; readonly why: 'unknown' | 'revoked' | 'expired' };

/** A name belongs to one token at a time. In the caller's transaction, beside the row of the audit log. */
export function createToken(db: Db, spec: TokenSpec, now: number, random: RandomBytes): Made {
  if (validOf(db, spec.name, now).length > 0) return { kind: 'refused', why: 'taken' };
  return { kind: 'made', secret: insert(db, spec, now, random) };
}

/** A new secret with the same rights; those before it go on until `keepUntil`, so that a sender can change without losing anything. */
export function rotateToken(db: Db, name: string, keepUntil: number, now: number, random: RandomBytes): Made {
  const newest = validOf(db, name, now).at(-1);
  if (newest === undefined) return { kind: 'refused', why: 'unknown' };
  db.prepare('UPDATE tokens SET expires_at = min(coalesce(expires_at, ?2), ?2) WHERE name = ?1').run(name, keepUntil);
  return { kind: 'made', secret: insert(db, newest, now, random) };
}

/** All secrets of that name, at once. False: none was valid. */
export function revokeToken(db: Db, name: string, now: number): boolean {
  const wasValid = validOf(db, name, now).length > 0;
  db.prepare('UPDATE tokens SET revoked_at = ?2 WHERE name = ?1 AND revoked_at IS NULL').run(name, now);
  return wasValid;
}

/** By name, the oldest secret first; revoked and expired ones too. */
export function listTokens(db: Db): Token[] {
  return db.prepare('SELECT * FROM tokens ORDER BY name, id').all().map(tokenOf);
}

/** Whose secret is it? All rows are compared, each in constant time: how long it takes says nothing of what is kept. */
export function checkToken(db: Db, secret: string, now: number): Checked {
  const asked = digest(secret);
  let found: Row | null = null;
  for (const row of db.prepare('SELECT * FROM tokens').all()) {
    if (timingSafeEqual(asked, Buffer.from(String(row['hash']), 'hex'))) found = row;
  }
  if (found === null) return { kind: 'invalid', why: 'unknown' };
  const token = tokenOf(found);
  if (token.revokedAt !== null) return { kind: 'invalid', why: 'revoked' };
  if (isExpired(token, now)) return { kind: 'invalid', why: 'expired' };
  return { kind: 'valid', token };
}

const MINUTE = 60_000;

/** Notes that it was used, at most once a minute: a write for each request would cost more than the request. */
export function markUsed(db: Db, { id, usedAt }: Pick<Token, 'id' | 'usedAt'>, now: number): void {
  if (usedAt !== null && now - usedAt < MINUTE) return;
  db.prepare('UPDATE tokens SET used_at = ? WHERE id = ?').run(now, id);
}

/** Compares secrets that are not in the store, like the main token. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * A plain SHA-256 is enough to keep: a secret of 256 random bits cannot be guessed, so a slow hash would protect nothing, and would let
 * anybody who sends wrong tokens keep the processor busy.
 */
function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** 256 bits, in letters that need no quotes anywhere; the prefix lets scanners for leaked secrets know it. */
export function newSecret(random: RandomBytes): string {
  return `cwt_${Buffer.from(random(32)).toString('base64url')}`;
}

function insert(db: Db, spec: TokenSpec, now: number, random: RandomBytes): Secret {
  const secret = newSecret(random);
  const { name, scopes, source, speaksFor, labels, expiresAt } = spec;
  db.prepare(
    'INSERT INTO tokens (name, hash, scopes, source, speaks_for, labels, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(
    name,
    digest(secret).toString('hex'),
    JSON.stringify(scopes),
    source,
    speaksFor === null ? null : JSON.stringify(speaksFor),
    JSON.stringify(labels),
    now,
    expiresAt,
  );
  return new Secret(secret, `token:${name}`);
}

function validOf(db: Db, name: string, now: number): Token[] {
  return listTokens(db).filter((token) => token.name === name && token.revokedAt === null && !isExpired(token, now));
}

function isExpired({ expiresAt }: Token, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

type Row = Readonly<Record<string, unknown>>;

function tokenOf(row: Row): Token {
  const speaksFor = row['speaks_for'];
  return {
    id: row['id'] as number,
    name: row['name'] as string,
    scopes: JSON.parse(String(row['scopes'])) as readonly TokenScope[],
    source: row['source'] as string | null,
    speaksFor: speaksFor === null ? null : (JSON.parse(String(speaksFor)) as readonly string[]),
    labels: JSON.parse(String(row['labels'])) as Readonly<Record<string, string>>,
    createdAt: row['created_at'] as number,
    usedAt: row['used_at'] as number | null,
    expiresAt: row['expires_at'] as number | null,
    revokedAt: row['revoked_at'] as number | null,
  };
}
