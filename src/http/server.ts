/**
 * A server for HTTP/2 and HTTP/1.1 on one port: with the request and response objects of `node:http`, or with those of fetch.
 *
 * @module
 */
import { messageServer } from "./server/message-server.ts";
import type { Listener } from "./server/messages/listener.ts";
import type { Server, ServerOptions } from "./server/server-options.ts";

export type { UpgradePolicy } from "../node/negotiate-server.ts";
export type { FetchErrorHandler, FetchErrorReport, FetchHandler } from "./server/fetch/fetch-handler.ts";
export type { FetchInfo, HeadersInput } from "./server/fetch/fetch-info.ts";
export { installResponse } from "./server/fetch/install-response.ts";
export { LazyResponse, type LazyResponseInit, type ResponseBody } from "./server/fetch/lazy-response.ts";
export type { ErrorReport, Listener } from "./server/messages/listener.ts";
export { requestInfo } from "./server/messages/request-info.ts";
export type { RequestInfo } from "./server/messages/stream-socket.ts";
export type { ConnectionMessage, FrameMessage, StreamMessage } from "./server/observe/channels.ts";
export type { Log } from "./server/observe/log.ts";
export { prometheusMetrics } from "./server/observe/prometheus.ts";
export type { ConnectionRecord, StreamRecord } from "./server/observe/records.ts";
export type { ServerTotals } from "./server/observe/totals.ts";
export { type FetchServer, type ServeOptions, serve } from "./server/serve.ts";
export type {
  NodeServerOptions,
  ProxyOptions,
  Server,
  ServerOptions,
  ServerStats,
  ServerTlsOptions,
  ShutdownOptions,
} from "./server/server-options.ts";
export type { Serving } from "./server/workers/retire.ts";
export { runWorkers, type WorkersOptions } from "./server/workers/run-workers.ts";
export { WorkersError, type WorkersErrorCode } from "./server/workers/worker-process.ts";
export type { WorkersEvent } from "./server/workers/workers-event.ts";
export type { TlsInfo } from "./tls-info.ts";

/**
 * Makes a server. One cleartext port takes HTTP/2 with prior knowledge, by Upgrade where that is allowed, and HTTP/1.1; one
 * TLS port takes HTTP/2 and HTTP/1.1 by ALPN.
 *
 * It is a server of `node:http`, or with TLS of `node:https`: `listen`, `address`, `close`, the events and whatever else
 * expects such a server work as ever. Each request is its "request" event.
 *
 * @param listener - gets real objects of `http.IncomingMessage` and `http.ServerResponse`, whatever the protocol; it may
 * be an application of Express, Koa, connect and the like. What it throws is answered with status 500 and reported.
 * @throws TypeError, RangeError or InvalidSettingsValueError for options that have not their type or range.
 */
export function createServer(listener?: Listener): Server;
export function createServer(options: ServerOptions, listener?: Listener): Server;
export function createServer(first: ServerOptions | Listener = {}, second?: Listener): Server {
  const [options, listener] = typeof first === "function" ? [{}, first] : [first, second];
  return messageServer(options, listener ?? null);
}
