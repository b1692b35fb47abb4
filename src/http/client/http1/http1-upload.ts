import { ClientError } from "../client-error.ts";
import type { BodyOctets } from "../session/client-session.ts";

/** Octets that are written at once; more of them go in slices, so that it shows whether they come forward. */
const SLICE = 65_536;

/** The body of a request on its way into a connection: undici takes a piece when there is room for it. */
export class Http1Upload {
  /** What undici is given. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  /** Whether the connection has all of it. */
  hasAll: boolean;
  /** Whether a piece waits for the connection. */
  isHeldBack: boolean;
  readonly #progressed: () => void;

  /** @param progressed - is called when a piece came from the caller, and when it has found room. */
  constructor(body: BodyOctets | undefined, progressed: () => void) {
    const isWhole = body === undefined || (body instanceof Uint8Array && body.length <= SLICE);
    this.hasAll = isWhole;
    this.isHeldBack = false;
    this.#progressed = progressed;
    if (isWhole) this.body = body ?? null;
    else this.body = this.#pieces(body instanceof Uint8Array ? slices(body) : body);
  }

  async *#pieces(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of body) {
        if (!(piece instanceof Uint8Array)) throw new TypeError("a piece of a body is a Uint8Array");
        this.#move(true);
        yield piece;
        this.#move(false);
      }
    } catch (error) {
      throw new ClientError("BODY_FAILED", "the body of the request has failed", { cause: error });
    }
    this.hasAll = true;
    this.#progressed();
  }

  #move(isHeldBack: boolean): void {
    this.isHeldBack = isHeldBack;
    this.#progressed();
  }
}

function* slices(octets: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < octets.length; start += SLICE) yield octets.subarray(start, start + SLICE);
}
