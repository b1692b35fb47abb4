import { OneTimer } from "../../../node/one-timer.ts";
import { abortedError, ClientError } from "../client-error.ts";
import type { ClientResponse, RequestOptions } from "../session/client-session.ts";
import type { PooledSession } from "../session/pooled-session.ts";
import { type PromiseParts, promiseParts } from "../session/promise-parts.ts";

/** A request that waits for a connection with room. */
export class QueuedRequest {
  readonly response: Promise<ClientResponse>;
  /** The session that is not to have it, if there is another one. */
  readonly avoid: PooledSession | null;
  /** Whether it waits no more. */
  isOver: boolean;
  readonly #options: RequestOptions;
  readonly #answer: PromiseParts<ClientResponse>;
  readonly #timer: OneTimer;
  readonly #began: (session: PooledSession) => void;
  readonly #left: () => void;
  readonly #aborted: () => void;

  /**
   * @param timeout - milliseconds that it waits; 0 or Infinity for ever.
   * @param left - is called when it gives up.
   */
  constructor(
    options: RequestOptions,
    timeout: number,
    avoid: PooledSession | null,
    began: (session: PooledSession) => void,
    left: () => void,
  ) {
    this.avoid = avoid;
    this.isOver = false;
    this.#options = options;
    this.#answer = promiseParts();
    this.response = this.#answer.promise;
    this.#timer = new OneTimer();
    this.#began = began;
    this.#left = left;
    this.#aborted = () => this.fail(abortedError(options.signal));
    if (options.signal?.aborted === true) this.#aborted();
    else this.#wait(timeout);
  }

  start(session: PooledSession): void {
    this.#leave();
    this.#began(session);
    session.request(this.#options).then(this.#answer.resolve, this.#answer.reject);
  }

  fail(error: Error): void {
    if (this.isOver) return;
    this.#leave();
    this.#left();
    this.#answer.reject(error);
  }

  #wait(timeout: number): void {
    const late = (): void => {
      this.fail(
        new ClientError("HEADERS_TIMEOUT", "no connection was free in time", { isUnprocessed: true }),
      );
    };
    this.#timer.arm(timeout, late);
    this.#options.signal?.addEventListener("abort", this.#aborted);
  }

  #leave(): void {
    this.isOver = true;
    this.#timer.disarm();
    this.#options.signal?.removeEventListener("abort", this.#aborted);
  }
}
