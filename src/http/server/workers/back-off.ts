/** Milliseconds. Who has lived longer was no failure of the start. */
const SHORT_LIFE = 5_000;
const FIRST_DELAY = 100;
const LONGEST_DELAY = 5_000;
const MOST_SHORT_LIVES = 5;

/** How long to wait before a worker that has died is replaced, so that one that cannot live costs little. */
export class BackOff {
  /** Short lives one after the other. */
  #shortLives: number;

  constructor() {
    this.#shortLives = 0;
  }

  /** Whether so many have died soon, one after the other, that the next one will too. */
  get isHopeless(): boolean {
    return this.#shortLives >= MOST_SHORT_LIVES;
  }

  /** @param lifetime - of the one that has died, in milliseconds. @returns milliseconds to wait. */
  delayAfter(lifetime: number): number {
    if (lifetime >= SHORT_LIFE) {
      this.#shortLives = 0;
      return 0;
    }
    const delay = FIRST_DELAY * 2 ** this.#shortLives;
    this.#shortLives += 1;
    return Math.min(delay, LONGEST_DELAY);
  }
}
