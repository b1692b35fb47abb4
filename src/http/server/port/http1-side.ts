import type { Server as NodeServer, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { unshiftOctets } from "../../../node/http1-server.ts";
import type { ConnectionRecord } from "../observe/records.ts";
import type { ServerWatch } from "../observe/server-watch.ts";

/** The connections of a server that speak HTTP/1.1: counted, and drained at the end. `node:http` does the rest. */
export class Http1Side {
  readonly #server: NodeServer;
  readonly #give: (socket: Duplex) => void;
  readonly #watch: ServerWatch;
  readonly #sockets: Map<Duplex, ConnectionRecord>;
  readonly #responses: Set<ServerResponse>;
  /** Whether each response is the last one of its connection. */
  #isEnding: boolean;
  #isDraining: boolean;

  /** @param give - hands a connection to HTTP/1.1. */
  constructor(server: NodeServer, give: (socket: Duplex) => void, watch: ServerWatch) {
    this.#server = server;
    this.#give = give;
    this.#watch = watch;
    this.#sockets = new Map();
    this.#responses = new Set();
    this.#isEnding = false;
    this.#isDraining = false;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Requests that are not answered yet. */
  get requests(): number {
    return this.#responses.size;
  }

  /** @param octets - what was read from the socket. */
  take(socket: Duplex, octets: Uint8Array): void {
    const isByAlpn = (socket as { alpnProtocol?: unknown }).alpnProtocol === "http/1.1";
    const record = this.#watch.opened(socket, "http/1.1", isByAlpn ? "alpn" : "http/1.1");
    this.#sockets.set(socket, record);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#watch.closed(record, null);
    });
    unshiftOctets(socket, octets);
    this.#give(socket);
    // Negotiation has left it paused, and the server only ever resumes what it paused itself.
    socket.resume();
  }

  /** A request has arrived, and this is what becomes its response. */
  count(response: ServerResponse): void {
    const { req: request } = response;
    const record = this.#sockets.get(request.socket);
    if (record !== undefined) this.#watch.requestedByHttp1(record, request, response);
    this.#responses.add(response);
    if (this.#isEnding) refuseKeepAlive(response);
    response.on("close", () => {
      this.#responses.delete(response);
      // A response whose head had gone before said nothing about the end of the connection.
      if (this.#isDraining) setImmediate(() => this.#server.closeIdleConnections());
    });
  }

  /** Ends the connections behind the next response, which may be to a request that is yet to come. */
  endBehindResponses(): void {
    this.#isEnding = true;
    for (const response of this.#responses) response.shouldKeepAlive = false;
  }

  /** Ends the connections behind the response they wait for, and those that are idle. */
  drain(): void {
    this.endBehindResponses();
    this.#isDraining = true;
    this.#server.closeIdleConnections();
    for (const socket of this.#sockets.keys()) if (hasSaidNothing(socket)) socket.destroy();
  }

  reopen(): void {
    this.#isEnding = false;
    this.#isDraining = false;
  }

  destroy(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }
}

/** Such a connection, of TLS, is not idle to `node:http`. */
function hasSaidNothing(socket: Duplex): boolean {
  return (socket as Socket).bytesRead === 0;
}

/** `node:http` still writes into a new response what the client wants. */
function refuseKeepAlive(response: ServerResponse): void {
  Object.defineProperty(response, "shouldKeepAlive", { get: () => false, set: () => {} });
}
