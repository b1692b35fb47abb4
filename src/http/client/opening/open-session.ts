import type { Duplex } from "node:stream";
import type { AlpnProtocol } from "../../../node/tls-profile.ts";
import { negotiationFailure } from "../client-error.ts";
import type { ResolvedOptions } from "../client-options.ts";
import { Http1Session } from "../session/http1-session.ts";
import { clientConnection, Http2Session } from "../session/http2-session.ts";
import type { PooledSession } from "../session/pooled-session.ts";
import { UpgradeSession } from "../session/upgrade-session.ts";
import type { Negotiation } from "./negotiation.ts";
import { type Opening, openCleartext, openTls } from "./open-socket.ts";
import type { Origin } from "./origin.ts";

/**
 * Opens a session with an origin.
 *
 * @throws ClientError; TypeError for a negotiation that cannot be.
 */
export async function openSession(origin: Origin, options: ResolvedOptions): Promise<PooledSession> {
  const opening = { origin, tls: options.tls, timeout: options.timeouts.connect };
  const negotiation = settled(options.negotiation, origin.scheme);
  try {
    return await open(opening, negotiation, options);
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
