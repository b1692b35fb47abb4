/**
 * Where all output octets are born.
 *
 * The writer fills chunks that it allocates itself. A part of the output that must stay contiguous while it
 * is being written, such as a frame whose length is patched at the end, starts with `mark()`; until the next
 * `mark()` everything stays in one chunk and may be patched or taken back.
 *
 * `chunk` and `position` are public for the codecs, which write octet by octet after `ensure()`:
 *
 *     writer.ensure(2);
 *     writer.chunk[writer.position++] = high;
 *     writer.chunk[writer.position++] = low;
 *
 * Octets that were taken are never written again, so the caller may keep them.
 */

const FIRST_CHUNK = 512;
const LARGEST_CHUNK = 65_536;

export class ChunkWriter {
  /** The chunk being filled. Read it again after `ensure()`: it may be another one. */
  chunk: Uint8Array;
  /** Where the next octet goes in `chunk`. */
  position: number;
  /** First octet of `chunk` that was not handed over yet. */
  #start: number;
  /** Start of the part that stays contiguous. */
  #mark: number;
  #finished: Uint8Array[];
  #finishedLength: number;
  #nextSize: number;

  constructor() {
    this.chunk = new Uint8Array(0);
    this.position = 0;
    this.#start = 0;
    this.#mark = 0;
    this.#finished = [];
    this.#finishedLength = 0;
    this.#nextSize = FIRST_CHUNK;
  }

  /** Octets written and not taken yet. */
  get length(): number {
    return this.#finishedLength + this.position - this.#start;
  }

  /** Starts a new contiguous part and returns its position. What came before is final. */
  mark(): number {
    this.#mark = this.position;
    return this.position;
  }

  /** Start of the contiguous part in the present `chunk`; moves with the part when `ensure()` moves it. */
  get markPosition(): number {
    return this.#mark;
  }

  /** Takes back everything written since the last `mark()`. */
  rewind(): void {
    this.position = this.#mark;
  }

  /** Makes room for `count` more octets behind `position`. */
  ensure(count: number): void {
    if (this.chunk.length - this.position < count) this.#grow(count);
  }

  /** Copies `octets` into the output. */
  write(octets: Uint8Array): void {
    this.ensure(octets.length);
    this.chunk.set(octets, this.position);
    this.position += octets.length;
  }

  /** Appends `octets` by reference: they belong to the writer, unchanged, until they were taken and sent. */
  adopt(octets: Uint8Array): void {
    this.#finish(this.position);
    this.#finished.push(octets);
    this.#finishedLength += octets.length;
    this.#start = this.position;
    this.#mark = this.position;
  }

  /** Hands over everything written so far, in order. */
  take(): Uint8Array[] {
    this.#finish(this.position);
    this.#start = this.position;
    this.#mark = this.position;
    const taken = this.#finished;
    this.#finished = [];
    this.#finishedLength = 0;
    return taken;
  }

  /** Hands over at most `amount` octets, joined into one array. */
  takeOctets(amount: number = this.length): Uint8Array {
    const chunks = this.take();
    const [first] = chunks;
    if (first !== undefined && chunks.length === 1 && first.length <= amount) return first;
    return this.#joined(chunks, amount);
  }

  #joined(chunks: readonly Uint8Array[], amount: number): Uint8Array {
    let total = 0;
    for (const chunk of chunks) total += chunk.length;
    const joined = new Uint8Array(Math.min(total, amount));
    let filled = 0;
    for (const chunk of chunks) {
      const part = chunk.subarray(0, joined.length - filled);
      joined.set(part, filled);
      filled += part.length;
      if (part.length < chunk.length) {
        this.#finished.push(chunk.subarray(part.length));
        this.#finishedLength += chunk.length - part.length;
      }
    }
    return joined;
  }

  #finish(end: number): void {
    if (end === this.#start) return;
    this.#finished.push(this.chunk.subarray(this.#start, end));
    this.#finishedLength += end - this.#start;
  }

  /** Continues in a fresh chunk and moves the contiguous part there. */
  #grow(count: number): void {
    const part = this.chunk.subarray(this.#mark, this.position);
    // A part that keeps growing doubles, so that moving it costs a constant factor in all.
    const size = Math.max(this.#nextSize, 2 * part.length + count);
    this.#nextSize = Math.min(2 * this.#nextSize, LARGEST_CHUNK);
    const chunk = new Uint8Array(size);
    chunk.set(part);
    this.#finish(this.#mark);
    this.chunk = chunk;
    this.position = part.length;
    this.#start = 0;
    this.#mark = 0;
  }
}
