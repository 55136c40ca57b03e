import { SCOPES } from '../../api/contract.ts';
import { type Bearer, EVERYTHING, type IssuedToken, type TokensPort } from '../../api/ports.ts';
import type { Clock, RandomBytes } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import { isoOf } from '../../lib/iso.ts';
import type { Secret } from '../../lib/secret.ts';
import type { Db } from '../../store/db.ts';
import {
  checkToken,
  createToken,
  isSameSecret,
  listTokens,
  type Made,
  markUsed,
  revokeToken,
  rotateToken,
  type Token,
  type TokenSpec,
} from '../../store/tokens.ts';
import type { NamedSource } from './sourceRunner.ts';

export interface TokensDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly entropy: RandomBytes;
  /** It may do everything. */
  readonly main: Secret;
  /** Push sources as they are configured now, whose tokens stand in the configuration. */
  readonly sources: () => readonly NamedSource[];
}

/** What a token that only brings records may do. */
const SENDER: Pick<Bearer, 'scopes' | 'sees'> = { scopes: ['logs'], sees: { subscriptions: [], labels: {} } };

export function tokensPort(deps: TokensDeps): TokensPort {
  const { db, clock, entropy } = deps;
  const issued = (made: Made, name: string, why: string): IssuedToken => {
    if (made.kind === 'refused') throw new UserError('CW-6005', why, { cure: 'cosmowatch tokens list' });
    return { item: itemOf(newestOf(db, name)), token: made.secret };
  };
  return {
    resolve: (token) => mainBearer(deps, token) ?? configured(deps, token) ?? stored(deps, token),
    list: async () => listTokens(db).filter(isValid(clock.now())).map(itemOf),
    async create({ name, scopes, source, subscriptions, labels, expiresAt }) {
      const spec: TokenSpec = {
        name,
        scopes,
        source,
        labels,
        speaksFor: subscriptions?.map((id) => id.toLowerCase()) ?? null,
        expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
      };
      const made = db.transaction(() => createToken(db, spec, clock.now(), entropy));
      return issued(made, name, `a token is called ${name} already`);
    },
    async revoke(id) {
      const token = byId(db, id);
      return token !== null && db.transaction(() => revokeToken(db, token.name, clock.now()));
    },
    async rotate(id, graceSeconds) {
      const token = byId(db, id);
      if (token === null) return null;
      const now = clock.now();
      const made = db.transaction(() => rotateToken(db, token.name, now + graceSeconds * 1000, now, entropy));
      return made.kind === 'refused' ? null : issued(made, token.name, '');
    },
  };
}

function mainBearer({ main }: TokensDeps, token: string): Bearer | null {
  if (!isSameSecret(token, main.reveal())) return null;
  return { id: 'main', name: 'main', scopes: SCOPES, source: null, speaksFor: null, sees: EVERYTHING };
}

function configured({ sources }: TokensDeps, token: string): Bearer | null {
  let found: Bearer | null = null;
  // All are compared: how long it takes says nothing of which one it was.
  for (const { name: source, source: kind, subscriptions } of sources()) {
    for (const [at, one] of (kind.tokens ?? []).entries()) {
      if (!isSameSecret(token, one.token.reveal())) continue;
      const speaksFor = one.speaksFor ?? subscriptions;
      found = { ...SENDER, id: `${source}/${at}`, name: one.name ?? source, source, speaksFor };
    }
  }
  return found;
}

function stored({ db, clock }: TokensDeps, secret: string): Bearer | null {
  const checked = checkToken(db, secret, clock.now());
  if (checked.kind === 'invalid') return null;
  const { token } = checked;
  const { name, scopes, source, speaksFor, labels } = token;
  try {
    db.transaction(() => markUsed(db, token, clock.now()));
  } catch {
    // When it was used last is not worth refusing what it asks.
  }
  return { id: `${token.id}`, name, scopes, source, speaksFor, sees: { subscriptions: speaksFor, labels } };
}

function isValid(now: number): (token: Token) => boolean {
  return ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now);
}

function byId(db: Db, id: string): Token | null {
  return listTokens(db).find((token) => `${token.id}` === id) ?? null;
}

function newestOf(db: Db, name: string): Token {
  return listTokens(db).findLast((token) => token.name === name)!;
}

function itemOf({ id, name, scopes, source, speaksFor, labels, expiresAt, createdAt, usedAt }: Token) {
  return {
    id: `${id}`,
    name,
    scopes,
    source,
    subscriptions: speaksFor,
    labels,
    expiresAt: expiresAt === null ? null : isoOf(expiresAt),
    createdAt: isoOf(createdAt),
    lastUsedAt: usedAt === null ? null : isoOf(usedAt),
  };
}
