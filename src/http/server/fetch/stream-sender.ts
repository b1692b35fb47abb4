import { declaredLength, type ResponseParts, UNKNOWN } from "./response-parts.ts";

/** Where a response goes. */
export interface ResponseSink {
  /** @param length - what Content-Length is to say; see `headFields`. */
  sendHead(parts: ResponseParts, length: number): void;
  /** Nothing will follow the head soon. */
  flushHead(): void;
  /** Returns whether more is welcome now; if not, `drained` of the sender says when. */
  send(octets: Uint8Array): boolean;
  /** The body is complete. */
  finish(): void;
  fail(error: unknown): void;
}

/** Octets that wait for the head at most. */
const MOST_HELD = 65_536;

/**
 * A response whose body is a stream: read as fast as the client takes it.
 *
 * The head waits for the end of this turn of the event loop: a stream that is complete by then, as those are that the
 * platform makes of a text, has a length to tell; and one that fails at once can be answered for.
 */
export class StreamSender {
  readonly #sink: ResponseSink;
  readonly #parts: ResponseParts;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  /** What Content-Length says, or `UNKNOWN`. */
  readonly #length: number;
  /** Octets so far. */
  #sent: number;
  /** What waits for the head, or null when that was sent. */
  #held: Uint8Array[] | null;
  #turn: NodeJS.Immediate | null;
  #isOver: boolean;
  /** Lets the reading go on. */
  #wake: (() => void) | null;

  /** @throws TypeError for a Content-Length that is no number, and for a stream that is locked. */
  constructor(sink: ResponseSink, parts: ResponseParts) {
    this.#sink = sink;
    this.#parts = parts;
    this.#length = parts.length === UNKNOWN ? declaredLength(parts.fields) : parts.length;
    this.#reader = (parts.body as ReadableStream<Uint8Array>).getReader();
    this.#sent = 0;
    this.#held = [];
    this.#turn = null;
    this.#isOver = false;
    this.#wake = null;
  }

  start(): void {
    this.#turn = setImmediate(StreamSender.#turnEnded, this);
    void this.#run();
  }

  /** More is welcome again. */
  drained(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  /** Nothing can be sent any more, or shall be: the stream is told. */
  cancel(reason: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#reader.cancel(reason).catch(() => {});
    this.drained();
  }

  async #run(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (this.#isOver) return;
        if (done) break;
        if (!this.#take(checkedChunk(value))) await this.#untilDrained();
        if (this.#isOver) return;
      }
      this.#finish();
    } catch (error) {
      if (!this.#isOver) this.#sink.fail(error);
    }
  }

  /** Returns whether more is welcome now. */
  #take(octets: Uint8Array): boolean {
    this.#sent += octets.length;
    if (octets.length === 0) return true;
    if (this.#held !== null) {
      this.#held.push(octets);
      return this.#sent < MOST_HELD || this.#begin(this.#length);
    }
    this.#checkLength();
    return this.#sink.send(octets);
  }

  #finish(): void {
    if (this.#held !== null) this.#begin(this.#sent);
    else if (this.#length >= 0 && this.#sent < this.#length) throw wrongLength(this.#length);
    this.#sink.finish();
    this.#end();
  }

  /** Sends the head, and what waits for it. @returns whether more is welcome now. */
  #begin(length: number): boolean {
    if (length === this.#length) this.#checkLength();
    const held = this.#held ?? [];
    this.#held = null;
    this.#sink.sendHead(this.#parts, length);
    let isWelcome = true;
    for (const octets of held) isWelcome = this.#sink.send(octets);
    return isWelcome;
  }

  /** A length that was said has to be kept. */
  #checkLength(): void {
    if (this.#length >= 0 && this.#sent > this.#length) throw wrongLength(this.#length);
  }

  static #turnEnded(sender: StreamSender): void {
    if (sender.#isOver || sender.#held === null) return;
    try {
      sender.#begin(sender.#length);
      if (sender.#sent === 0) sender.#sink.flushHead();
    } catch (error) {
      sender.#sink.fail(error);
    }
  }

  #untilDrained(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #end(): void {
    this.#isOver = true;
    if (this.#turn !== null) clearImmediate(this.#turn);
  }
}

function checkedChunk(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError("the stream of a Response must consist of Uint8Arrays");
}

function wrongLength(length: number): RangeError {
  return new RangeError(`the body of the Response has not the ${length} octets of its Content-Length`);
}
