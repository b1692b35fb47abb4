import { connect as connectTcp, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { connectAlpn, connectPriorKnowledge } from "../../../node/negotiate-client.ts";
import { type AlpnProtocol, tlsClientOptions } from "../../../node/tls-profile.ts";
import type { Origin } from "./origin.ts";

/** How to open connections to an origin. */
export interface Opening {
  readonly origin: Origin;
  /** Options of the caller's for TLS. */
  readonly tls: ConnectionOptions;
  /** Milliseconds for connection and negotiation, 0 or Infinity for ever. */
  readonly timeout: number;
}

/** Opens a cleartext connection. @throws NegotiationError. */
export async function openCleartext({ origin, timeout }: Opening): Promise<Socket> {
  const socket = connectTcp({ host: origin.hostname, port: origin.port, noDelay: true });
  // It only waits for the connection; what is spoken on it is the caller's decision.
  await connectPriorKnowledge(socket, { timeout });
  return ignoringErrors(socket);
}

/** Opens a connection with TLS, and tells what ALPN has chosen. @throws NegotiationError. */
export async function openTls(
  { origin, tls, timeout }: Opening,
  protocols: readonly AlpnProtocol[],
): Promise<{ readonly socket: TLSSocket; readonly protocol: AlpnProtocol }> {
  const { hostname: host, port } = origin;
  const socket = connectTls(tlsClientOptions({ ...tls, host, port, protocols }));
  socket.setNoDelay(true);
  const protocol = await connectAlpn(socket, { timeout });
  return { socket: ignoringErrors(socket), protocol };
}

/** Until somebody uses the connection, nobody listens for its end; who uses it will notice. */
function ignoringErrors<Connection extends Socket>(socket: Connection): Connection {
  socket.on("error", () => {});
  return socket;
}
