import type { Priority } from "../../../fields/priority.ts";
import type { TlsInfo } from "../../tls-info.ts";

/** Fields in the order of the wire, one character an octet. */
export type FieldList = Iterable<readonly [name: string, value: string]>;

/** Octets, which are not copied: they must not change until the response is there. */
export type BodyOctets = Uint8Array | AsyncIterable<Uint8Array>;

/** A request. The origin is the session's. */
export interface RequestOptions {
  /** "GET" unless given. */
  readonly method?: string;
  /** Path and query: "/" unless given. */
  readonly path?: string;
  /** Names in any case. Host replaces the authority of the origin. */
  readonly headers?: FieldList;
  readonly body?: BodyOctets;
  /** What goes behind the body (RFC 9113 section 8.1); the function is called when the body has ended. */
  readonly trailers?: FieldList | (() => FieldList);
  /** What the server is asked for about the order of its responses (RFC 9218 section 4): urgency 3, not incremental, unless given. */
  readonly priority?: Partial<Priority>;
  /** Ends the request, and the body of its response. */
  readonly signal?: AbortSignal;
  /** Is told of each interim response when it comes, such as 103 (RFC 8297). What it throws ends the request. */
  readonly onInformational?: (response: InformationalResponse) => void;
  /** Timeouts of this request that differ from the session's. */
  readonly timeouts?: Partial<RequestTimeouts>;
}

/** In milliseconds; 0 or Infinity for ever. */
export interface RequestTimeouts {
  /** Without progress of the request until the head of the final response is there: 300,000 unless given. Source: undici. */
  readonly headers: number;
  /** Without an octet while somebody waits for the body, or without progress of an upload: 300,000 unless given. Source: undici. */
  readonly body: number;
}

/** An interim response, such as 103. */
export interface InformationalResponse {
  readonly status: number;
  readonly headers: [name: string, value: string][];
}

/** How the two sides came to speak their protocol: "http/1.1" where nothing was negotiated. */
export type Negotiated = "alpn" | "upgrade" | "prior-knowledge" | "http/1.1";

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
  readonly protocol: "h2" | "http/1.1";
  readonly negotiated: Negotiated;
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
  readonly negotiated: Negotiated;
  /** What TLS agreed on, or null for cleartext. */
  readonly tls: TlsInfo | null;
  /** The server's settings as it has sent them (RFC 9113 section 6.5.2); null over HTTP/1.1. */
  readonly settings: ServerSettings | null;
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

/** What a server allows its clients. Before its SETTINGS are there: the protocol's defaults. */
export interface ServerSettings {
  /** Streams at once; Infinity without a limit. */
  readonly maxConcurrentStreams: number;
  /** Octets of a body before the server opens the window of its stream. */
  readonly initialWindowSize: number;
  /** Octets of a frame's payload. */
  readonly maxFrameSize: number;
  /** Octets of a field section as RFC 9113 section 6.5.2 counts them; Infinity without a limit. */
  readonly maxHeaderListSize: number;
  /** Whether extended CONNECT is taken (RFC 8441). */
  readonly enableConnectProtocol: boolean;
}

/** Milliseconds that `close` waits. */
export const CLOSE_TIMEOUT = 5_000;
