/**
 * Received octets that were not consumed yet, with the next ones always contiguous.
 *
 * A chunk that holds whole frames is read where it lies: `octets` is then the caller's own chunk. Only a
 * frame that straddles two chunks is put together in memory of the queue. Memory of the queue is never
 * written twice, so views on it stay true for as long as somebody keeps them.
 *
 *     queue.push(chunk);
 *     while (queue.has(9)) { read queue.octets from queue.position; queue.position += 9; }
 *     queue.detach();
 */
export class ByteQueue {
  /** The octets to read, from `position` up to `end`. Read it again after `has()`: it may be another array. */
  octets: Uint8Array;
  position: number;
  end: number;
  /** The pushed chunk behind `octets`, while a straddling frame is being completed. */
  #next: Uint8Array;
  #nextPosition: number;
  /** Whether `octets` is memory of the queue, so that octets may be appended behind `end`. */
  #owned: boolean;

  constructor() {
    this.octets = EMPTY;
    this.position = 0;
    this.end = 0;
    this.#next = EMPTY;
    this.#nextPosition = 0;
    this.#owned = false;
  }

  /** Octets that wait. */
  get length(): number {
    return this.end - this.position + this.#next.length - this.#nextPosition;
  }

  /** Adds a chunk. It must not change until `detach()`. Every chunk needs its own `detach()`. */
  push(chunk: Uint8Array): void {
    this.#next = chunk;
    this.#nextPosition = 0;
    if (this.position === this.end) this.#readNext();
  }

  /** Whether `count` octets wait; if so they are contiguous in `octets` from `position` on. */
  has(count: number): boolean {
    const missing = count - (this.end - this.position);
    if (missing <= 0) return true;
    const pending = this.#next.length - this.#nextPosition;
    if (this.position === this.end && pending > 0) {
      this.#readNext();
      return this.has(count);
    }
    if (pending > 0) this.#append(Math.min(missing, pending));
    return this.end - this.position >= count;
  }

  /** Copies what is left into memory of the queue, so that the caller may reuse the chunk it pushed. */
  detach(): void {
    const pending = this.#next.length - this.#nextPosition;
    if (pending > 0) this.#append(pending);
    else if (!this.#owned && this.position < this.end) this.#append(0);
    if (this.position === this.end) this.clear();
  }

  /** Drops everything. */
  clear(): void {
    this.octets = EMPTY;
    this.position = 0;
    this.end = 0;
    this.#next = EMPTY;
    this.#nextPosition = 0;
    this.#owned = false;
  }

  #readNext(): void {
    this.octets = this.#next;
    this.position = this.#nextPosition;
    this.end = this.#next.length;
    this.#next = EMPTY;
    this.#nextPosition = 0;
    this.#owned = false;
  }

  /** Moves `count` octets of the pushed chunk behind the ones that wait. */
  #append(count: number): void {
    const length = this.end - this.position;
    if (!this.#owned || this.octets.length - this.end < count) {
      // Doubling keeps octet-by-octet feeding linear.
      const grown = new Uint8Array(Math.max(64, 2 * (length + count)));
      grown.set(this.octets.subarray(this.position, this.end));
      this.octets = grown;
      this.position = 0;
      this.end = length;
      this.#owned = true;
    }
    this.octets.set(this.#next.subarray(this.#nextPosition, this.#nextPosition + count), this.end);
    this.end += count;
    this.#nextPosition += count;
    if (this.#nextPosition === this.#next.length) {
      this.#next = EMPTY;
      this.#nextPosition = 0;
    }
  }
}

const EMPTY = new Uint8Array(0);
