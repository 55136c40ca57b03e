import type { Micros } from '../events/event.ts';
import { type Sign, type SignSink, signKey } from './signs.ts';

/** Records by their signs, kept as numbers until they are taken: what a reader of a piece knows of most records. */
export class SignLog implements SignSink {
  readonly #until: Micros;
  readonly #entries = new Map<string, Entry>();
  #newSigns: Sign[] = [];
  #signs = new Uint32Array(1 << 14);
  #times = new Float64Array(1 << 14);
  #length = 0;

  /** @param until records after it do not count */
  constructor(until: Micros | null) {
    this.#until = until ?? Number.POSITIVE_INFINITY;
  }

  of(sign: Sign): Entry {
    const key = signKey(sign);
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const made = new Entry(this.#entries.size, this);
    this.#entries.set(key, made);
    this.#newSigns.push(sign);
    return made;
  }

  add(sign: number, time: Micros): boolean {
    if (time > this.#until) return false;
    if (this.#length === this.#signs.length) this.#grow();
    this.#signs[this.#length] = sign;
    this.#times[this.#length++] = time;
    return true;
  }

  /** What was added since the last time. Numbers of signs go on. */
  take(): {
    readonly newSigns: readonly Sign[];
    readonly signs: Uint32Array<ArrayBuffer>;
    readonly times: Float64Array<ArrayBuffer>;
  } {
    const taken = {
      newSigns: this.#newSigns,
      signs: this.#signs.slice(0, this.#length),
      times: this.#times.slice(0, this.#length),
    };
    this.#newSigns = [];
    this.#length = 0;
    return taken;
  }

  #grow(): void {
    const [signs, times] = [this.#signs, this.#times];
    this.#signs = new Uint32Array(signs.length * 2);
    this.#times = new Float64Array(times.length * 2);
    this.#signs.set(signs);
    this.#times.set(times);
  }
}

class Entry {
  readonly #number: number;
  readonly #log: SignLog;

  constructor(number: number, log: SignLog) {
    this.#number = number;
    this.#log = log;
  }

  add(time: Micros): boolean {
    return this.#log.add(this.#number, time);
  }
}
