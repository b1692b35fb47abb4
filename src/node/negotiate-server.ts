/**
 * Which protocol a connection to a server speaks: one port for all ways into HTTP/2, and for HTTP/1.1.
 */
import type { Duplex } from "node:stream";
import { Deadline } from "./deadline.ts";
import { handshake } from "./handshake.ts";
import { http1Answer } from "./http1-answer.ts";
import { requireAdequateSecurity } from "./inadequate-security.ts";
import { endWith } from "./last-words.ts";
import { NegotiationError } from "./negotiation-error.ts";
import type { Refusal } from "./refusal.ts";
import { selectedProtocol } from "./selected-protocol.ts";
import { sniffUntil } from "./sniff.ts";
import { isTlsSocket, type TlsSocket } from "./tls-socket.ts";
import type { UpgradeLimits } from "./upgrade-head.ts";
import { type ReceivedUpgrade, readUpgradeHead, receiveUpgradeUntil } from "./upgrade-server.ts";

/**
 * What a cleartext server does with a request for h2c by Upgrade:
 * - `accept`: answers 101 and goes on in HTTP/2;
 * - `ignore`: answers in HTTP/1.1, as if it had not been asked;
 * - `reject`: answers 400 and closes. For servers behind a proxy: a request for h2c there means that the proxy
 *   forwards what it must not, and that somebody may be trying to reach past its rules.
 */
export type UpgradePolicy = "accept" | "ignore" | "reject";

export interface NegotiateServerOptions extends UpgradeLimits {
  /** `ignore` unless given: RFC 9113 section 3.1 deprecates Upgrade, and proxies can be tricked by it. */
  readonly upgrade?: UpgradePolicy;
  /** Whether HTTP/1.1 may be the result: true unless given. */
  readonly http1?: boolean;
  /** Whether HTTP/2 may run on TLS that RFC 9113 section 9.2 does not want it on: false unless given. */
  readonly allowInadequateSecurity?: boolean;
  /** Milliseconds for the whole negotiation: 10,000 unless given, 0 or Infinity for ever. */
  readonly timeout?: number;
}

/** HTTP/2, to be started with `initiateConnection()`; `octets`, which begin with the preface, go into the engine. */
export interface NegotiatedHttp2 {
  readonly protocol: "h2";
  readonly how: "prior-knowledge" | "alpn";
  readonly octets: Uint8Array;
}

/** HTTP/1.1: see `handToHttp1`. */
export interface NegotiatedHttp1 {
  readonly protocol: "http/1.1";
  readonly octets: Uint8Array;
  /** Why a request for h2c was declined, where there was one. */
  readonly declined: Refusal | null;
}

export type Negotiated = NegotiatedHttp2 | ReceivedUpgrade | NegotiatedHttp1;

/**
 * Finds out what the client at the other end of an accepted connection speaks.
 *
 * - TLS, before or after the handshake: ALPN's answer, and HTTP/1.1 without one. The preface is never looked for,
 *   because over TLS only ALPN may say HTTP/2 (RFC 9113 section 3.3). Renegotiation is off from here on: should the
 *   peer try, the socket emits an `error` with the code ERR_TLS_RENEGOTIATION_DISABLED and stays open; its owner
 *   answers with a GOAWAY of PROTOCOL_ERROR and ends it (section 9.2.1).
 * - Cleartext: the client's preface decides, octet by octet. Everything else is HTTP/1.1, whose first request
 *   may ask for h2c by Upgrade; later ones on the same connection are not looked at.
 *
 * While the promise is pending the socket belongs to the function. When it is fulfilled the socket is the caller's,
 * without a listener of ours: what was read is in `octets`, later octets wait until `socket.resume()`.
 *
 * @throws NegotiationError when nothing can be agreed on: TIMEOUT, CLOSED, HANDSHAKE_FAILED, NO_COMMON_PROTOCOL,
 * INADEQUATE_SECURITY, UPGRADE_REJECTED. The socket is destroyed then, or ended after the client was told.
 */
export async function negotiateServer(
  socket: Duplex,
  options: NegotiateServerOptions = {},
): Promise<Negotiated> {
  const deadline = new Deadline(options.timeout);
  const negotiated = isTlsSocket(socket)
    ? await negotiateTls(socket, deadline, options)
    : await negotiateCleartext(socket, deadline, options);
  if (negotiated.protocol === "h2" || options.http1 !== false) return negotiated;
  endWith(socket, http1Answer("505 HTTP Version Not Supported", "This server speaks HTTP/2 only."));
  throw new NegotiationError("NO_COMMON_PROTOCOL", "the client speaks HTTP/1.1, which is off here");
}

async function negotiateTls(
  socket: TlsSocket,
  deadline: Deadline,
  options: NegotiateServerOptions,
): Promise<NegotiatedHttp2 | NegotiatedHttp1> {
  socket.disableRenegotiation?.();
  await handshake(socket, "secure", deadline);
  const octets = new Uint8Array(0);
  if (selectedProtocol(socket) !== "h2") return { protocol: "http/1.1", octets, declined: null };
  if (options.allowInadequateSecurity !== true) requireAdequateSecurity(socket, false);
  return { protocol: "h2", how: "alpn", octets };
}

async function negotiateCleartext(
  socket: Duplex,
  deadline: Deadline,
  options: NegotiateServerOptions,
): Promise<Negotiated> {
  const { protocol, octets } = await sniffUntil(socket, deadline);
  if (protocol === "h2") return { protocol, how: "prior-knowledge", octets };
  if (options.upgrade === "accept") return receiveUpgradeUntil(socket, octets, deadline, options);
  if (options.upgrade === "reject") return rejectUpgrade(socket, octets, deadline, options);
  return { protocol, octets, declined: null };
}

async function rejectUpgrade(
  socket: Duplex,
  octets: Uint8Array,
  deadline: Deadline,
  options: NegotiateServerOptions,
): Promise<NegotiatedHttp1> {
  const head = await readUpgradeHead(socket, octets, deadline, options);
  const { state } = head.examination;
  if (state !== "upgrade" && state !== "declined") {
    return { protocol: "http/1.1", octets: head.octets, declined: null };
  }
  endWith(socket, http1Answer("400 Bad Request", "This server does not upgrade to h2c."));
  throw new NegotiationError("UPGRADE_REJECTED", "the client asked for h2c by Upgrade");
}
