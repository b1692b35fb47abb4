import { setMaxListeners } from "node:events";

/** Listens to the signal of a call for as long as the call is under way. */
export class AbortWatch {
  /** The request that the signal comes with: once that is collected, the platform's signal is never aborted. */
  readonly owner: unknown;
  readonly #signal: AbortSignal | null;
  readonly #listener: () => void;
  /** What an abort does at present. */
  #act: (reason: unknown) => void;

  constructor(signal: AbortSignal | null, owner: unknown) {
    this.owner = owner;
    this.#signal = signal;
    this.#act = () => {};
    this.#listener = () => this.#act(this.reason);
    if (signal === null) return;
    // One signal for many calls is nothing to be warned of.
    setMaxListeners(Number.POSITIVE_INFINITY, signal);
    signal.addEventListener("abort", this.#listener);
  }

  get isAborted(): boolean {
    return this.#signal?.aborted === true;
  }

  get reason(): unknown {
    return this.#signal?.reason;
  }

  /** What the promise becomes, unless the signal is aborted before. */
  race<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#act = reject;
      if (this.isAborted) reject(this.reason);
      promise.then(resolve, reject);
    });
  }

  /** @param act - what an abort does from now on. */
  react(act: (reason: unknown) => void): void {
    this.#act = act;
  }

  /** The call is over. */
  end(): void {
    this.#act = () => {};
    this.#signal?.removeEventListener("abort", this.#listener);
  }
}
