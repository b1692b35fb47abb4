import type { HeaderField } from "../hpack/header-field.ts";

/**
 * What a stream has still to send: body chunks by reference, then trailers or the end.
 *
 * Trailers wait here behind the data, as fields: they are compressed when their turn comes, since HPACK wants
 * blocks compressed in the order in which they travel.
 */
export class SendQueue {
  /** Octets of body that wait. */
  length: number;
  /** Whether the stream ends behind what waits. */
  endStream: boolean;
  /** Trailers behind the body, or null. They end the stream. */
  trailers: readonly HeaderField[] | null;
  #chunks: Uint8Array[];
  /** Index of the first chunk that waits, and how much of it was taken already. */
  #first: number;
  #taken: number;

  constructor() {
    this.length = 0;
    this.endStream = false;
    this.trailers = null;
    this.#chunks = [];
    this.#first = 0;
    this.#taken = 0;
  }

  /** Whether neither body nor end nor trailers wait. */
  get isEmpty(): boolean {
    return this.length === 0 && !this.endStream;
  }

  /** Appends a chunk by reference. It must not change until it was taken. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  /**
   * Takes the next octets, at most `limit` (at least 1). Large chunks are taken as views; small ones are joined, so
   * that they do not become a frame each.
   */
  take(limit: number): Uint8Array {
    const chunk = this.#chunks[this.#first] as Uint8Array;
    const rest = chunk.length - this.#taken;
    if (rest >= SMALL_CHUNK || rest >= limit || rest === this.length) return this.#takePart(limit);
    const joined = new Uint8Array(Math.min(limit, this.length, JOINED_LENGTH));
    for (let filled = 0; filled < joined.length; ) {
      const part = this.#takePart(joined.length - filled);
      joined.set(part, filled);
      filled += part.length;
    }
    return joined;
  }

  #takePart(limit: number): Uint8Array {
    const chunk = this.#chunks[this.#first] as Uint8Array;
    const part = chunk.subarray(this.#taken, this.#taken + limit);
    this.#taken += part.length;
    this.length -= part.length;
    if (this.#taken === chunk.length) this.#dropFirst();
    return part;
  }

  #dropFirst(): void {
    this.#taken = 0;
    // What was sent must not be kept alive by its place in the list.
    this.#chunks[this.#first] = NOTHING;
    this.#first++;
    if (2 * this.#first < this.#chunks.length) return;
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
  }
}

/** Below this many octets a chunk is joined with those behind it, into frames of at most `JOINED_LENGTH`. */
const SMALL_CHUNK = 1_024;
const JOINED_LENGTH = 4_096;
const NOTHING = new Uint8Array(0);
