import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { LEAST_PASSWORD } from '../../api/contract.ts';
import { later, Refusal } from '../../api/problem.ts';
import type { RandomBytes } from '../../lib/clock.ts';
import { foldName } from '../../store/users.ts';

/** What OWASP names first for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT = 16;
const TAG = 32;
/** Each takes a thread of those that Node also reads files and decompresses with. */
const AT_ONCE = 2;
const WAITING = 20;

type Cost = Readonly<Record<keyof typeof COST, number>>;

interface Hashed extends Cost {
  readonly salt: Buffer;
  readonly tag: Buffer;
}

const derive = promisify(argon2);

/** Hashes of passwords, with their parameters beside them as others write them too: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`. */
export class Passwords {
  readonly #entropy: RandomBytes;
  readonly #nobody: Hashed;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(entropy: RandomBytes) {
    this.#entropy = entropy;
    this.#nobody = { ...COST, salt: Buffer.from(entropy(SALT)), tag: Buffer.from(entropy(TAG)) };
  }

  async hash(password: string): Promise<string> {
    const salt = Buffer.from(this.#entropy(SALT));
    const tag = await this.#derive(password, { ...COST, salt }, TAG);
    const { memory, passes, parallelism } = COST;
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${bare(salt)}$${bare(tag)}`;
  }

  /** @param stored null: there is none; it takes as long @throws Refusal CW-6016 if too many are asked at once */
  async verify(password: string, stored: string | null): Promise<boolean> {
    const wanted = stored === null ? null : parseHash(stored);
    const { tag, ...how } = wanted ?? this.#nobody;
    const given = await this.#derive(password, how, tag.length);
    return timingSafeEqual(given, tag) && wanted !== null;
  }

  async #derive(
    password: string,
    { salt, ...cost }: Cost & { readonly salt: Buffer },
    length: number,
  ): Promise<Buffer> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= WAITING) throw later('CW-6016', 'too many people sign in at once', 1);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      return await derive('argon2id', { message: password.normalize('NFKC'), nonce: salt, tagLength: length, ...cost });
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

function bare(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

const WRITTEN =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** Null: no hash of argon2id, or one of which each sign-in would cost more than a second. */
export function parseHash(written: string): Hashed | null {
  const found = WRITTEN.exec(written);
  if (found === null) return null;
  const [memory, passes, parallelism] = found.slice(1, 4).map(Number) as [number, number, number];
  if (parallelism < 1 || passes < 1 || memory < 8 * parallelism || memory * passes > 1 << 20) return null;
  return { memory, passes, parallelism, salt: Buffer.from(found[4]!, 'base64'), tag: Buffer.from(found[5]!, 'base64') };
}

/** With these begin the lists of those who guess. */
const WELL_KNOWN =
  /password|passw0rd|qwertyuiop|qwertz|qwerty|asdfghjkl|zxcvbnm|1234567890|0123456789|12345678|abcdefgh|letmein|welcome|iloveyou|administrator|admin|changeme|cosmowatch|azure|cosmos/g;

/** @throws Refusal CW-6024 for one that is guessed soon */
export function checkNewPassword(password: string, name: string): void {
  const characters = [...password.normalize('NFKC')];
  const folded = foldName(password);
  const own = foldName(name).split('@', 1)[0]!;
  if (characters.length < LEAST_PASSWORD) throw weak(`has fewer than ${LEAST_PASSWORD} characters`);
  if (new Set(characters).size < 5) throw weak('repeats few characters');
  if (own.length >= 4 && folded.includes(own)) throw weak('holds the name');
  if (folded.replace(WELL_KNOWN, '').length < 6) throw weak('is made of words that are tried first');
}

function weak(what: string): Refusal {
  return new Refusal(
    'CW-6024',
    `the password ${what}`,
    `Choose another: several words, ${LEAST_PASSWORD} characters or more.`,
  );
}
