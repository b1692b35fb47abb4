import type { Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { createHttp1Server, handToHttp1 } from "../../node/http1-server.ts";
import type { Listener } from "./listener.ts";

/** The connections of a server that speak HTTP/1.1: counted, and drained at the end. `node:http` does the rest. */
export class Http1Side {
  /** Requests of HTTP/2 are dispatched as its "request" events too. */
  readonly server: Server;
  readonly #sockets: Set<Duplex>;
  readonly #responses: Set<ServerResponse>;
  readonly #emptied: () => void;
  #isDraining: boolean;

  /** @param emptied - is called when the last connection is gone. */
  constructor(listener: Listener, emptied: () => void) {
    this.#sockets = new Set();
    this.#responses = new Set();
    this.#emptied = emptied;
    this.#isDraining = false;
    this.server = createHttp1Server({}, (request, response) => {
      if (request.httpVersionMajor === 1) this.#count(response);
      listener(request, response);
    });
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Requests that are not answered yet. */
  get requests(): number {
    return this.#responses.size;
  }

  take(socket: Duplex, octets: Uint8Array): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#gone(socket));
    handToHttp1(this.server, socket, octets);
  }

  /** Ends connections that are idle, and the others behind the response they wait for. */
  drain(): void {
    this.#isDraining = true;
    this.server.close();
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
      if (this.#isDraining) setImmediate(() => this.server.closeIdleConnections());
    });
  }

  #gone(socket: Duplex): void {
    this.#sockets.delete(socket);
    if (this.#sockets.size === 0) this.#emptied();
  }
}
