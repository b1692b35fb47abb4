import type { BodyOctets, ClientResponse, RequestOptions } from "../session/client-session.ts";

/**
 * The body of a request. Octets can be sent again, and so can what a function makes anew each time it is called; an
 * iterable can as long as nobody has begun to read it.
 */
export type RequestBody = BodyOctets | (() => AsyncIterable<Uint8Array>);

/** A request to any origin: its URL has the path. */
export interface ClientRequestOptions extends Omit<RequestOptions, "path" | "body"> {
  readonly body?: RequestBody;
}

/** Sends a request, and settles exactly once: with the head of the response, or with an error. */
export type SendRequest = (url: URL, options: ClientRequestOptions) => Promise<ClientResponse>;
