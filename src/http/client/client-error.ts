import { NegotiationError } from "../../node/negotiation-error.ts";

/** Why a request or a session failed; the strings are stable. */
export type ClientErrorCode =
  /** There is no connection: nobody listens, or the name has no address. */
  | "CONNECT_FAILED"
  /** The connection, the negotiation or the server's preface was not there in time. */
  | "TIMEOUT"
  /** The TLS handshake failed, the server's certificate included. */
  | "HANDSHAKE_FAILED"
  /** The server speaks nothing that is allowed here. */
  | "NO_COMMON_PROTOCOL"
  /** HTTP/2 was agreed on over a TLS connection that it must not use (RFC 9113 section 9.2). */
  | "INADEQUATE_SECURITY"
  /** The server switched protocols, but not to h2c. */
  | "WRONG_UPGRADE"
  /** The connection ended or broke while the request was under way. */
  | "CONNECTION_LOST"
  /** The server does not answer a PING in time: it, or the path to it, is gone. */
  | "UNRESPONSIVE"
  /** The head of the response was not there in time. */
  | "HEADERS_TIMEOUT"
  /** A body, or an upload, has not come forward in time. */
  | "BODY_TIMEOUT"
  /** The server's GOAWAY says that it takes no more requests (RFC 9113 section 6.8). */
  | "GOAWAY"
  /** The server reset the stream (RFC 9113 section 6.4). */
  | "STREAM_RESET"
  /** The server broke a rule of HTTP/2. */
  | "PROTOCOL_ERROR"
  /** The session was closed by its own side. */
  | "SESSION_CLOSED"
  /** The request's signal was aborted, or its response's body was not read to the end. */
  | "ABORTED"
  /** The iterable that gives the request's body has failed. */
  | "BODY_FAILED"
  /** The protocol of the session has nothing like it. */
  | "UNSUPPORTED";

export interface ClientErrorDetails {
  /** The stream of HTTP/2, if there was one. */
  readonly streamId?: number;
  /** The error code of HTTP/2 that was sent or received (RFC 9113 section 7). */
  readonly errorCode?: number;
  /** The debug data of the server's GOAWAY, as text. */
  readonly debugText?: string;
  /** Whether the server surely did nothing with the request, so that it may be sent again (section 8.7). */
  readonly isUnprocessed?: boolean;
  readonly cause?: unknown;
}

/** What a request, a body or a session of the client fails with. `cause` has the error behind it, if there is one. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;
  /** The stream of HTTP/2, or null. */
  readonly streamId: number | null;
  /** The error code of HTTP/2 that was sent or received (RFC 9113 section 7), or null. */
  readonly errorCode: number | null;
  /** What the server's GOAWAY says in words, or null. It is the server's: do not trust it. */
  readonly debugText: string | null;
  /** Whether the server surely did nothing with the request, so that it may be sent again (section 8.7). */
  readonly isUnprocessed: boolean;
  /** The origin that the request was for, such as "https://example.com", or null where it is not known. */
  origin: string | null;

  constructor(code: ClientErrorCode, message: string, details: ClientErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "ClientError";
    this.code = code;
    this.streamId = details.streamId ?? null;
    this.errorCode = details.errorCode ?? null;
    this.debugText = details.debugText ?? null;
    this.isUnprocessed = details.isUnprocessed ?? false;
    this.origin = null;
  }
}

/** What a request fails with whose signal was aborted. */
export function abortedError(signal: AbortSignal | undefined): ClientError {
  return new ClientError("ABORTED", "the request was aborted", { cause: signal?.reason });
}

/** What a connection or a negotiation failed with, as a `ClientError`; anything else is handed back. */
export function negotiationFailure(error: unknown): unknown {
  if (!(error instanceof NegotiationError)) return error;
  const details = { isUnprocessed: true, cause: error };
  if (isAboutReaching(error.cause)) return new ClientError("CONNECT_FAILED", reasonOf(error.cause), details);
  switch (error.code) {
    case "CLOSED":
      return new ClientError("CONNECTION_LOST", error.message, { cause: error });
    case "UPGRADE_REJECTED":
      return error;
    default:
      return new ClientError(error.code, error.message, details);
  }
}

const UNREACHABLE = new Set([
  "EACCES",
  "EADDRNOTAVAIL",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
]);

function isAboutReaching(cause: unknown): cause is Error & { code: string } {
  return cause instanceof Error && "code" in cause && UNREACHABLE.has(String(cause.code));
}

/** An error about several addresses has no message of its own. */
function reasonOf(error: Error & { code: string }): string {
  return error.message === "" ? `the connection failed: ${error.code}` : error.message;
}
