import { maxHeaderSize as DEFAULT_MAX_HEADER_SIZE, type Server as HttpServer } from "node:http";
import type { Duplex } from "node:stream";
import { Server as TlsServer } from "node:tls";
import { H2Configuration } from "../../../connection/configuration.ts";
import { H2Connection } from "../../../connection/connection.ts";
import {
  type Negotiated,
  type NegotiateServerOptions,
  negotiateServer,
} from "../../../node/negotiate-server.ts";
import { NegotiationError } from "../../../node/negotiation-error.ts";
import { OneTimer } from "../../../node/one-timer.ts";
import type { ExchangeStyle } from "../connection/exchange.ts";
import { ServerConnection, type ServerConnectionOwner } from "../connection/server-connection.ts";
import type { ErrorReport } from "../messages/listener.ts";
import type { ConnectionRecord } from "../observe/records.ts";
import { ServerWatch } from "../observe/server-watch.ts";
import type { ServerOptions, ServerStats, ShutdownOptions } from "../server-options.ts";
import { Arrivals } from "./arrivals.ts";
import { connectionOptions, PREFACE_TIMEOUT } from "./connection-options.ts";
import { Http1Side } from "./http1-side.ts";
import { makeNodeServer, stopListening } from "./node-server.ts";
import { readProxyHeaders } from "./proxied-connections.ts";
import { TrustedProxies } from "./trusted-proxies.ts";

export const SHUTDOWN_DEADLINE = 30_000;
/**
 * Milliseconds, at the end, for a request on a connection that has none. HTTP/1.1 cannot say that it is not welcome any more
 * (RFC 9112 section 9.6), so the grace covers what is on its way when the server is told to end. It cannot cover what a client
 * sends at the very moment when it is over: a proxy that keeps connections for longer needs a longer one.
 */
export const IDLE_GRACE = 500;
/** Milliseconds, at the end, for handshakes of TLS: they take computing, and a server that restarts has many at once. */
const HANDSHAKE_GRACE = 5_000;

/** What is behind a server: it negotiates, hands each connection to its protocol, and drains. */
export class PortServer implements ServerConnectionOwner {
  /** The server of node that listens, and emits the requests. */
  readonly server: HttpServer;
  readonly open: ExchangeStyle;
  readonly watch: ServerWatch;
  readonly #options: ServerOptions;
  readonly #report: ErrorReport;
  /** Of connections without, and with, extended CONNECT. */
  readonly #configurations: readonly [H2Configuration, H2Configuration];
  readonly #http1: Http1Side;
  readonly #arrivals: Arrivals;
  readonly #connections: Set<ServerConnection>;
  #isClosing: boolean;
  #drained: Promise<void> | null;
  /** Is called when a connection has come to its protocol or its first request, or is gone. */
  #note: () => void;

  /**
   * @param style - makes the style in which requests of HTTP/2 are answered.
   * @throws TypeError, RangeError or InvalidSettingsValueError for options that have not their type or range.
   */
  constructor(options: ServerOptions, report: ErrorReport, style: (server: HttpServer) => ExchangeStyle) {
    this.#options = options;
    this.#report = report;
    this.watch = new ServerWatch(options.log ?? null);
    this.#configurations = [
      new H2Configuration(connectionOptions(options, false)),
      new H2Configuration(connectionOptions(options, true)),
    ];
    // InvalidSettingsValueError now, rather than at the first connection.
    new H2Connection(this.#configurations[0]);
    const node = makeNodeServer(
      options,
      (socket) => void this.#accept(socket),
      (response) => {
        this.#http1.count(response);
        this.#note();
      },
    );
    this.server = node.server;
    if (options.proxies?.proxyProtocol === true) {
      const { prefaceTimeout = PREFACE_TIMEOUT } = options;
      readProxyHeaders(this.server, new TrustedProxies(options.proxies.trusted), prefaceTimeout);
    }
    this.open = style(this.server);
    this.#http1 = new Http1Side(this.server, node.giveToHttp1, this.watch);
    this.#arrivals = new Arrivals();
    this.#connections = new Set();
    this.#isClosing = false;
    this.#drained = null;
    this.#note = () => {};
    this.server.on("listening", () => this.#reopen());
    this.server.prependListener("connection", (socket) => this.#arrive(socket));
  }

  stats(): ServerStats {
    let streams = 0;
    for (const connection of this.#connections) streams += connection.streams;
    return {
      connections: this.#open,
      http2Connections: this.#connections.size,
      http1Connections: this.#http1.connections,
      streams,
      http1Requests: this.#http1.requests,
      totals: this.watch.totals(),
    };
  }

  /** Begins to drain: connections end when their requests are done. */
  drain(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#arrivals.destroy();
    for (const connection of this.#connections) connection.shutdown();
    this.#http1.drain();
  }

  /** Accepts no more, drains when requests had time to come, and cuts off what is left at the deadline. */
  shutdown(options: ShutdownOptions): Promise<void> {
    this.#drained ??= this.#shutdown(options);
    return this.#drained;
  }

  asked(): void {
    this.#note();
  }

  closed(connection: ServerConnection): void {
    this.#connections.delete(connection);
    this.#note();
  }

  // ---------------------------------------------------------------------------------------------------------

  /** A server that was closed may listen again, as supertest does with it. */
  #reopen(): void {
    this.#isClosing = false;
    this.#drained = null;
    this.#http1.reopen();
  }

  /** A connection was accepted, in front of TLS if there is any. */
  #arrive(socket: Duplex): void {
    this.#arrivals.add(socket);
    socket.once("close", () => this.#leave(socket));
  }

  /** It has come to a protocol, or never will. */
  #leave(socket: Duplex): void {
    this.#arrivals.delete(socket);
    this.#note();
  }

  async #accept(socket: Duplex): Promise<void> {
    this.#arrivals.secure(socket);
    try {
      this.#serve(socket, await negotiateServer(socket, negotiationOptions(this.#options)));
    } catch (error) {
      // The client was told, where it can understand anything, and the socket is gone.
      if (error instanceof NegotiationError) return;
      socket.destroy();
      this.#report(error, null);
    } finally {
      this.#leave(socket);
    }
  }

  #serve(socket: Duplex, negotiated: Negotiated): void {
    if (this.#isClosing) {
      socket.destroy();
      return;
    }
    if (negotiated.protocol === "http/1.1") {
      this.#http1.take(socket, negotiated.octets);
      socket.on("close", () => this.#note());
      return;
    }
    const { prefaceTimeout = PREFACE_TIMEOUT } = this.#options;
    const record = this.watch.opened(socket, "h2", negotiated.how);
    const configuration = this.#configurationFor(record);
    const connection = new ServerConnection(this, record, negotiated.how, configuration, { prefaceTimeout });
    this.#connections.add(connection);
    connection.start(negotiated);
    if (this.#drained !== null) connection.shutdownBehindRequest();
  }

  /** Extended CONNECT is announced where somebody is there who may answer it. */
  #configurationFor(record: ConnectionRecord): H2Configuration {
    const { extendedConnect = this.server.listenerCount("upgrade") > 0 } = this.#options;
    const observer = this.watch.frameObserver(record, this.#options.observer?.(record.socket) ?? null);
    if (observer === null) return this.#configurations[extendedConnect ? 1 : 0];
    return new H2Configuration({ ...connectionOptions(this.#options, extendedConnect), observer });
  }

  async #shutdown({ deadline = SHUTDOWN_DEADLINE, idleGrace = IDLE_GRACE }: ShutdownOptions): Promise<void> {
    stopListening(this.server);
    const timer = new OneTimer();
    timer.arm(Math.max(1, deadline), () => this.#destroyAll());
    for (const connection of this.#connections) connection.shutdownBehindRequest();
    this.#http1.endBehindResponses();
    await this.#until(
      () => this.#arrivals.size === 0,
      this.server instanceof TlsServer ? HANDSHAKE_GRACE : idleGrace,
    );
    await this.#until(() => !this.#mayAsk, idleGrace);
    this.drain();
    await this.#until(() => this.#open === 0, Number.POSITIVE_INFINITY);
    timer.disarm();
  }

  /** Whether a connection is of HTTP/2 and has had no request, or of HTTP/1.1 and has none. */
  get #mayAsk(): boolean {
    if (this.#http1.connections > this.#http1.requests) return true;
    for (const connection of this.#connections) if (!connection.isUsed) return true;
    return false;
  }

  /** Waits until something is so, which changes when `#note` is called. @param longest - milliseconds. */
  #until(isSo: () => boolean, longest: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = new OneTimer();
      timer.arm(Math.max(1, longest), resolve);
      this.#note = () => {
        if (!isSo()) return;
        timer.disarm();
        resolve();
      };
      this.#note();
    });
  }

  #destroyAll(): void {
    this.#arrivals.destroy();
    for (const connection of this.#connections) connection.destroy();
    this.#http1.destroy();
  }

  get #open(): number {
    return this.#arrivals.size + this.#connections.size + this.#http1.connections;
  }
}

function negotiationOptions(options: ServerOptions): NegotiateServerOptions {
  const { upgrade = "ignore", http1 = true, prefaceTimeout = PREFACE_TIMEOUT, node = {} } = options;
  // 0 means the default, as with `node:http`.
  const maxHeadLength = node.maxHeaderSize || DEFAULT_MAX_HEADER_SIZE;
  return { upgrade, http1, maxHeadLength, timeout: prefaceTimeout };
}
