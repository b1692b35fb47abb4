import type { BodyOctets } from "../session/client-session.ts";
import type { RequestBody } from "./client-request.ts";

/** The body of a request that may have to be sent again. */
export class ReplayableBody {
  readonly #body: RequestBody | undefined;
  /** Whether octets were taken that cannot be taken again. */
  #isSpent: boolean;

  constructor(body: RequestBody | undefined) {
    this.#body = body;
    this.#isSpent = false;
  }

  /** Whether `take` would give the whole of it. */
  get isWhole(): boolean {
    return !this.#isSpent;
  }

  /** The body, from its beginning. */
  take(): BodyOctets | undefined {
    const body = this.#body;
    if (body === undefined || body instanceof Uint8Array) return body;
    if (typeof body === "function") return body();
    return { [Symbol.asyncIterator]: () => this.#begin(body) };
  }

  #begin(body: AsyncIterable<Uint8Array>): AsyncIterator<Uint8Array> {
    this.#isSpent = true;
    return body[Symbol.asyncIterator]();
  }
}
