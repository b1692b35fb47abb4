import type { TlsInfo } from "../tls-info.ts";

/** A request. The origin is the session's. */
export interface RequestOptions {
  /** "GET" unless given. */
  readonly method?: string;
  /** Path and query: "/" unless given. */
  readonly path?: string;
  /** Fields, one character an octet; names in any case. Host replaces the authority of the origin. */
  readonly headers?: Iterable<readonly [name: string, value: string]>;
  /** The body. Octets are not copied: they must not change until the response is there. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  /** Ends the request, and the body of its response. */
  readonly signal?: AbortSignal;
}

/** An interim response, such as 103. */
export interface InformationalResponse {
  readonly status: number;
  readonly headers: [name: string, value: string][];
}

/**
 * A response, as soon as its head is there.
 *
 * Its body is read once: by iterating, by `bytes` or by `text`. While it is not read, its stream stands still, and no
 * other one. Leaving an iteration before its end cancels the stream.
 */
export interface ClientResponse {
  readonly status: number;
  /** In the order in which they came; names in lower case. */
  readonly headers: [name: string, value: string][];
  readonly informational: InformationalResponse[];
  /** @throws ClientError, from the iteration, when the response is cut short. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body. @throws ClientError when it is cut short. */
  bytes(): Promise<Uint8Array>;
  /** The whole body as UTF-8. @throws ClientError when it is cut short. */
  text(): Promise<string>;
  /** What came behind the body: known when that was received, so read that first. @throws ClientError as above. */
  readonly trailers: Promise<[name: string, value: string][]>;
}

/** A connection to one origin, or, over HTTP/1.1, a few of them. */
export interface ClientSession {
  /** With the negotiation "upgrade" it is known when the first request was answered. */
  readonly protocol: "h2" | "http/1.1";
  /** How the two sides came to speak it: "http/1.1" where nothing was negotiated. */
  readonly negotiated: "alpn" | "upgrade" | "prior-knowledge" | "http/1.1";
  /** What TLS agreed on, or null for cleartext. */
  readonly tls: TlsInfo | null;
  /**
   * Sends a request. It settles exactly once: with the head of the response, or with an error.
   *
   * Requests beyond what the server allows at once wait for their turn.
   * @throws ClientError; TypeError or ProtocolError for a request that cannot be sent.
   */
  request(options?: RequestOptions): Promise<ClientResponse>;
  /**
   * Asks the server for a sign of life (RFC 9113 section 6.7).
   * @returns the milliseconds until it came.
   * @throws ClientError "UNSUPPORTED" over HTTP/1.1, and others when the connection ends before.
   */
  ping(): Promise<number>;
  /**
   * Takes no more requests, waits up to five seconds for those under way, then ends the connection. What is left then
   * fails as "SESSION_CLOSED".
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Milliseconds that `close` waits. */
export const CLOSE_TIMEOUT = 5_000;
