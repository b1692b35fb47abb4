import type { Priority } from "../fields/priority.ts";

/**
 * Priorities of requests that did not come yet (RFC 9218 section 7.1), by stream: at a server those it received, at
 * a client those it sent.
 */
export class IdlePriorities {
  /** Oldest first. */
  readonly #priorities: Map<number, Priority>;
  readonly #limit: number;

  /** Keeps `limit` priorities at most; the oldest ones make room. */
  constructor(limit: number) {
    this.#priorities = new Map();
    this.#limit = limit;
  }

  /** Some of them may be for streams that are not idle any more. */
  get size(): number {
    return this.#priorities.size;
  }

  has(streamId: number): boolean {
    return this.#priorities.has(streamId);
  }

  set(streamId: number, priority: Priority): void {
    this.#priorities.delete(streamId);
    this.#priorities.set(streamId, priority);
    if (this.#priorities.size <= this.#limit) return;
    for (const [oldest] of this.#priorities) {
      this.#priorities.delete(oldest);
      return;
    }
  }

  /** The priority for a request that comes now. */
  take(streamId: number): Priority | undefined {
    if (this.#priorities.size === 0) return undefined;
    const priority = this.#priorities.get(streamId);
    if (priority !== undefined) this.#priorities.delete(streamId);
    return priority;
  }

  /** How many are for streams above `highest`, which are idle still. The others are dropped. */
  countAbove(highest: number): number {
    for (const streamId of this.#priorities.keys()) {
      if (streamId <= highest) this.#priorities.delete(streamId);
    }
    return this.#priorities.size;
  }
}
