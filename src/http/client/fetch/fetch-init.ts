import { DEFAULT_PRIORITY, type Priority } from "../../../fields/priority.ts";
import type { ClientRequestOptions } from "../pool/client-request.ts";
import type { FetchResponse } from "./fetch-response.ts";

/** What a request can be besides what the platform knows. */
type Extras = Pick<ClientRequestOptions, "onInformational" | "timeouts" | "trailers">;

/** What may be a body: as for the platform's `fetch`. Octets are not copied: they must not change before the response. */
type FetchBody = RequestInit["body"] | ReadableStream | AsyncIterable<Uint8Array | string>;

/**
 * How a request is made: what the platform's `fetch` takes, and what HTTP/2 has beyond it.
 *
 * `mode`, `credentials`, `cache`, `keepalive`, `referrer` and `referrerPolicy` are about browsers, and change nothing.
 * `integrity` is refused.
 */
export interface FetchInit extends Omit<RequestInit, "body" | "dispatcher" | "window">, Extras {
  body?: FetchBody;
  /** By what urgency the response is wanted (RFC 9218): "high" is 1, "low" is 5. */
  priority?: Partial<Priority> | "high" | "low" | "auto";
  /** Whether content codings are undone: true unless given. Without that none is asked for. */
  decompress?: boolean;
}

/** A `fetch` whose responses know more than the platform's. */
export type Fetch = (input: string | URL | Request, init?: FetchInit) => Promise<FetchResponse>;

/** @throws TypeError for what is no priority, RangeError for an urgency that is not 0 to 7. */
export function priorityOf(given: unknown): Partial<Priority> | undefined {
  if (given === undefined || given === "auto") return undefined;
  if (given === "high") return { urgency: 1 };
  if (given === "low") return { urgency: 5 };
  if (typeof given === "object" && given !== null) return checked({ ...DEFAULT_PRIORITY, ...given });
  throw new TypeError(`there is no priority ${JSON.stringify(given)}`);
}

function checked(priority: Priority): Priority {
  const { urgency } = priority;
  if (Number.isInteger(urgency) && urgency >= 0 && urgency <= 7) return priority;
  throw new RangeError(`the urgency of a request is 0 to 7, not ${urgency}`);
}
