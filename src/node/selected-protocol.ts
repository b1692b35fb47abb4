/** The part of a TLS socket that tells what was negotiated. */
export interface NegotiatedSocket {
  /** The answer of ALPN (RFC 7301): null before the handshake is over, false when there was none. */
  readonly alpnProtocol?: string | false | null;
  /** The answer of NPN, ALPN's forerunner. Node has had none since version 10; other TLS stacks may. */
  readonly npnProtocol?: string | false | null;
}

/**
 * The protocol that TLS negotiated on this socket, or null where it negotiated none.
 *
 * ALPN's answer counts. NPN's is taken where a TLS stack that still has NPN found it, and ALPN found nothing.
 */
export function selectedProtocol(socket: NegotiatedSocket): string | null {
  return socket.alpnProtocol || socket.npnProtocol || null;
}
