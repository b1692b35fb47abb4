import type { EventEmitter } from "node:events";

type Listener = Parameters<EventEmitter["on"]>[1];

/** Listeners that stand on a socket while something is negotiated on it, and leave it together. */
export class TemporaryListeners {
  readonly #emitter: EventEmitter;
  readonly #added: [string, Listener][];

  constructor(emitter: EventEmitter) {
    this.#emitter = emitter;
    this.#added = [];
  }

  on(event: string, listener: Listener): this {
    this.#emitter.on(event, listener);
    this.#added.push([event, listener]);
    return this;
  }

  removeAll(): void {
    for (const [event, listener] of this.#added) this.#emitter.off(event, listener);
    this.#added.length = 0;
  }
}
