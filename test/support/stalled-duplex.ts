import { Duplex } from "node:stream";

/** A socket in memory whose other end is the test: it counts what is written, and takes it only when told to. */
export class StalledDuplex extends Duplex {
  /** Octets of each write that got as far as the transport. */
  readonly writes: number[];
  /** Whether reading was paused at the transport. */
  isReading: boolean;
  #isTaking: boolean;
  #taken: (() => void) | null;

  constructor() {
    super({ allowHalfOpen: true, highWaterMark: 16_384 });
    this.writes = [];
    this.isReading = false;
    this.#isTaking = false;
    this.#taken = null;
  }

  /** Octets that the transport was given so far. */
  get written(): number {
    return this.writes.reduce((sum, length) => sum + length, 0);
  }

  /** Takes what was written, and from now on everything at once. */
  accept(): void {
    this.#isTaking = true;
    this.#taken?.();
    this.#taken = null;
  }

  override _read(): void {
    this.isReading = true;
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.#note(chunk.length, done);
  }

  override _writev(chunks: { chunk: Uint8Array }[], done: () => void): void {
    this.#note(
      chunks.reduce((sum, { chunk }) => sum + chunk.length, 0),
      done,
    );
  }

  #note(octets: number, done: () => void): void {
    this.writes.push(octets);
    if (this.#isTaking) done();
    else this.#taken = done;
  }
}
