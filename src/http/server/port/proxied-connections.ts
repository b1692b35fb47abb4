import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import { type TLSSocket, Server as TlsServer } from "node:tls";
import { NegotiationError } from "../../../node/negotiation-error.ts";
import type { Endpoint } from "../../../node/proxy-header.ts";
import { receiveProxyHeader } from "../../../node/receive-proxy-header.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

type Take = (socket: Socket) => void;

/**
 * Lets each connection of a trusted proxy begin with a header of the PROXY protocol, in front of TLS if there is any.
 * From then on the socket says who is at the other end of the proxy. Other connections are left as they are.
 *
 * @param timeout - milliseconds until the header must be there.
 */
export function readProxyHeaders(server: HttpServer, trusted: TrustedProxies, timeout: number): void {
  const own = server.listeners("connection").at(-1) as Take;
  const sources = new Map<string, Endpoint>();
  const take = async (socket: Socket): Promise<void> => {
    try {
      const { header, octets } = await receiveProxyHeader(socket, { timeout });
      if (header.source !== null) announce(socket, header.source, sources);
      if (octets.length > 0) socket.unshift(octets);
      own.call(server, socket);
    } catch (error) {
      // The proxy does not say what it should, and the socket is gone.
      if (!(error instanceof NegotiationError)) throw error;
    }
  };
  server.removeListener("connection", own);
  server.on("connection", (socket: Socket) => {
    if (trusted.has(socket.remoteAddress)) void take(socket);
    else own.call(server, socket);
  });
  if (server instanceof TlsServer) {
    server.prependListener("secureConnection", (socket: TLSSocket) => adopt(socket, sources));
  }
}

function announce(socket: Socket, source: Endpoint, sources: Map<string, Endpoint>): void {
  const key = keyOf(socket);
  sources.set(key, source);
  socket.once("close", () => sources.delete(key));
  speakFor(socket, source);
}

/** The socket of TLS is another one than the one that the header came on; both have the same peer. */
function adopt(socket: TLSSocket, sources: Map<string, Endpoint>): void {
  const source = sources.get(keyOf(socket));
  if (source !== undefined) speakFor(socket, source);
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function speakFor(socket: Socket, { address, port }: Endpoint): void {
  Object.defineProperties(socket, {
    remoteAddress: { value: address, configurable: true },
    remotePort: { value: port, configurable: true },
    remoteFamily: { value: address.includes(":") ? "IPv6" : "IPv4", configurable: true },
  });
}
