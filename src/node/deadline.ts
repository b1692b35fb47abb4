/** How long a negotiation may take when nobody says otherwise, in milliseconds. */
const DEFAULT_TIMEOUT = 10_000;

const LONGEST_TIMER = 2_147_483_647;

/** One point in time that all steps of a negotiation share. */
export class Deadline {
  readonly #time: number;

  /** @param timeout - milliseconds from now; 0 and Infinity mean never. */
  constructor(timeout: number = DEFAULT_TIMEOUT) {
    this.#time = timeout === 0 ? Number.POSITIVE_INFINITY : performance.now() + timeout;
  }

  /** Calls `expired` once the time is over, unless the returned function is called before. */
  watch(expired: () => void): () => void {
    const left = this.#time - performance.now();
    if (left > LONGEST_TIMER) return () => {};
    const timer = setTimeout(expired, left);
    return () => clearTimeout(timer);
  }
}
