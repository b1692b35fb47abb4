/**
 * A client for one origin, over HTTP/2 or HTTP/1.1.
 *
 * @module
 */
import type { Duplex } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import type { FrameObserver } from "../connection/configuration.ts";
import type { AlpnProtocol } from "../node/tls-profile.ts";
import { negotiationFailure } from "./client/client-error.ts";
import type { ClientSession } from "./client/client-session.ts";
import { Http1Session } from "./client/http1-session.ts";
import { clientConnection, Http2Session } from "./client/http2-session.ts";
import { type Opening, openCleartext, openTls } from "./client/open-socket.ts";
import { parseOrigin } from "./client/origin.ts";
import { UpgradeSession } from "./client/upgrade-session.ts";

export { ClientError, type ClientErrorCode, type ClientErrorDetails } from "./client/client-error.ts";
export type {
  ClientResponse,
  ClientSession,
  InformationalResponse,
  RequestOptions,
} from "./client/client-session.ts";
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

export interface ConnectOptions {
  /** "auto" unless given. */
  readonly negotiation?: Negotiation;
  /** Options of `node:tls`, such as `ca`, `rejectUnauthorized` or `servername`. */
  readonly tls?: ConnectionOptions;
  /** Milliseconds for connection and negotiation, and then for the server's preface: 10,000 unless given. */
  readonly timeout?: number;
  /** Sees each frame of HTTP/2. */
  readonly observer?: FrameObserver;
}

const DEFAULT_TIMEOUT = 10_000;

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
  const opening = {
    origin: parseOrigin(origin),
    tls: options.tls ?? {},
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
  };
  const negotiation = settled(options.negotiation ?? "auto", opening.origin.scheme);
  try {
    return await open(opening, negotiation, options.observer ?? null);
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
  observer: FrameObserver | null,
): Promise<ClientSession> {
  const isTls = opening.origin.scheme === "https";
  switch (negotiation) {
    case "alpn":
      return openByAlpn(opening, ["h2", "http/1.1"], observer);
    case "upgrade":
      return new UpgradeSession(opening, await openCleartext(opening), observer);
    case "prior-knowledge":
      return http2Session(opening, await openCleartext(opening), "prior-knowledge", observer);
    case "http/1.1":
      if (isTls) return openByAlpn(opening, ["http/1.1"], observer);
      return new Http1Session(opening.origin, await openCleartext(opening), "http/1.1", () =>
        openCleartext(opening),
      );
  }
}

async function openByAlpn(
  opening: Opening,
  protocols: readonly AlpnProtocol[],
  observer: FrameObserver | null,
): Promise<ClientSession> {
  const { socket, protocol } = await openTls(opening, protocols);
  if (protocol === "h2") return http2Session(opening, socket, "alpn", observer);
  const negotiated = socket.alpnProtocol === "http/1.1" ? "alpn" : "http/1.1";
  return new Http1Session(opening.origin, socket, negotiated, async () => {
    const another = await openTls(opening, ["http/1.1"]);
    return another.socket;
  });
}

function http2Session(
  { origin, timeout }: Opening,
  socket: Duplex,
  negotiated: "alpn" | "prior-knowledge",
  observer: FrameObserver | null,
): Http2Session {
  const connection = clientConnection(observer);
  connection.initiateConnection();
  const session = new Http2Session(origin, socket, connection, negotiated, timeout);
  session.pump.start();
  return session;
}
