import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import { Background } from "./fetch/background.ts";
import { FetchExchange } from "./fetch/fetch-exchange.ts";
import {
  type FetchApp,
  type FetchErrorHandler,
  type FetchErrorReport,
  type FetchHandler,
  handlerOf,
} from "./fetch/fetch-handler.ts";
import { Http1Call } from "./fetch/http1-call.ts";
import { reportTo } from "./observe/report.ts";
import { portOf, urlOf } from "./port/node-server.ts";
import { PortServer, SHUTDOWN_DEADLINE } from "./port/port-server.ts";
import { TrustedProxies } from "./port/trusted-proxies.ts";
import type { ServerOptions, ServerStats, ShutdownOptions } from "./server-options.ts";
import { tunnelOr } from "./tunnel/tunnel-style.ts";

/** Options of `serve`. */
export interface ServeOptions extends Omit<ServerOptions, "onError"> {
  /** Answers the requests. */
  readonly fetch: FetchHandler;
  /** The port to listen on: a free one unless given. */
  readonly port?: number;
  /** The address to listen on: 127.0.0.1 unless given. "0.0.0.0" or "::" are all of the machine. */
  readonly hostname?: string;
  /** Answers for `fetch` when that has failed. Unless given, and if it fails too, the answer is status 500. */
  readonly error?: FetchErrorHandler;
  /** Closes the server when it aborts. */
  readonly signal?: AbortSignal;
  /** Takes whatever goes wrong, in `fetch` or elsewhere. Unless given it goes to `log`, or the console. */
  readonly onError?: FetchErrorReport;
}

/** A server that listens. */
export interface FetchServer {
  /** The origin, such as "http://127.0.0.1:8080". Empty while it does not listen. */
  readonly url: string;
  /** 0 while it does not listen. */
  readonly port: number;
  /** When it listens; rejected if it cannot. */
  readonly ready: Promise<FetchServer>;
  /** The genuine server of `node:http` or `node:https` below, for listeners such as those of WebSocket. */
  readonly node: HttpServer;
  stats(): ServerStats;
  /**
   * Ends gracefully: accepts no more connections, finishes the requests that are there and on their way, waits for what
   * `waitUntil` was given.
   */
  close(options?: ShutdownOptions): Promise<void>;
  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Serves an application in the style of fetch: a function from a `Request` to a `Response`. One cleartext port takes HTTP/2
 * with prior knowledge, by Upgrade where that is allowed, and HTTP/1.1; one TLS port takes HTTP/2 and HTTP/1.1 by ALPN.
 *
 * It listens at once: `ready` tells when.
 *
 * @throws TypeError, RangeError or InvalidSettingsValueError for options that have not their type or range.
 */
export function serve(options: ServeOptions): FetchServer {
  const {
    port = 0,
    hostname = "127.0.0.1",
    onError = reportTo(options.log, FAILED),
    error = null,
    signal,
    ...others
  } = options;
  const report = guarded(onError);
  const reportOther = (reason: unknown): void => report(reason, null);
  const background = new Background(reportOther);
  const app: FetchApp = { fetch: handlerOf(options), error, report, background, proxies: believed(options) };
  const portServer = new PortServer(others, reportOther, (node) =>
    tunnelOr(node, reportOther, (opening) => new FetchExchange(app, opening)),
  );
  const { server } = portServer;
  takeHttp1(server, app);
  const ready = listening(server, port, hostname);
  // What goes wrong before that is told by `ready`.
  ready.then(
    () => server.on("error", reportOther),
    () => {},
  );
  const close = async (options: ShutdownOptions = {}): Promise<void> => {
    const end = performance.now() + (options.deadline ?? SHUTDOWN_DEADLINE);
    await ready.catch(() => {});
    await portServer.shutdown(options);
    await background.idle(Math.max(0, end - performance.now()));
  };
  const result = fetchServer(portServer, ready, close);
  closeBy(signal, result);
  return result;
}

function believed({ proxies }: ServeOptions): TrustedProxies | null {
  return proxies?.forwarded === true ? new TrustedProxies(proxies.trusted) : null;
}

function fetchServer(portServer: PortServer, ready: Promise<void>, close: FetchServer["close"]): FetchServer {
  const { server } = portServer;
  const result: FetchServer = {
    get url() {
      return urlOf(server);
    },
    get port() {
      return portOf(server);
    },
    ready: ready.then(() => result),
    node: server,
    stats: () => portServer.stats(),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
  return result;
}

/** Requests of HTTP/1.1 are the events of `node:http`. */
function takeHttp1(server: HttpServer, app: FetchApp): void {
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    new Http1Call(app, request, response).start();
  };
  server.on("request", take);
  // 100 is said when somebody reads the body.
  server.on("checkContinue", (request, response) => server.emit("request", request, response));
}

function listening(server: HttpServer, port: number, hostname: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closeBy(signal: AbortSignal | undefined, server: FetchServer): void {
  if (signal === undefined) return;
  const close = (): void => {
    void server.close();
  };
  if (signal.aborted) close();
  signal.addEventListener("abort", close);
  server.node.once("close", () => signal.removeEventListener("abort", close));
}

const FAILED = "a request has failed";

/** A report that throws is reported itself, and goes no further. */
function guarded(report: FetchErrorReport): FetchErrorReport {
  const reportToConsole = reportTo(undefined, FAILED);
  return (error, request) => {
    try {
      report(error, request);
    } catch (other) {
      reportToConsole(error, null);
      reportToConsole(other, null);
    }
  };
}
