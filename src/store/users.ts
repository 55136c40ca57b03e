import type { Person, Role } from '../api/contract.ts';
import type { Db } from './db.ts';

export interface UserSpec {
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly method: Person['method'];
  /** Who it is for the other side of OpenID Connect; null: nobody. */
  readonly subject: string | null;
  /** A hash with its parameters; null: none was chosen, or none is needed. */
  readonly password: string | null;
  /** They see these only, lower case; null: all. */
  readonly subscriptions: readonly string[] | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** Times in milliseconds since 1970. */
export interface User extends UserSpec {
  readonly id: number;
  readonly createdAt: number;
  readonly signedInAt: number | null;
  readonly disabledAt: number | null;
}

/** How names are compared. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** The name must be free. In the caller's transaction, as all here. */
export function createUser(db: Db, spec: UserSpec, now: number): User {
  const { name, email, role, method, subject, password, subscriptions, labels } = spec;
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO users (name, folded, email, role, method, subject, password, subscriptions, labels, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      name,
      foldName(name),
      email,
      role,
      method,
      subject,
      password,
      subscriptions === null ? null : JSON.stringify(subscriptions),
      JSON.stringify(labels),
      now,
    );
  return userById(db, Number(lastInsertRowid))!;
}

/** By name. */
export function listUsers(db: Db): User[] {
  return db.prepare('SELECT * FROM users ORDER BY folded').all().map(userOf);
}

export function userById(db: Db, id: number): User | null {
  return one(db.prepare('SELECT * FROM users WHERE id = ?').get(id));
}

export function userByName(db: Db, name: string): User | null {
  return one(db.prepare('SELECT * FROM users WHERE folded = ?').get(foldName(name)));
}

export function userBySubject(db: Db, subject: string): User | null {
  return one(db.prepare('SELECT * FROM users WHERE subject = ?').get(subject));
}

export function hasUsers(db: Db): boolean {
  return db.prepare('SELECT 1 FROM users LIMIT 1').get() !== undefined;
}

export function setPassword(db: Db, id: number, password: string | null): void {
  db.prepare('UPDATE users SET password = ? WHERE id = ?').run(password, id);
}

export function setRole(
  db: Db,
  id: number,
  { role, subscriptions, labels }: Pick<UserSpec, 'role' | 'subscriptions' | 'labels'>,
): void {
  const list = subscriptions === null ? null : JSON.stringify(subscriptions);
  db.prepare('UPDATE users SET role = ?, subscriptions = ?, labels = ? WHERE id = ?').run(
    role,
    list,
    JSON.stringify(labels),
    id,
  );
}

/** What the other side says of somebody when they sign in. */
export function setProfile(db: Db, id: number, { email, role }: Pick<UserSpec, 'email' | 'role'>): void {
  db.prepare('UPDATE users SET email = ?, role = ? WHERE id = ?').run(email, role, id);
}

/** @param at null: they may sign in again */
export function setDisabled(db: Db, id: number, at: number | null): void {
  db.prepare('UPDATE users SET disabled_at = ? WHERE id = ?').run(at, id);
}

export function markSignedIn(db: Db, id: number, now: number): void {
  db.prepare('UPDATE users SET signed_in_at = ? WHERE id = ?').run(now, id);
}

/** Their sessions and links go with them. */
export function removeUser(db: Db, id: number): void {
  db.prepare('DELETE FROM users WHERE id = ?').run(id);
}

type Row = Readonly<Record<string, unknown>>;

function one(row: Row | undefined): User | null {
  return row === undefined ? null : userOf(row);
}

function userOf(row: Row): User {
  const subscriptions = row['subscriptions'];
  return {
    id: row['id'] as number,
    name: row['name'] as string,
    email: row['email'] as string | null,
    role: row['role'] as Role,
    method: row['method'] as Person['method'],
    subject: row['subject'] as string | null,
    password: row['password'] as string | null,
    subscriptions: subscriptions === null ? null : (JSON.parse(String(subscriptions)) as readonly string[]),
    labels: JSON.parse(String(row['labels'])) as Readonly<Record<string, string>>,
    createdAt: row['created_at'] as number,
    signedInAt: row['signed_in_at'] as number | null,
    disabledAt: row['disabled_at'] as number | null,
  };
}
