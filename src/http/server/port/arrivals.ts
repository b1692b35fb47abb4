import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Connections that were accepted and have no protocol yet: in front of TLS, in its handshake, or in negotiation. */
export class Arrivals {
  readonly #sockets: Set<Duplex>;

  constructor() {
    this.#sockets = new Set();
  }

  get size(): number {
    return this.#sockets.size;
  }

  add(socket: Duplex): void {
    this.#sockets.add(socket);
  }

  /** The socket of TLS takes the place of the one below it, once the handshake is over. Both have the same peer. */
  secure(socket: Duplex): void {
    if (this.#sockets.has(socket)) return;
    for (const below of this.#sockets) {
      if (!haveSamePeer(below as Socket, socket as Socket)) continue;
      this.#sockets.delete(below);
      break;
    }
    this.#sockets.add(socket);
  }

  delete(socket: Duplex): void {
    this.#sockets.delete(socket);
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function haveSamePeer(one: Socket, other: Socket): boolean {
  return one.remotePort === other.remotePort && one.remoteAddress === other.remoteAddress;
}
