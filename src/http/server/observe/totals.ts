import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { PeerError } from "../../../connection/errors.ts";

/** What a server has done since it was made. */
export interface ServerTotals {
  /** Connections that spoke HTTP/2, and HTTP/1.1. */
  readonly http2Connections: number;
  readonly http1Connections: number;
  /** Requests by HTTP/2, and by HTTP/1.1. */
  readonly http2Requests: number;
  readonly http1Requests: number;
  /** Octets of all connections, as their sockets count them. */
  readonly octetsReceived: number;
  readonly octetsSent: number;
  /** Streams that clients have reset. */
  readonly resetsReceived: number;
  /** Streams that the engine has reset because of what the client sent. */
  readonly resetsProvoked: number;
  /** Connections that the engine has ended because of what the client sent, limits included. */
  readonly connectionErrors: number;
  /** How often each limit was reached, by its name in `Limits`. */
  readonly limits: Readonly<Record<string, number>>;
}

const LIMIT = "limit ";

/** Counts for `ServerTotals`. */
export class Counters {
  http2Connections: number;
  http1Connections: number;
  http2Requests: number;
  http1Requests: number;
  resetsReceived: number;
  resetsProvoked: number;
  connectionErrors: number;
  readonly #limits: Map<string, number>;
  readonly #sockets: Set<Duplex>;
  /** Octets of connections that are gone. */
  #received: number;
  #sent: number;

  constructor() {
    this.http2Connections = 0;
    this.http1Connections = 0;
    this.http2Requests = 0;
    this.http1Requests = 0;
    this.resetsReceived = 0;
    this.resetsProvoked = 0;
    this.connectionErrors = 0;
    this.#limits = new Map();
    this.#sockets = new Set();
    this.#received = 0;
    this.#sent = 0;
  }

  opened(socket: Duplex): void {
    this.#sockets.add(socket);
  }

  closed(socket: Duplex): void {
    this.#sockets.delete(socket);
    this.#received += octetsOf(socket, "bytesRead");
    this.#sent += octetsOf(socket, "bytesWritten");
  }

  /** @returns the name of the limit that the peer has reached; null if it was another rule. */
  limitReached(error: PeerError | null): string | null {
    if (error === null || !error.section.startsWith(LIMIT)) return null;
    const name = error.section.slice(LIMIT.length);
    this.#limits.set(name, (this.#limits.get(name) ?? 0) + 1);
    return name;
  }

  snapshot(): ServerTotals {
    let octetsReceived = this.#received;
    let octetsSent = this.#sent;
    for (const socket of this.#sockets) {
      octetsReceived += octetsOf(socket, "bytesRead");
      octetsSent += octetsOf(socket, "bytesWritten");
    }
    return {
      http2Connections: this.http2Connections,
      http1Connections: this.http1Connections,
      http2Requests: this.http2Requests,
      http1Requests: this.http1Requests,
      octetsReceived,
      octetsSent,
      resetsReceived: this.resetsReceived,
      resetsProvoked: this.resetsProvoked,
      connectionErrors: this.connectionErrors,
      limits: Object.fromEntries(this.#limits),
    };
  }
}

function octetsOf(socket: Duplex, which: "bytesRead" | "bytesWritten"): number {
  return (socket as Socket)[which] ?? 0;
}
