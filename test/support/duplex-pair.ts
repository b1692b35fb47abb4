import { Duplex } from "node:stream";

/**
 * Two ends of a connection in memory. What one end writes the other reads in the same pieces, so a test decides
 * exactly how segments fall: one `write` is one segment.
 */
export function duplexPair(): [DuplexEnd, DuplexEnd] {
  const left = new DuplexEnd();
  const right = new DuplexEnd();
  left.connect(right);
  right.connect(left);
  return [left, right];
}

export class DuplexEnd extends Duplex {
  #other: DuplexEnd | null;
  #hasEnded: boolean;

  constructor() {
    super({ allowHalfOpen: true });
    this.#other = null;
    this.#hasEnded = false;
  }

  connect(other: DuplexEnd): void {
    this.#other = other;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const segment = Buffer.from(chunk);
    process.nextTick(() => this.#other?.receive(segment));
    done();
  }

  override _final(done: () => void): void {
    process.nextTick(() => this.#other?.receive(null));
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    process.nextTick(() => this.#other?.receive(null));
    done(error);
  }

  receive(segment: Buffer | null): void {
    if (this.#hasEnded || this.destroyed) return;
    if (segment === null) this.#hasEnded = true;
    this.push(segment);
  }
}
