import { describe, expect, it } from 'vitest';
import { systemBytes } from '../../lib/clock.ts';
import { checkNewPassword, Passwords, parseHash } from './passwords.ts';

const passwords = new Passwords(systemBytes);

describe('a password', () => {
  it('is known again by its hash, and no other is', async () => {
    const hash = await passwords.hash('vier worte sind genug');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await passwords.verify('vier worte sind genug', hash)).toBe(true);
    expect(await passwords.verify('Vier worte sind genug', hash)).toBe(false);
    expect(await passwords.verify('', hash)).toBe(false);
  });

  it('has another hash each time', async () => {
    expect(await passwords.hash('the same')).not.toBe(await passwords.hash('the same'));
  });

  it('is the same however its letters are composed', async () => {
    const hash = await passwords.hash('gru\u0308ne w\u00e4lder');
    expect(await passwords.verify('gr\u00fcne wa\u0308lder', hash)).toBe(true);
  });

  it('of the reference implementation is known too', async () => {
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await passwords.verify('password', hash)).toBe(true);
    expect(await passwords.verify('passwort', hash)).toBe(false);
  });

  it.each([null, '', 'plain', '$argon2id$v=19$m=19456,t=2,p=1$$'])('is never the one of %s', async (stored) => {
    expect(await passwords.verify('', stored)).toBe(false);
    expect(await passwords.verify('plain', stored)).toBe(false);
  });

  it('many at once are told to wait, and the others are answered', async () => {
    const asked = Array.from({ length: 40 }, (_, at) => passwords.verify(`guess ${at}`, null));
    const done = await Promise.allSettled(asked);
    const refused = done.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBe(18);
    expect(refused.every((one) => one.status === 'rejected' && one.reason.code === 'CW-6016')).toBe(true);
    expect(await passwords.verify('later', null)).toBe(false);
  });
});

describe('a hash', () => {
  it.each([
    ['of another kind', '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
    ['of another version', '$argon2id$v=16$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
    [
      'that takes a gigabyte',
      '$argon2id$v=19$m=1048577,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    ],
    ['that takes minutes', '$argon2id$v=19$m=65536,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
    ['with too little memory', '$argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'],
    ['that was cut off', '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFd'],
  ])('%s is not taken', (_what, written) => {
    expect(parseHash(written)).toBeNull();
  });
});

describe('a new password', () => {
  it.each([
    ['short', 'elf zeichen', 'fewer than 12'],
    ['short in characters, long in bytes', '\u{1f511}'.repeat(11), 'fewer than 12'],
    ['one letter', 'a'.repeat(40), 'few characters'],
    ['the name', 'contoso-ann.lee!', 'the name'],
    ['words that are tried first', 'Password1234', 'tried first'],
    ['the same with more of them', 'cosmowatchadmin', 'tried first'],
    ['the top row', 'qwertyuiop123', 'tried first'],
  ])('%s: refused', (_what, password, why) => {
    expect(() => checkNewPassword(password, 'ann.lee@contoso.example')).toThrow(why);
  });

  it.each([
    'vier worte sind genug',
    'x7#Kp!29vQzz',
    '\u65e5\u672c\u8a9e\u306e\u5408\u8a00\u8449\u306f\u9577\u3044\u3067\u3059\u3088',
  ])('%s: taken', (password) => {
    expect(() => checkNewPassword(password, 'ann.lee@contoso.example')).not.toThrow();
  });
});
