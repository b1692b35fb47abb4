import { StreamState } from "./stream-state.ts";

/**
 * How the streams that closed last were closed, in bounded memory: a ring, oldest dropped.
 *
 * A frame for a closed stream is rare, closing one is not: so noting is two stores, and finding a walk.
 */
export class ClosedStreams {
  #ids: number[];
  #states: StreamState[];
  #next: number;
  readonly #limit: number;

  /** Remembers at most `limit` streams. */
  constructor(limit: number) {
    this.#ids = [];
    this.#states = [];
    this.#next = 0;
    this.#limit = limit;
  }

  /** Notes that stream `id` closed in `state`. */
  add(id: number, state: StreamState): void {
    if (this.#limit === 0) return;
    this.#ids[this.#next] = id;
    this.#states[this.#next] = state;
    this.#next = this.#next + 1 === this.#limit ? 0 : this.#next + 1;
  }

  /** How stream `id` was closed, or FORGOTTEN. */
  stateOf(id: number): StreamState {
    // Late frames are for streams that closed just now, so the newest come first.
    let index = this.#next === 0 ? -1 : this.#ids.lastIndexOf(id, this.#next - 1);
    if (index < 0) index = this.#ids.lastIndexOf(id);
    return index < 0 ? StreamState.FORGOTTEN : (this.#states[index] as StreamState);
  }
}
