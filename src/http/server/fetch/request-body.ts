import { joined } from "../../../bytes/joined.ts";
import { closeOctetStream, deliverOctets } from "../../fetch/octet-stream.ts";
import { spentStream } from "../../fetch/spent-stream.ts";

/** Where a body comes from. */
export interface BodySource {
  /** The application begins to read. */
  beginBody(): void;
  /** So much of what was received is done with, in octets of the windows. */
  acknowledgeBody(cost: number): void;
  /** What is still to come will not be read. */
  dropBody(): void;
}

/** Waits for the whole body. */
interface Collection {
  readonly resolve: (octets: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The body of a request. What nobody has read yet stays here, unacknowledged, so that the peer's window closes.
 *
 * It is read whole, or as a stream, which is made only when somebody asks for it.
 */
export class RequestBody {
  readonly #source: BodySource;
  /** What waits, and what that costs the windows. */
  #chunks: Uint8Array[];
  #cost: number;
  #isEnded: boolean;
  /** Why it broke off, or null. */
  #error: Error | null;
  #isDropped: boolean;
  /** Whether somebody has read, or said that nobody will. */
  #isDisturbed: boolean;
  #collection: Collection | null;
  #stream: ReadableStream<Uint8Array> | null;
  #controller: ReadableByteStreamController | null;
  /** Lets the stream go on that waits for more. */
  #wake: (() => void) | null;

  constructor(source: BodySource) {
    this.#source = source;
    this.#chunks = [];
    this.#cost = 0;
    this.#isEnded = false;
    this.#error = null;
    this.#isDropped = false;
    this.#isDisturbed = false;
    this.#collection = null;
    this.#stream = null;
    this.#controller = null;
    this.#wake = null;
  }

  // -- For the application ----------------------------------------------------------------------------------

  get isUsed(): boolean {
    return this.#isDisturbed;
  }

  /** A stream of octets, which takes from here when it is read. */
  get stream(): ReadableStream<Uint8Array> {
    this.#stream ??= this.#isDisturbed ? spentStream() : this.#makeStream();
    return this.#stream;
  }

  /** The whole body. The octets may be views on what was received. */
  collect(): Promise<Uint8Array> {
    if (this.#isDisturbed || this.#stream?.locked === true) {
      return Promise.reject(new TypeError("Body is unusable: it is locked, or was read already"));
    }
    this.#begin();
    // Who holds the stream sees that somebody else reads.
    this.#stream?.getReader();
    if (this.#error !== null) return Promise.reject(this.#error);
    if (this.#isEnded) return Promise.resolve(this.#take());
    this.settle();
    return new Promise((resolve, reject) => {
      this.#collection = { resolve, reject };
    });
  }

  // -- For its source ---------------------------------------------------------------------------------------

  /** Whether somebody is at it, so that what is to come is wanted. */
  get isBeingRead(): boolean {
    return this.#collection !== null || (this.#isDisturbed && this.#stream?.locked === true);
  }

  /** What waits here unacknowledged, in octets of the windows. */
  get held(): number {
    return this.#cost;
  }

  /** @param cost - octets of the windows, padding included. */
  receive(octets: Uint8Array, cost: number): void {
    if (this.#isDropped || this.#collection !== null) this.#source.acknowledgeBody(cost);
    else this.#cost += cost;
    if (this.#isDropped || octets.length === 0) return;
    this.#chunks.push(octets);
    this.#proceed();
  }

  /** It is complete. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#collection?.resolve(this.#take());
    this.#collection = null;
    this.#proceed();
  }

  /** It breaks off, unless it is complete. Whoever reads gets the error. */
  fail(error: Error): void {
    this.settle();
    if (this.#isEnded || this.#error !== null) return;
    this.#error = error;
    this.#chunks = [];
    this.#collection?.reject(error);
    this.#collection = null;
    this.#controller?.error(error);
    this.#proceed();
  }

  /** Opens the windows for what waits, which can be read all the same. */
  settle(): void {
    const cost = this.#cost;
    this.#cost = 0;
    this.#source.acknowledgeBody(cost);
  }

  /** Nobody will read on. */
  drop(): void {
    if (this.#isDropped) return;
    this.#isDisturbed = true;
    this.#isDropped = true;
    this.#chunks = [];
    this.settle();
    this.#source.dropBody();
  }

  // -- The stream -------------------------------------------------------------------------------------------

  /** Nothing is read ahead into it; thus what it holds cannot be more than what was asked for. */
  #makeStream(): ReadableStream<Uint8Array> {
    return new ReadableStream(
      {
        type: "bytes",
        pull: (controller) => this.#pull(controller),
        cancel: () => this.drop(),
      },
      { highWaterMark: 0 },
    );
  }

  #pull(controller: ReadableByteStreamController): Promise<void> | undefined {
    this.#controller = controller;
    this.#begin();
    if (this.#deliver(controller)) return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #proceed(): void {
    const wake = this.#wake;
    if (wake === null || this.#controller === null) return;
    this.#wake = null;
    this.#deliver(this.#controller);
    wake();
  }

  /** @returns whether there was something to say. */
  #deliver(controller: ReadableByteStreamController): boolean {
    if (this.#error !== null) controller.error(this.#error);
    else if (this.#chunks.length > 0) this.#deliverOctets(controller);
    else if (this.#isEnded) closeOctetStream(controller);
    else return false;
    return true;
  }

  #deliverOctets(controller: ReadableByteStreamController): void {
    const rest = deliverOctets(controller, this.#take());
    if (rest !== null) this.#chunks.push(rest);
  }

  // ---------------------------------------------------------------------------------------------------------

  #begin(): void {
    if (this.#isDisturbed) return;
    this.#isDisturbed = true;
    this.#source.beginBody();
  }

  /** All that waits, in one piece. */
  #take(): Uint8Array {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.settle();
    return chunks.length === 1 ? (chunks[0] as Uint8Array) : joined(chunks);
  }
}
