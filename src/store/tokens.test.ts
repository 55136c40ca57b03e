import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Db } from './db.ts';
import { mainToken } from './mainToken.ts';
import { folders, refusal } from './store.test-support.ts';
import {
  checkToken,
  createToken,
  isSameSecret,
  listTokens,
  type Made,
  markUsed,
  revokeToken,
  rotateToken,
  type TokenSpec,
} from './tokens.ts';

const SPEC: TokenSpec = {
  name: 'hub',
  scopes: ['logs'],
  labels: {},
  source: 'push',
  speaksFor: ['00000000-0000-0000-0000-0000000000aa'],
  expiresAt: null,
};

/** Bytes 1, 2, 3, ... of each call. */
function counting(): (count: number) => Uint8Array {
  let call = 0;
  return (count) => {
    call += 1;
    return new Uint8Array(count).fill(call);
  };
}

function secretOf(made: Made): string {
  if (made.kind !== 'made') throw new Error(made.why);
  return made.secret.reveal();
}

function why(db: Db, secret: string, now: number): string {
  const checked = checkToken(db, secret, now);
  return checked.kind === 'valid' ? 'valid' : checked.why;
}

describe('tokens', () => {
  it('one that was made is known by its secret, with all its rights', () => {
    const db = new Db(':memory:');
    const secret = secretOf(createToken(db, SPEC, 1000, counting()));
    expect(secret).toMatch(/^cwt_[\w-]{43}$/);
    expect(checkToken(db, secret, 2000)).toEqual({
      kind: 'valid',
      token: { ...SPEC, id: 1, createdAt: 1000, usedAt: null, revokedAt: null },
    });
  });

  it('null means any, and stays null', () => {
    const db = new Db(':memory:');
    const spec: TokenSpec = { ...SPEC, source: null, speaksFor: null, scopes: ['read', 'act'] };
    createToken(db, spec, 0, counting());
    expect(listTokens(db)).toMatchObject([spec]);
  });

  it.each(['', 'cwt_', 'x'.repeat(100_000), 'cwt_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF'])(
    'not by %.12s',
    (secret) => {
      const db = new Db(':memory:');
      createToken(db, SPEC, 0, counting());
      expect(why(db, secret, 0)).toBe('unknown');
    },
  );

  it('a name is taken until its token is revoked or expired', () => {
    const db = new Db(':memory:');
    const random = counting();
    createToken(db, { ...SPEC, expiresAt: 5000 }, 0, random);
    expect(createToken(db, SPEC, 4999, random)).toEqual({ kind: 'refused', why: 'taken' });
    expect(createToken(db, SPEC, 5000, random).kind).toBe('made');
    expect(revokeToken(db, 'hub', 6000)).toBe(true);
    expect(createToken(db, SPEC, 6000, random).kind).toBe('made');
  });

  it('expires at its time', () => {
    const db = new Db(':memory:');
    const secret = secretOf(createToken(db, { ...SPEC, expiresAt: 5000 }, 0, counting()));
    expect([why(db, secret, 4999), why(db, secret, 5000)]).toEqual(['valid', 'expired']);
  });

  it('a rotated one is valid beside its successor for a while', () => {
    const db = new Db(':memory:');
    const random = counting();
    const old = secretOf(createToken(db, SPEC, 0, random));
    const next = secretOf(rotateToken(db, 'hub', 9000, 1000, random));
    expect(next).not.toBe(old);
    expect([why(db, old, 8999), why(db, next, 8999)]).toEqual(['valid', 'valid']);
    expect([why(db, old, 9000), why(db, next, 9000)]).toEqual(['expired', 'valid']);
    expect(checkToken(db, next, 9000)).toMatchObject({ token: SPEC });
  });

  it('rotating never makes an old secret live longer', () => {
    const db = new Db(':memory:');
    const random = counting();
    const first = secretOf(createToken(db, SPEC, 0, random));
    const second = secretOf(rotateToken(db, 'hub', 2000, 1000, random));
    rotateToken(db, 'hub', 9000, 1500, random);
    expect([why(db, first, 2000), why(db, second, 2000)]).toEqual(['expired', 'valid']);
    expect(rotateToken(db, 'hub', 0, 10_000, random).kind).toBe('made');
  });

  it('revoking takes all secrets of a name, and no other', () => {
    const db = new Db(':memory:');
    const random = counting();
    const secrets = [createToken(db, SPEC, 0, random), rotateToken(db, 'hub', 9000, 0, random)].map(secretOf);
    const other = secretOf(createToken(db, { ...SPEC, name: 'other' }, 0, random));
    expect(revokeToken(db, 'hub', 1000)).toBe(true);
    expect(secrets.map((secret) => why(db, secret, 1000))).toEqual(['revoked', 'revoked']);
    expect(why(db, other, 1000)).toBe('valid');
    expect(revokeToken(db, 'hub', 2000)).toBe(false);
    expect(rotateToken(db, 'hub', 9000, 2000, random)).toEqual({ kind: 'refused', why: 'unknown' });
  });

  it('its use is noted once a minute', () => {
    const db = new Db(':memory:');
    createToken(db, SPEC, 0, counting());
    const used = [1000, 60_999, 61_000].map((now) => {
      markUsed(db, listTokens(db)[0]!, now);
      return listTokens(db)[0]!.usedAt;
    });
    expect(used).toEqual([1000, 1000, 61_000]);
  });

  it('no secret is in the file, nor in what is printed of it', () => {
    const db = new Db(':memory:');
    const made = createToken(db, SPEC, 0, counting());
    const secret = secretOf(made);
    expect(JSON.stringify(db.prepare('SELECT * FROM tokens').all())).not.toContain(secret.slice(4, 20));
    expect(inspect(made, { depth: 9 }) + JSON.stringify(made)).not.toContain(secret.slice(4, 20));
  });

  it('secrets that are not in the store are compared whole', () => {
    expect([isSameSecret('abc', 'abc'), isSameSecret('abc', 'abcd'), isSameSecret('', 'a')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the main token', () => {
  const folder = folders();

  it('comes from the environment where it is given', () => {
    const data = folder();
    const found = mainToken(data, { COSMOWATCH_TOKEN: ' secret\n' }, counting());
    expect([found.token.reveal(), found.path, found.isNew]).toEqual(['secret', null, false]);
    expect(() => statSync(join(data, 'token'))).toThrow('ENOENT');
  });

  it('else is made once, for its owner only', () => {
    const data = folder();
    const first = mainToken(data, { COSMOWATCH_TOKEN: '' }, counting());
    const path = join(data, 'token');
    expect([first.path, first.isNew, statSync(path).mode & 0o777]).toEqual([path, true, 0o600]);
    expect(readFileSync(path, 'utf8')).toBe(`${first.token.reveal()}\n`);
    const second = mainToken(data, {}, counting());
    expect([second.token.reveal(), second.isNew, second.isExposed]).toEqual([first.token.reveal(), false, false]);
  });

  it('says when others may read it', () => {
    const data = folder();
    mainToken(data, {}, counting());
    chmodSync(join(data, 'token'), 0o644);
    expect(mainToken(data, {}, counting()).isExposed).toBe(true);
  });

  it.each([
    ['an empty file', ''],
    ['several words', 'two words'],
  ])('%s is no token, and is not replaced', (_name, text) => {
    const data = folder();
    writeFileSync(join(data, 'token'), text);
    expect(refusal(() => mainToken(data, {}, counting()))).toMatchObject({ code: 'CW-4007' });
    expect(readFileSync(join(data, 'token'), 'utf8')).toBe(text);
  });

  it('a folder that is gone is told as such', () => {
    expect(refusal(() => mainToken(join(folder(), 'gone'), {}, counting())).message).toContain(
      'cannot be written (ENOENT)',
    );
  });
});
