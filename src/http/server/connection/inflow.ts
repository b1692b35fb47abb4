import type { Readable } from "node:stream";
import type { ServerStream } from "./server-stream.ts";

/**
 * What a client sends on a stream, on its way to whoever reads. What there is no room for stays here, unacknowledged, so that
 * the client's window closes.
 */
export class Inflow {
  readonly #stream: ServerStream;
  readonly #reader: Readable;
  #held: Uint8Array[];
  /** What each piece costs the windows, padding included. */
  #costs: number[];
  #isWelcome: boolean;

  constructor(stream: ServerStream, reader: Readable) {
    this.#stream = stream;
    this.#reader = reader;
    this.#held = [];
    this.#costs = [];
    this.#isWelcome = true;
  }

  /** Whether all of it has been passed on. */
  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  /** @param cost - octets of the windows, padding included. */
  receive(octets: Uint8Array, cost: number): void {
    if (this.#reader.destroyed) this.#stream.acknowledge(cost);
    else if (this.#isWelcome) this.#pass(octets, cost);
    else {
      this.#held.push(octets);
      this.#costs.push(cost);
    }
  }

  /** The reader wants more. */
  read(): void {
    this.#isWelcome = true;
    while (this.#isWelcome && this.#held.length > 0) {
      this.#pass(this.#held.shift() as Uint8Array, this.#costs.shift() as number);
    }
  }

  /** Passes on what is here, whether there is room or not. */
  flush(): void {
    for (const octets of this.#held) this.#reader.push(octets);
    this.release();
  }

  /** Gives back the window of what nobody will read. @returns how much that is. */
  release(): number {
    let total = 0;
    for (const cost of this.#costs) total += cost;
    this.#stream.acknowledge(total);
    this.#held = [];
    this.#costs = [];
    return total;
  }

  #pass(octets: Uint8Array, cost: number): void {
    if (octets.length > 0) this.#isWelcome = this.#reader.push(octets);
    this.#stream.acknowledge(cost);
  }
}
