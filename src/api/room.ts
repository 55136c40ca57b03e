/** Bytes of pushed bodies that are being read or wait for their answer: many senders at once cannot take more memory than this. */
export class Room {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Null: there is no room for so much now. */
  hold(bytes: number): Hold | null {
    if (!this.#fits(bytes, this.#taken)) return null;
    this.#taken += bytes;
    let held = bytes;
    return {
      resize: (to) => {
        if (!this.#fits(to, this.#taken - held)) return false;
        this.#taken += to - held;
        held = to;
        return true;
      },
      release: () => {
        this.#taken -= held;
        held = 0;
      },
    };
  }

  /** One body alone always has room: its own limits bound it. */
  #fits(bytes: number, others: number): boolean {
    return others === 0 || others + bytes <= this.#most;
  }
}

export interface Hold {
  /** False: there is no room for that; what was held stays held. */
  resize(bytes: number): boolean;
  release(): void;
}
