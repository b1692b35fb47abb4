import type { Transform } from "node:stream";

/** Makes what undoes a coding. @param first - the first octet. */
export type MakeDecoder = (first: number) => Transform;

type Result = IteratorResult<Uint8Array, undefined>;

/**
 * Undoes one content coding. A chunk is asked for when the reader has everything that came of the one before, so that
 * nothing is read ahead.
 */
export class DecodedBody implements AsyncIterator<Uint8Array, undefined> {
  readonly #source: AsyncIterator<Uint8Array, unknown>;
  readonly #makeDecoder: MakeDecoder;
  #decoder: Transform | null;
  /** Whether the decoder has done all that it was given. */
  #isIdle: boolean;
  #isSourceOver: boolean;
  #isEnded: boolean;
  #error: Error | null;
  /** Lets the reader look again. */
  #wake: () => void;

  constructor(source: AsyncIterator<Uint8Array, unknown>, makeDecoder: MakeDecoder) {
    this.#source = source;
    this.#makeDecoder = makeDecoder;
    this.#decoder = null;
    this.#isIdle = true;
    this.#isSourceOver = false;
    this.#isEnded = false;
    this.#error = null;
    this.#wake = () => {};
  }

  async next(): Promise<Result> {
    for (;;) {
      const value = this.#decoder?.read() as Uint8Array | null | undefined;
      if (value !== null && value !== undefined) return { done: false, value };
      if (this.#error !== null) throw this.#error;
      if (this.#isEnded) return DONE;
      if (this.#isIdle) await this.#feed();
      else await this.#change();
    }
  }

  /** The reader leaves early. */
  return(): Promise<Result> {
    this.#isEnded = true;
    this.#release();
    this.#wake();
    return Promise.resolve(DONE);
  }

  /** Gives the decoder the next chunk, or tells it that there is none. */
  async #feed(): Promise<void> {
    const { done, value } = await this.#received();
    if (this.#isEnded) return;
    if (done === true) this.#endInput();
    else if (value.length > 0) this.#write(value);
  }

  async #received(): Promise<IteratorResult<Uint8Array, unknown>> {
    try {
      return await this.#source.next();
    } catch (error) {
      this.#isSourceOver = true;
      this.#release();
      throw error;
    }
  }

  #endInput(): void {
    this.#isSourceOver = true;
    this.#isIdle = false;
    if (this.#decoder === null) this.#isEnded = true;
    else this.#decoder.end();
  }

  #write(chunk: Uint8Array): void {
    this.#decoder ??= this.#open(chunk[0] as number);
    this.#isIdle = false;
    this.#decoder.write(chunk, (error) => {
      // An error has an event of its own.
      if (error !== null && error !== undefined) return;
      this.#isIdle = true;
      this.#wake();
    });
  }

  #open(first: number): Transform {
    const decoder = this.#makeDecoder(first);
    decoder.on("readable", () => this.#wake());
    decoder.on("end", () => this.#end(null));
    decoder.on("error", (error) => this.#end(error));
    return decoder;
  }

  /** The end of what is coded may come before the end of what is received: the rest is nothing. */
  #end(error: Error | null): void {
    this.#error = error;
    this.#isEnded = true;
    this.#release();
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #release(): void {
    this.#decoder?.destroy();
    if (this.#isSourceOver) return;
    this.#isSourceOver = true;
    this.#source.return?.().catch(() => {});
  }
}

const DONE: Result = { done: true, value: undefined };
