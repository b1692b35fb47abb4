type Result = IteratorResult<Uint8Array, undefined>;

/** Where the pieces of a body come from. */
export interface Pieces {
  next(): Promise<IteratorResult<unknown, unknown>>;
  /** No more of them are wanted, even if one is being waited for. */
  cancel(reason: unknown): Promise<unknown>;
}

/** A body on its way out, once. It can be stopped, even while it waits for its next piece. */
export class Upload implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #pieces: Pieces;
  /** Why it ends early. */
  #stopped: { readonly reason: unknown } | null;
  /** Whether its source has nothing more, or has failed. */
  #isOver: boolean;
  /** Ends the wait for a piece. */
  #reject: (reason: unknown) => void;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
    this.#stopped = null;
    this.#isOver = false;
    this.#reject = () => {};
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Result> {
    if (this.#stopped !== null) throw this.#stopped.reason;
    if (this.#isOver) return DONE;
    try {
      const { done, value } = await this.#piece();
      if (done !== true) return { done: false, value: octetsOf(value) };
      this.#isOver = true;
      return DONE;
    } catch (error) {
      this.#cancel(error);
      throw error;
    }
  }

  return(): Promise<Result> {
    this.#cancel(undefined);
    return Promise.resolve(DONE);
  }

  /** Whoever reads it fails with the reason, and its source is told. */
  stop(reason: unknown): void {
    this.#stopped ??= { reason };
    this.#reject(reason);
    this.#cancel(reason);
  }

  #piece(): Promise<IteratorResult<unknown, unknown>> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#pieces.next().then(resolve, reject);
    });
  }

  #cancel(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#pieces.cancel(reason).catch(() => {});
  }
}

const DONE: Result = { done: true, value: undefined };
const ENCODER = new TextEncoder();

/** @throws TypeError for what is neither octets nor text. */
function octetsOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  if (typeof piece === "string") return ENCODER.encode(piece);
  if (ArrayBuffer.isView(piece)) return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
  if (piece instanceof ArrayBuffer) return new Uint8Array(piece);
  throw new TypeError("a piece of a body is octets or text");
}

/** The pieces of a stream, which is locked from now on. */
export class StreamPieces implements Pieces {
  readonly #reader: ReadableStreamDefaultReader<unknown>;
  /** What was read ahead. */
  readonly #ahead: Promise<IteratorResult<unknown, unknown>>[];

  constructor(stream: ReadableStream<unknown>) {
    this.#reader = stream.getReader();
    this.#ahead = [];
  }

  next(): Promise<IteratorResult<unknown, unknown>> {
    return this.#ahead.shift() ?? this.#reader.read();
  }

  /** Puts a piece back that `next` gave. */
  putBack(piece: Promise<IteratorResult<unknown, unknown>>): void {
    // Nobody may ever ask for it.
    piece.catch(() => {});
    this.#ahead.push(piece);
  }

  cancel(reason: unknown): Promise<unknown> {
    return this.#reader.cancel(reason);
  }
}

/** The pieces of an iterable, which is asked for its first when that is wanted. */
export class IterablePieces implements Pieces {
  readonly #iterable: AsyncIterable<unknown>;
  #iterator: AsyncIterator<unknown> | null;

  constructor(iterable: AsyncIterable<unknown>) {
    this.#iterable = iterable;
    this.#iterator = null;
  }

  next(): Promise<IteratorResult<unknown, unknown>> {
    return this.#begun().next();
  }

  async cancel(): Promise<unknown> {
    return this.#begun().return?.();
  }

  #begun(): AsyncIterator<unknown> {
    this.#iterator ??= this.#iterable[Symbol.asyncIterator]();
    return this.#iterator;
  }
}
