/** Numbers as chance has them, the same ones for the same seed (xorshift with 32 bits). */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0 || 1;
    for (let round = 0; round < 8; round++) this.next();
  }

  /** 0 to 2^32 - 1. */
  next() {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state;
  }

  /** 0 to `end`, without `end`. */
  below(end) {
    return this.next() % end;
  }

  between(least, most) {
    return least + this.below(most - least + 1);
  }

  /** True once in `times`. */
  once(times) {
    return this.below(times) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  octets(length) {
    return Uint8Array.from({ length }, () => this.next() & 0xff);
  }
}
