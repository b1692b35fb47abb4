/**
 * A server for HTTP/2 and HTTP/1.1 on one port, with the request and response objects of `node:http`.
 *
 * @module
 */
import type { Listener } from "./server/listener.ts";
import { PortServer } from "./server/port-server.ts";
import type { Server, ServerOptions } from "./server/server-options.ts";

export type { UpgradePolicy } from "../node/negotiate-server.ts";
export type { ServerTlsOptions } from "./server/acceptor.ts";
export type { ErrorReport, Listener } from "./server/listener.ts";
export { requestInfo } from "./server/request-info.ts";
export type { Server, ServerOptions, ServerStats } from "./server/server-options.ts";
export type { RequestInfo } from "./server/stream-socket.ts";
export type { TlsInfo } from "./tls-info.ts";

/**
 * Makes a server. One cleartext port takes HTTP/2 with prior knowledge, by Upgrade where that is allowed, and HTTP/1.1; one
 * TLS port takes HTTP/2 and HTTP/1.1 by ALPN.
 *
 * @param listener - gets real objects of `http.IncomingMessage` and `http.ServerResponse`, whatever the protocol; it may
 * be an application of Express, Koa, connect and the like.
 * @throws TypeError, RangeError or InvalidSettingsValueError for options that have not their type or range.
 */
export function createServer(options: ServerOptions, listener: Listener): Server {
  return new PortServer(options, listener);
}
