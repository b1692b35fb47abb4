import type { Duplex } from "node:stream";

/** How long the peer has, in milliseconds, to take what we said last. */
const GRACE = 1000;

/**
 * Says the last thing on a connection and ends it. The socket is not the caller's any more.
 *
 * It is read on for a moment, into the void: closing a TCP connection with unread octets resets it, and a
 * reset takes away from the peer what it has not read yet.
 */
export function endWith(socket: Duplex, octets: Uint8Array): void {
  const timer = setTimeout(() => socket.destroy(), GRACE);
  socket.removeAllListeners("data");
  socket.on("error", () => {});
  socket.on("close", () => clearTimeout(timer));
  socket.end(octets);
  socket.resume();
}
