/**
 * HTTP/1.1 on connections that were looked at before. It is spoken by `node:http`, which is handed the socket
 * together with the octets that were read.
 */
import {
  createServer,
  IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from "node:http";
import type { Duplex } from "node:stream";
import { Server as TlsServer } from "node:tls";
import { cutBehindUpgrades } from "./http1-pieces.ts";
import { offersOnlyHttp2 } from "./upgrade-head.ts";

/**
 * Gives a connection to an HTTP/1.1 server as if that had accepted it. Keep-alive, pipelining and WebSocket work as
 * ever. The socket is the server's afterwards. A listener of `node:net` should accept with `noDelay: true` and
 * `allowHalfOpen: true`, as servers of `node:http` do for themselves.
 *
 * @param server - a server of `node:http`, or of `node:https` for a TLS socket after the handshake.
 * @param octets - what was read from the socket: the server reads them first.
 */
export function handToHttp1(server: Server, socket: Duplex, octets: Uint8Array): void {
  unshiftOctets(socket, octets);
  // A server of node:https would begin a handshake on "connection".
  server.emit(server instanceof TlsServer ? "secureConnection" : "connection", socket);
  // Negotiation has left it paused, and the server only ever resumes what it paused itself.
  socket.resume();
}

/** Puts back what was read, in pieces such that what follows an Upgrade is not taken for a part of its head. */
export function unshiftOctets(socket: Duplex, octets: Uint8Array): void {
  if (octets.length === 0) return;
  for (const piece of cutBehindUpgrades(octets).reverse()) socket.unshift(piece);
}

/**
 * An HTTP/1.1 server of `node:http` for connections that are handed over, rather than accepted by it. It differs from
 * `http.createServer` in two ways:
 * - its limits on slow requests (`headersTimeout`, `requestTimeout`) are watched from the beginning, where node
 *   starts only when a server listens;
 * - a request that offers to upgrade to nothing but HTTP/2 is an ordinary request, also when there are listeners for
 *   `upgrade`: node would leave it to them, and one that only knows WebSocket never answers.
 */
export function createHttp1Server(listener?: RequestListener): Server;
export function createHttp1Server(options: ServerOptions, listener?: RequestListener): Server;
export function createHttp1Server(
  first: ServerOptions | RequestListener = {},
  second?: RequestListener,
): Server {
  const [options, listener] = typeof first === "function" ? [{}, first] : [first, second];
  const server = createServer({ IncomingMessage: Http1Request, ...options }, listener);
  server.emit("listening");
  return server;
}

/** For the option `IncomingMessage` of an HTTP/1.1 server: see `createHttp1Server`. */
export class Http1Request extends IncomingMessage {
  /** Not private: node's constructor writes `upgrade` before private fields are there. */
  declare parsedUpgrade: boolean;

  /** Node asks this to choose between "request" and "upgrade". */
  get upgrade(): boolean {
    return (
      this.parsedUpgrade && (this.method === "CONNECT" || !offersOnlyHttp2([this.headers.upgrade ?? ""]))
    );
  }

  set upgrade(value: boolean | null) {
    this.parsedUpgrade = value === true;
  }
}
