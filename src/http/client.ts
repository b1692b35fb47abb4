/**
 * A client for one origin, over HTTP/2 or HTTP/1.1.
 *
 * @module
 */
import type { Duplex } from "node:stream";
import type { AlpnProtocol } from "../node/tls-profile.ts";
import { negotiationFailure } from "./client/client-error.ts";
import { type CommonOptions, type ResolvedOptions, resolveOptions } from "./client/client-options.ts";
import { type Opening, openCleartext, openTls } from "./client/opening/open-socket.ts";
import { parseOrigin } from "./client/opening/origin.ts";
import type { ClientSession } from "./client/session/client-session.ts";
import { Http1Session } from "./client/session/http1-session.ts";
import { clientConnection, Http2Session } from "./client/session/http2-session.ts";
import type { PooledSession } from "./client/session/pooled-session.ts";
import { UpgradeSession } from "./client/session/upgrade-session.ts";

export { ClientError, type ClientErrorCode, type ClientErrorDetails } from "./client/client-error.ts";
export type {
  BodyOctets,
  ClientResponse,
  ClientSession,
  FieldList,
  InformationalResponse,
  Negotiated,
  RequestOptions,
  RequestTimeouts,
  ServerSettings,
} from "./client/session/client-session.ts";
export type { ClientTimeouts, KeepAlive, ReceiveMemory } from "./client/session/session-options.ts";
export type { TlsInfo } from "./tls-info.ts";

/**
 * How to agree on a protocol:
 * - `auto`: `alpn` for https, `http/1.1` for http, where nothing tells what the server speaks;
 * - `alpn`: the server chooses HTTP/2 or HTTP/1.1 in the TLS handshake (RFC 7301);
 * - `upgrade`: the first request is HTTP/1.1 and offers h2c (RFC 7540 section 3.2); not for https;
 * - `prior-knowledge`: HTTP/2 from the first octet (RFC 9113 section 3.3); not for https;
 * - `http/1.1`: nothing else is offered.
 */
export type Negotiation = "auto" | "alpn" | "upgrade" | "prior-knowledge" | "http/1.1";

export interface ConnectOptions extends CommonOptions {
  /** "auto" unless given. */
  readonly negotiation?: Negotiation;
}

/**
 * Connects to an origin.
 *
 * With the negotiation "upgrade" only the TCP connection is there afterwards: the first request asks for HTTP/2, and
 * `protocol` tells when it was answered.
 *
 * @param origin - a URL of http or https; its path does not matter.
 * @throws ClientError; TypeError for an origin or a negotiation that cannot be.
 */
export async function connect(origin: string | URL, options: ConnectOptions = {}): Promise<ClientSession> {
  const resolved = resolveOptions(options);
  const opening = { origin: parseOrigin(origin), tls: resolved.tls, timeout: resolved.timeouts.connect };
  const negotiation = settled(options.negotiation ?? "auto", opening.origin.scheme);
  try {
    return await open(opening, negotiation, resolved);
  } catch (error) {
    throw negotiationFailure(error);
  }
}

type SettledNegotiation = Exclude<Negotiation, "auto">;

/** @throws TypeError where the scheme rules it out. */
function settled(negotiation: Negotiation, scheme: "http" | "https"): SettledNegotiation {
  if (negotiation === "auto") return scheme === "https" ? "alpn" : "http/1.1";
  const needed = { alpn: "https", upgrade: "http", "prior-knowledge": "http", "http/1.1": scheme }[
    negotiation
  ];
  if (needed === undefined) throw new TypeError(`there is no negotiation ${JSON.stringify(negotiation)}`);
  if (needed !== scheme) throw new TypeError(`the negotiation ${negotiation} is not for ${scheme}`);
  return negotiation;
}

async function open(
  opening: Opening,
  negotiation: SettledNegotiation,
  options: ResolvedOptions,
): Promise<PooledSession> {
  const isTls = opening.origin.scheme === "https";
  switch (negotiation) {
    case "alpn":
      return openByAlpn(opening, ["h2", "http/1.1"], options);
    case "upgrade":
      return new UpgradeSession(opening, await openCleartext(opening), options);
    case "prior-knowledge":
      return http2Session(opening, await openCleartext(opening), "prior-knowledge", options);
    case "http/1.1":
      if (isTls) return openByAlpn(opening, ["http/1.1"], options);
      return new Http1Session(opening.origin, await openCleartext(opening), "http/1.1", () =>
        openCleartext(opening),
      );
  }
}

async function openByAlpn(
  opening: Opening,
  protocols: readonly AlpnProtocol[],
  options: ResolvedOptions,
): Promise<PooledSession> {
  const { socket, protocol } = await openTls(opening, protocols);
  if (protocol === "h2") return http2Session(opening, socket, "alpn", options);
  const negotiated = socket.alpnProtocol === "http/1.1" ? "alpn" : "http/1.1";
  return new Http1Session(opening.origin, socket, negotiated, async () => {
    const another = await openTls(opening, ["http/1.1"]);
    return another.socket;
  });
}

function http2Session(
  { origin }: Opening,
  socket: Duplex,
  negotiated: "alpn" | "prior-knowledge",
  options: ResolvedOptions,
): Http2Session {
  const connection = clientConnection(options);
  connection.initiateConnection();
  const session = new Http2Session(origin, socket, connection, negotiated, options);
  session.pump.start();
  return session;
}
