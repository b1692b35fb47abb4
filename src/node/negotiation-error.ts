/** Why a negotiation failed; the strings are stable. */
export type NegotiationErrorCode =
  /** The peer did not say in time what it speaks, or did not answer. */
  | "TIMEOUT"
  /** The connection ended or broke before a protocol was agreed on. */
  | "CLOSED"
  /** The TLS handshake failed, the peer's certificate included. */
  | "HANDSHAKE_FAILED"
  /** Both sides can talk, but not in a protocol that is allowed here. */
  | "NO_COMMON_PROTOCOL"
  /** HTTP/2 was agreed on over a TLS connection that it must not use (RFC 9113 section 9.2). */
  | "INADEQUATE_SECURITY"
  /** The client asked for h2c by Upgrade, and this server is told to refuse that. */
  | "UPGRADE_REJECTED"
  /** The server switched, but not to h2c. */
  | "WRONG_UPGRADE";

/**
 * What a negotiation rejects with when the peer, the network or the policy stands in its way. By then the
 * socket is destroyed, or ended where the peer was told why; there is nothing left to clean up.
 *
 * `cause` carries the socket's own error, if there was one.
 */
export class NegotiationError extends Error {
  readonly code: NegotiationErrorCode;

  constructor(code: NegotiationErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "NegotiationError";
    this.code = code;
  }
}
