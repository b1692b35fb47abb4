import type { IncomingMessage, Server as NodeServer, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { unshiftOctets } from "../../../node/http1-server.ts";

/** The connections of a server that speak HTTP/1.1: counted, and drained at the end. `node:http` does the rest. */
export class Http1Side {
  readonly #server: NodeServer;
  readonly #give: (socket: Duplex) => void;
  readonly #sockets: Set<Duplex>;
  readonly #responses: Set<ServerResponse>;
  #isDraining: boolean;

  /** @param give - hands a connection to HTTP/1.1. */
  constructor(server: NodeServer, give: (socket: Duplex) => void) {
    this.#server = server;
    this.#give = give;
    this.#sockets = new Set();
    this.#responses = new Set();
    this.#isDraining = false;
    server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
      if (request.httpVersionMajor === 1) this.#count(response);
    });
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
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    unshiftOctets(socket, octets);
    this.#give(socket);
    // Negotiation has left it paused, and the server only ever resumes what it paused itself.
    socket.resume();
  }

  /** Ends the connections behind the response they wait for. Those that are idle `node:http` ends by itself. */
  drain(): void {
    this.#isDraining = true;
    for (const response of this.#responses) response.shouldKeepAlive = false;
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #count(response: ServerResponse): void {
    this.#responses.add(response);
    if (this.#isDraining) response.shouldKeepAlive = false;
    response.on("close", () => {
      this.#responses.delete(response);
      // A response whose head had gone before said nothing about the end of the connection.
      if (this.#isDraining) setImmediate(() => this.#server.closeIdleConnections());
    });
  }
}
