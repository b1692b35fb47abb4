import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { tlsInfo } from "../../tls-info.ts";
import { TunnelSocket } from "../tunnel/tunnel-socket.ts";
import { type RequestInfo, StreamSocket } from "./stream-socket.ts";

/** How a request that a server of `createServer` handed to its listener came. */
export function requestInfo(request: IncomingMessage): RequestInfo {
  const socket: unknown = request.socket;
  if (socket instanceof StreamSocket || socket instanceof TunnelSocket) return socket.info;
  const tls = socket instanceof TLSSocket ? socket : null;
  return {
    protocol: request.httpVersion === "1.0" ? "http/1.0" : "http/1.1",
    negotiated: tls?.alpnProtocol === "http/1.1" ? "alpn" : "http/1.1",
    tls: tlsInfo(request.socket),
    streamId: null,
  };
}
