import { Readable } from "node:stream";
import { joined } from "../../../bytes/joined.ts";
import { closeOctetStream, deliverOctets } from "../../fetch/octet-stream.ts";
import { spentStream } from "../../fetch/spent-stream.ts";

/** Who is told how reading goes. */
export interface ResponseBodyOwner {
  /** @param isWhole - whether it was read to its end. */
  bodyOver(isWhole: boolean): void;
  /** What the reader gets instead of an error of the source. */
  bodyError(error: unknown): unknown;
}

/** The body of a response: read whole, or as a stream. Nothing is taken from its source before it is asked for. */
export class ResponseBody {
  readonly #source: AsyncIterator<Uint8Array, unknown>;
  readonly #owner: ResponseBodyOwner;
  #isCollected: boolean;
  #isOver: boolean;
  /** Why it ends early. */
  #failure: { readonly reason: unknown } | null;
  /** Ends the wait for a chunk. */
  #reject: (reason: unknown) => void;
  #stream: ReadableStream<Uint8Array> | null;
  #controller: ReadableByteStreamController | null;
  /** What did not fit into the memory that a reader brought. */
  #rest: Uint8Array | null;

  constructor(source: AsyncIterator<Uint8Array, unknown>, owner: ResponseBodyOwner) {
    this.#source = source;
    this.#owner = owner;
    this.#isCollected = false;
    this.#isOver = false;
    this.#failure = null;
    this.#reject = () => {};
    this.#stream = null;
    this.#controller = null;
    this.#rest = null;
  }

  // -- For the reader ---------------------------------------------------------------------------------------

  get isUsed(): boolean {
    if (this.#isCollected) return true;
    return this.#stream !== null && Readable.isDisturbed(this.#stream as unknown as Readable);
  }

  /** A stream of octets, which takes from here when it is read. */
  get stream(): ReadableStream<Uint8Array> {
    this.#stream ??= this.#isCollected ? spentStream() : this.#makeStream();
    return this.#stream;
  }

  /** The whole body, in memory of its own. @throws TypeError if somebody reads it, or has. */
  async collect(): Promise<Uint8Array> {
    if (this.isUsed || this.#stream?.locked === true) {
      throw new TypeError("Body is unusable: it is locked, or was read already");
    }
    this.#isCollected = true;
    // Who holds the stream sees that somebody else reads.
    this.#stream?.getReader();
    const chunks: Uint8Array[] = [];
    for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) chunks.push(chunk);
    return joined(chunks);
  }

  // -- For the call -----------------------------------------------------------------------------------------

  /** Whoever reads gets the reason, even where more is there already. */
  fail(reason: unknown): void {
    if (this.#isOver) return;
    this.#failure = { reason };
    this.#rest = null;
    this.#leave();
    this.#controller?.error(reason);
    this.#reject(reason);
  }

  /** Nobody can read it any more, unless somebody has its stream. */
  abandon(): void {
    if (this.#stream === null && !this.#isCollected) this.#leave();
  }

  // ---------------------------------------------------------------------------------------------------------

  /** Nothing is read ahead into it; thus what it holds cannot be more than what was asked for. */
  #makeStream(): ReadableStream<Uint8Array> {
    return new ReadableStream(
      {
        type: "bytes",
        start: (controller) => this.#start(controller),
        pull: (controller) => this.#pull(controller),
        cancel: () => this.#leave(),
      },
      { highWaterMark: 0 },
    );
  }

  #start(controller: ReadableByteStreamController): void {
    this.#controller = controller;
    if (this.#failure !== null) controller.error(this.#failure.reason);
  }

  async #pull(controller: ReadableByteStreamController): Promise<void> {
    const octets = this.#rest ?? (await this.#next());
    this.#rest = null;
    if (this.#failure !== null) return;
    if (octets === null) closeOctetStream(controller);
    else this.#rest = deliverOctets(controller, octets);
  }

  /** The next chunk that has anything in it; null at the end. */
  async #next(): Promise<Uint8Array | null> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure.reason;
      if (this.#isOver) return null;
      const { done, value } = await this.#taken();
      if (done === true) this.#finish(true);
      else if (value.length > 0) return value;
    }
  }

  async #taken(): Promise<IteratorResult<Uint8Array, unknown>> {
    try {
      return await new Promise((resolve, reject) => {
        this.#reject = reject;
        this.#source.next().then(resolve, reject);
      });
    } catch (error) {
      this.#failure ??= { reason: this.#owner.bodyError(error) };
      this.#finish(false);
      throw this.#failure.reason;
    }
  }

  /** The reader wants no more. */
  #leave(): void {
    if (this.#isOver) return;
    this.#finish(false);
    this.#source.return?.().catch(() => {});
  }

  #finish(isWhole: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#owner.bodyOver(isWhole);
  }
}
