import { listElements } from "../../../node/request-head.ts";
import { ChunkedBody } from "./chunked-body.ts";
import { fieldValues, type ResponseHead } from "./response-head.ts";

/** The body of a response of HTTP/1.1, out of what is written behind its head. */
export interface ResponseBody {
  /** Whether it has come to its end by itself: what follows does not belong to it. */
  readonly isComplete: boolean;
  /** Whether it may end here. */
  readonly isWhole: boolean;
  /** @returns the octets of content among these, as views. @throws Error for what is no such body. */
  take(octets: Uint8Array): Uint8Array[];
}

const LENGTH = /^\d{1,15}$/;

/** How the body ends (RFC 9112 section 6.3), or null where two ends are named, or one that is not known. */
export function responseBody(head: ResponseHead): ResponseBody | null {
  if (head.status === 204 || head.status === 304) return new LengthBody(0);
  const codings = listElements(fieldValues(head, "transfer-encoding"));
  const lengths = fieldValues(head, "content-length");
  if (codings.length > 0)
    return codings.join() === "chunked" && lengths.length === 0 ? new ChunkedBody() : null;
  if (lengths.length === 0) return new LengthBody(Number.POSITIVE_INFINITY);
  const [length = ""] = lengths;
  return lengths.length === 1 && LENGTH.test(length) ? new LengthBody(Number(length)) : null;
}

/** So many octets, or with Infinity all that come. */
class LengthBody implements ResponseBody {
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get isComplete(): boolean {
    return this.#left === 0;
  }

  get isWhole(): boolean {
    return this.#left === 0 || this.#left === Number.POSITIVE_INFINITY;
  }

  take(octets: Uint8Array): Uint8Array[] {
    const part = octets.subarray(0, Math.min(octets.length, this.#left));
    this.#left -= part.length;
    return [part];
  }
}
