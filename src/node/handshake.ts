import type { Deadline } from "./deadline.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { abandon, happensInTime } from "./opening.ts";
import type { TlsSocket } from "./tls-socket.ts";

/**
 * Waits until the TLS handshake is over, if it is not yet. Octets that came with its last message stay in the socket.
 *
 * @param event - what the socket emits then: `secure` on a server; on a client `secureConnect`, which comes after
 * the check of the server's certificate.
 * @throws NegotiationError TIMEOUT, CLOSED, and HANDSHAKE_FAILED with the error of TLS as its cause; the socket is
 * destroyed then.
 */
export async function handshake(
  socket: TlsSocket,
  event: "secure" | "secureConnect",
  deadline: Deadline,
): Promise<void> {
  // Null until the handshake is over, then a name or false.
  if (socket.alpnProtocol !== null && !socket.destroyed) return;
  const inTime = await happensInTime(socket, event, deadline).catch((error: NegotiationError) => {
    throw isFromTls(error.cause) ? handshakeFailed(error.cause) : error;
  });
  if (inTime) return;
  abandon(socket);
  throw new NegotiationError("TIMEOUT", "the TLS handshake was not over in time");
}

/** Whether TLS itself, and not the connection below it, has failed. */
function isFromTls(cause: unknown): cause is Error {
  if (!(cause instanceof Error)) return false;
  const { code, syscall } = cause as NodeJS.ErrnoException;
  return syscall === undefined && code !== "ECONNRESET";
}

function handshakeFailed(cause: Error): NegotiationError {
  return new NegotiationError("HANDSHAKE_FAILED", `the TLS handshake failed: ${cause.message}`, cause);
}
