type Result = IteratorResult<Uint8Array, undefined>;

/** The stream that a body comes from. */
export interface BodySource {
  /** The reader has taken octets that cost the windows so much. */
  acknowledge(cost: number): void;
  /** The reader wants no more. */
  cancel(): void;
  /** The reader waits, from now on. */
  awaited?(): void;
}

/**
 * A body on its way from a connection to one reader. What the reader has not asked for stays here unacknowledged, so that
 * the peer's window for the stream closes.
 */
export class ReceivedBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #source: BodySource;
  #held: Uint8Array[];
  #costs: number[];
  #isComplete: boolean;
  #error: Error | null;
  /** The reader's question, while there is no answer. */
  #asked: { resolve: (result: Result) => void; reject: (error: Error) => void } | null;
  #isTaken: boolean;

  constructor(source: BodySource) {
    this.#source = source;
    this.#held = [];
    this.#costs = [];
    this.#isComplete = false;
    this.#error = null;
    this.#asked = null;
    this.#isTaken = false;
  }

  /** Whether the reader waits for octets. */
  get isAwaited(): boolean {
    return this.#asked !== null;
  }

  /** Whether nothing is here that the reader has not asked for. */
  get isRead(): boolean {
    return this.#held.length === 0;
  }

  // -- From the connection ----------------------------------------------------------------------------------

  /** @param cost - octets of the windows, padding included. */
  push(octets: Uint8Array, cost: number): void {
    if (this.#error !== null || octets.length === 0) this.#source.acknowledge(cost);
    else if (this.#asked !== null) this.#answer(octets, cost);
    else {
      this.#held.push(octets);
      this.#costs.push(cost);
    }
  }

  end(): void {
    this.#isComplete = true;
    this.#settle();
    this.#asked?.resolve(DONE);
    this.#asked = null;
  }

  /** What is here can still be read; behind it comes the error. */
  fail(error: Error): void {
    if (this.#isComplete || this.#error !== null) return;
    this.#error = error;
    this.#settle();
    this.#asked?.reject(error);
    this.#asked = null;
  }

  // -- From the reader --------------------------------------------------------------------------------------

  [Symbol.asyncIterator](): this {
    if (this.#isTaken) throw new TypeError("a body can be read once");
    this.#isTaken = true;
    return this;
  }

  next(): Promise<Result> {
    const value = this.#held.shift();
    if (value !== undefined) {
      this.#source.acknowledge(this.#costs.shift() as number);
      return Promise.resolve({ done: false, value });
    }
    if (this.#error !== null) return Promise.reject(this.#error);
    if (this.#isComplete) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
      this.#source.awaited?.();
    });
  }

  /** The reader leaves early. */
  return(): Promise<Result> {
    this.discard();
    if (!this.#isComplete) this.#source.cancel();
    this.#isComplete = true;
    return Promise.resolve(DONE);
  }

  /** Drops what nobody will read, and opens the window for it. */
  discard(): void {
    for (const cost of this.#costs) this.#source.acknowledge(cost);
    this.#held = [];
    this.#costs = [];
  }

  /** Nothing more will come, so what is here need not hold anything up, even if nobody ever reads it. */
  #settle(): void {
    for (const cost of this.#costs) this.#source.acknowledge(cost);
    this.#costs.fill(0);
  }

  #answer(octets: Uint8Array, cost: number): void {
    this.#asked?.resolve({ done: false, value: octets });
    this.#asked = null;
    this.#source.acknowledge(cost);
  }
}

const DONE: Result = { done: true, value: undefined };
