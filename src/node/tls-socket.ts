import type { Duplex } from "node:stream";
import type { ProtectedSocket } from "./check-tls.ts";
import type { NegotiatedSocket } from "./selected-protocol.ts";

/** What is asked of a TLS connection here: Node's `TLSSocket` has it, and the socket of another TLS stack may. */
export interface TlsSocket extends Duplex, NegotiatedSocket, ProtectedSocket {
  readonly encrypted: true;
  disableRenegotiation?(): void;
}

/** Whether a connection runs over TLS, where neither the preface nor Upgrade may say HTTP/2. */
export function isTlsSocket(socket: Duplex): socket is TlsSocket {
  return "encrypted" in socket && socket.encrypted === true;
}
