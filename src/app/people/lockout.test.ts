import { describe, expect, it } from 'vitest';
import { LOCKED, Lockout } from './lockout.ts';

/** So many attempts that fail; what the last one was told. */
function tries(
  lockout: Lockout,
  count: number,
  name: (at: number) => string,
  from: (at: number) => string,
  now = 0,
): number | null {
  let last: number | null = null;
  for (let at = 0; at < count; at++) last = lockout.attempt(name(at), from(at), now);
  return last;
}

const ANN = (): string => 'ann';
const HERE = (): string => '203.0.113.7';

describe('who guesses waits', () => {
  it.each<[string, number, (at: number) => string, (at: number) => string]>([
    ['one name from one address', 5, ANN, HERE],
    ['many names from one address', 20, (at) => `user ${at}`, HERE],
    ['one name from many addresses', 50, ANN, (at) => `203.0.113.${at}`],
    ['a name in other letters', 5, (at) => (at % 2 === 0 ? 'Ann' : '\uff21nn'), HERE],
    ['many addresses of one network of IPv6', 5, ANN, (at) => `2001:db8:1:2:${at}::9`],
  ])('%s: after %d', (_what, most, name, from) => {
    const lockout = new Lockout();
    expect(tries(lockout, most, name, from)).toBeNull();
    expect(lockout.isLocked(name(0), from(0), 0)).toBe(true);
    expect(lockout.attempt(name(0), from(0), 0)).toBe(LOCKED / 1000);
    expect(lockout.attempt(name(0), from(0), LOCKED - 1)).toBe(1);
    expect(lockout.attempt(name(0), from(0), LOCKED)).toBeNull();
  });

  it('and nobody else does', () => {
    const lockout = new Lockout();
    tries(lockout, 5, ANN, HERE);
    expect(lockout.attempt('bob', HERE(), 0)).toBeNull();
    expect(lockout.attempt('ann', '203.0.113.8', 0)).toBeNull();
    expect(lockout.attempt('ann', '2001:db8:1:3::9', 0)).toBeNull();
  });

  it('waiting longer is not made of asking again', () => {
    const lockout = new Lockout();
    tries(lockout, 5, ANN, HERE);
    for (let now = 0; now < LOCKED; now += 1000) lockout.attempt('ann', HERE(), now);
    expect(lockout.attempt('ann', HERE(), LOCKED)).toBeNull();
  });

  it('what succeeds is forgotten', () => {
    const lockout = new Lockout();
    for (let at = 0; at < 200; at++) {
      expect(lockout.attempt('ann', HERE(), at)).toBeNull();
      lockout.succeeded('ann', HERE());
    }
  });

  it('an account of one’s own clears nothing that was tried on others', () => {
    const lockout = new Lockout();
    let guessed = 0;
    for (let at = 0; at < 100; at++) {
      if (lockout.attempt(`user ${at}`, HERE(), 0) === null) guessed += 1;
      if (lockout.attempt('own', HERE(), 0) === null) lockout.succeeded('own', HERE());
    }
    expect(guessed).toBe(20);
  });
});
