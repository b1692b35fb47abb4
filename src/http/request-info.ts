import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { StreamSocket } from "./stream-socket.ts";

/** How a request came. */
export interface RequestInfo {
  readonly protocol: "h2" | "http/1.1" | "http/1.0";
  /** How the two sides came to speak it: "http/1.1" where nothing was negotiated. */
  readonly negotiated: "alpn" | "upgrade" | "prior-knowledge" | "http/1.1";
  readonly tls: TlsInfo | null;
  /** The stream of HTTP/2, or null. */
  readonly streamId: number | null;
}

export interface TlsInfo {
  /** Such as "TLSv1.3". */
  readonly version: string;
  /** The cipher suite by its IANA name, such as "TLS_AES_128_GCM_SHA256". */
  readonly cipher: string;
}

/** How a request that a server of `createServer` handed to its listener came. */
export function requestInfo(request: IncomingMessage): RequestInfo {
  const socket: unknown = request.socket;
  if (socket instanceof StreamSocket) return socket.info;
  const tls = socket instanceof TLSSocket ? socket : null;
  return {
    protocol: request.httpVersion === "1.0" ? "http/1.0" : "http/1.1",
    negotiated: tls?.alpnProtocol === "http/1.1" ? "alpn" : "http/1.1",
    tls: tlsInfo(request.socket),
    streamId: null,
  };
}

/** What TLS agreed on, or null for cleartext. */
export function tlsInfo(socket: Duplex): TlsInfo | null {
  if (!(socket instanceof TLSSocket)) return null;
  return { version: socket.getProtocol() ?? "", cipher: socket.getCipher().standardName };
}
