/**
 * HTTP/2 from the client's side: by ALPN, or with prior knowledge. By Upgrade: see `requestUpgrade`.
 */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { Deadline } from "./deadline.ts";
import { handshake } from "./handshake.ts";
import { requireAdequateSecurity } from "./inadequate-security.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { abandon, happensInTime } from "./opening.ts";
import { selectedProtocol } from "./selected-protocol.ts";
import { isTlsSocket } from "./tls-socket.ts";

export interface ConnectOptions {
  /**
   * Milliseconds until the connection, or the handshake, must be there: 10,000 unless given, 0 or Infinity for
   * ever.
   */
  readonly timeout?: number;
}

export interface ConnectAlpnOptions extends ConnectOptions {
  /** Whether HTTP/1.1 may be the result: true unless given. */
  readonly http1?: boolean;
  /** Whether HTTP/2 may run on TLS that RFC 9113 section 9.2 does not want it on: false unless given. */
  readonly allowInadequateSecurity?: boolean;
}

/**
 * Waits for the handshake of a TLS socket that was made with `tlsClientOptions`, and tells what was negotiated.
 * Without an answer by ALPN it is HTTP/1.1. Nothing is written before the result is known.
 *
 * While the promise is pending the socket belongs to the function, which reads nothing from it. When it is
 * fulfilled the socket is the caller's, without a listener of ours.
 *
 * @throws NegotiationError TIMEOUT, CLOSED, HANDSHAKE_FAILED, NO_COMMON_PROTOCOL, INADEQUATE_SECURITY. The socket
 * is destroyed then, or ended after the server was told.
 */
export async function connectAlpn(
  socket: TLSSocket,
  options: ConnectAlpnOptions = {},
): Promise<"h2" | "http/1.1"> {
  await handshake(socket, "secureConnect", new Deadline(options.timeout));
  const protocol = selectedProtocol(socket) ?? "http/1.1";
  if (protocol === "h2") {
    if (options.allowInadequateSecurity !== true) requireAdequateSecurity(socket, true);
    return protocol;
  }
  if (protocol === "http/1.1" && options.http1 !== false) return protocol;
  abandon(socket);
  throw new NegotiationError("NO_COMMON_PROTOCOL", `the server chose ${protocol}, which is off here`);
}

/**
 * Waits until a cleartext socket is connected. After that the client speaks HTTP/2 at once, because it knows from
 * elsewhere that the server does (RFC 9113 section 3.3): there is nothing to ask.
 *
 * @throws TypeError for a TLS socket, where only ALPN may say HTTP/2.
 * @throws NegotiationError TIMEOUT, CLOSED; the socket is destroyed then.
 */
export async function connectPriorKnowledge(socket: Duplex, options: ConnectOptions = {}): Promise<"h2"> {
  if (isTlsSocket(socket)) {
    throw new TypeError("over TLS, HTTP/2 is negotiated by ALPN (RFC 9113 section 3.3)");
  }
  if (!(socket instanceof Socket) || !socket.connecting) return "h2";
  const inTime = await happensInTime(socket, "connect", new Deadline(options.timeout));
  if (inTime) return "h2";
  abandon(socket);
  throw new NegotiationError("TIMEOUT", "the connection was not there in time");
}
