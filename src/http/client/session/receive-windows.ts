import type { H2Connection } from "../../../connection/connection.ts";
import { NoSuchStreamError } from "../../../connection/errors.ts";
import type { ReceiveMemory } from "./session-options.ts";

/** The window of a stream at first, in octets: enough for most responses, and small enough for 256 streams that nobody reads. */
const FIRST_WINDOW = 262_144;
/** Streams at once for which the memory of a connection must do. */
const FEWEST_STREAMS = 16;
/** A path is taken to be full when this part of a window came in a round trip. */
const FULL = 2 / 3;
/** Milliseconds until the next measurement after one that changed nothing; they double up to the longest. */
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;

/** A stream whose window is looked after. */
export interface WindowedStream {
  readonly streamId: number;
  /** Octets of its window. */
  window: number;
}

/**
 * How much the server may send before it is read (RFC 9113 section 5.2).
 *
 * - **Nobody in the way.** The windows of all streams together never exceed the connection's. So a stream that nobody reads
 *   stops itself, and no other one. `mostStreams` follows from that.
 * - **As much as the path can use.** What comes within the round trip of a PING is what the path holds. While that fills the
 *   windows, they double, up to `memory.stream`; those of streams that are read as fast as they come, that is.
 */
export class ReceiveWindows {
  /** The window that a stream begins with. */
  readonly first: number;
  readonly #connection: H2Connection;
  readonly #memory: ReceiveMemory;
  readonly #ask: () => void;
  /** Octets of the connection's window that belong to no stream yet. */
  #free: number;
  /** The window that a stream should have. */
  #wanted: number;
  /** Octets since the PING that measures, or -1 while there is none. */
  #sample: number;
  #pause: number;
  #mayMeasureAt: number;

  /** @param ask - sends a PING; its answer is to be told to `answered`. */
  constructor(connection: H2Connection, memory: ReceiveMemory, ask: () => void) {
    this.first = firstWindow(memory);
    this.#connection = connection;
    this.#memory = memory;
    this.#ask = ask;
    this.#free = memory.connection;
    this.#wanted = this.first;
    this.#sample = -1;
    this.#pause = SHORTEST_PAUSE;
    this.#mayMeasureAt = 0;
  }

  /** How many streams there is memory for. */
  get mostStreams(): number {
    return Math.floor(this.#memory.connection / this.first);
  }

  opened(stream: WindowedStream): void {
    stream.window = this.first;
    this.#free -= this.first;
  }

  closed(stream: WindowedStream): void {
    this.#free += stream.window;
    stream.window = 0;
  }

  /**
   * Octets came on a stream that goes on.
   * @param isRead - whether the reader has taken all that came.
   */
  received(stream: WindowedStream, octets: number, isRead: boolean): void {
    if (this.#sample >= 0) this.#sample += octets;
    else if (this.#wanted < this.#memory.stream) this.#measure();
    if (isRead && stream.window < this.#wanted) this.#grow(stream);
  }

  /** The answer to the PING has come. */
  answered(): void {
    const isFull = this.#sample >= this.#wanted * FULL;
    if (isFull) this.#wanted = Math.min(this.#memory.stream, 2 * this.#sample);
    this.#sample = -1;
    this.#pause = isFull ? SHORTEST_PAUSE : Math.min(LONGEST_PAUSE, 2 * this.#pause);
    this.#mayMeasureAt = isFull ? 0 : performance.now() + this.#pause;
  }

  #measure(): void {
    if (performance.now() < this.#mayMeasureAt) return;
    this.#sample = 0;
    this.#ask();
  }

  #grow(stream: WindowedStream): void {
    // What others may still need at their start is not given away.
    const spare = this.#free - this.#memory.connection / 4;
    const more = Math.min(this.#wanted - stream.window, Math.floor(spare));
    if (more < this.first) return;
    try {
      this.#connection.incrementFlowControlWindow(more, { streamId: stream.streamId });
    } catch (error) {
      // The engine knows of its end already, and the event is on its way.
      if (error instanceof NoSuchStreamError || this.#connection.isFinished) return;
      throw error;
    }
    stream.window += more;
    this.#free -= more;
  }
}

/** The window that a stream begins with, where there is so much memory. */
export function firstWindow({ connection, stream }: ReceiveMemory): number {
  return Math.min(FIRST_WINDOW, stream, Math.floor(connection / FEWEST_STREAMS));
}
