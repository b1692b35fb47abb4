import type { Server as HttpServer } from "node:http";
import type { Duplex } from "node:stream";
import { H2Configuration } from "../../../connection/configuration.ts";
import { H2Connection } from "../../../connection/connection.ts";
import {
  type Negotiated,
  type NegotiateServerOptions,
  negotiateServer,
} from "../../../node/negotiate-server.ts";
import { NegotiationError } from "../../../node/negotiation-error.ts";
import type { ExchangeStyle } from "../connection/exchange.ts";
import { ServerConnection, type ServerConnectionOwner } from "../connection/server-connection.ts";
import type { ErrorReport } from "../messages/listener.ts";
import type { ConnectionRecord } from "../observe/records.ts";
import { ServerWatch } from "../observe/server-watch.ts";
import type { ServerOptions, ServerStats } from "../server-options.ts";
import { connectionOptions, PREFACE_TIMEOUT } from "./connection-options.ts";
import { Http1Side } from "./http1-side.ts";
import { makeNodeServer } from "./node-server.ts";
import { readProxyHeaders } from "./proxied-connections.ts";
import { TrustedProxies } from "./trusted-proxies.ts";

const DRAIN_TIMEOUT = 30_000;
/** Milliseconds for requests that are on their way where nothing, not even a GOAWAY, tells a client that they are not welcome. */
const ARRIVAL_TIMEOUT = 500;

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
  readonly #negotiating: Set<Duplex>;
  readonly #connections: Set<ServerConnection>;
  #isClosing: boolean;
  #drained: Promise<void> | null;
  /** Is called when a connection is gone. */
  #noteGone: () => void;

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
      options.tls ?? null,
      options.http1 !== false,
      (socket) => void this.#accept(socket),
      (response) => this.#http1.count(response),
    );
    this.server = node.server;
    if (options.proxies?.proxyProtocol === true) {
      const { prefaceTimeout = PREFACE_TIMEOUT } = options;
      readProxyHeaders(this.server, new TrustedProxies(options.proxies.trusted), prefaceTimeout);
    }
    this.open = style(this.server);
    this.#http1 = new Http1Side(this.server, node.giveToHttp1, this.watch);
    this.#negotiating = new Set();
    this.#connections = new Set();
    this.#isClosing = false;
    this.#drained = null;
    this.#noteGone = () => {};
    this.server.on("listening", () => this.#reopen());
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
    for (const socket of this.#negotiating) socket.destroy();
    for (const connection of this.#connections) connection.shutdown();
    this.#http1.drain();
  }

  /** Drains when requests had time to come, and cuts off what is left at the deadline. @param stop - makes the server accept no more. */
  shutdown(stop: () => void, deadline: number = DRAIN_TIMEOUT): Promise<void> {
    this.#drained ??= this.#shutdown(stop, deadline);
    return this.#drained;
  }

  closed(connection: ServerConnection): void {
    this.#connections.delete(connection);
    this.#noteGone();
  }

  // ---------------------------------------------------------------------------------------------------------

  /** A server that was closed may listen again, as supertest does with it. */
  #reopen(): void {
    this.#isClosing = false;
    this.#drained = null;
    this.#http1.reopen();
  }

  async #accept(socket: Duplex): Promise<void> {
    this.#negotiating.add(socket);
    try {
      this.#serve(socket, await negotiateServer(socket, negotiationOptions(this.#options)));
    } catch (error) {
      // The client was told, where it can understand anything, and the socket is gone.
      if (error instanceof NegotiationError) return;
      socket.destroy();
      this.#report(error, null);
    } finally {
      this.#negotiating.delete(socket);
      this.#noteGone();
    }
  }

  #serve(socket: Duplex, negotiated: Negotiated): void {
    if (this.#isClosing) {
      socket.destroy();
      return;
    }
    if (negotiated.protocol === "http/1.1") {
      this.#http1.take(socket, negotiated.octets);
      socket.on("close", () => this.#noteGone());
      return;
    }
    const { prefaceTimeout = PREFACE_TIMEOUT } = this.#options;
    const record = this.watch.opened(socket, "h2", negotiated.how);
    const configuration = this.#configurationFor(record);
    const connection = new ServerConnection(this, record, negotiated.how, configuration, { prefaceTimeout });
    this.#connections.add(connection);
    connection.start(negotiated);
  }

  /** Extended CONNECT is announced where somebody is there who may answer it. */
  #configurationFor(record: ConnectionRecord): H2Configuration {
    const { extendedConnect = this.server.listenerCount("upgrade") > 0 } = this.#options;
    const observer = this.watch.frameObserver(record, this.#options.observer?.(record.socket) ?? null);
    if (observer === null) return this.#configurations[extendedConnect ? 1 : 0];
    return new H2Configuration({ ...connectionOptions(this.#options, extendedConnect), observer });
  }

  async #shutdown(stop: () => void, deadline: number): Promise<void> {
    stop();
    const timer = setTimeout(() => this.#destroyAll(), deadline);
    for (const connection of this.#connections) connection.shutdown();
    this.#http1.endBehindResponses();
    await this.#until(() => !this.#mayReceive, Math.min(deadline, ARRIVAL_TIMEOUT));
    this.drain();
    await this.#until(() => this.#open === 0, null);
    clearTimeout(timer);
  }

  /** Whether a connection has no protocol yet, or is one of HTTP/1.1 without a request. */
  get #mayReceive(): boolean {
    return this.#negotiating.size > 0 || this.#http1.connections > this.#http1.requests;
  }

  /** Waits until something is so, which changes when a connection has gone. @param longest - milliseconds. */
  #until(isSo: () => boolean, longest: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = longest === null ? undefined : setTimeout(resolve, longest);
      this.#noteGone = () => {
        if (!isSo()) return;
        clearTimeout(timer);
        resolve();
      };
      this.#noteGone();
    });
  }

  #destroyAll(): void {
    for (const connection of this.#connections) connection.destroy();
    this.#http1.destroy();
  }

  get #open(): number {
    return this.#negotiating.size + this.#connections.size + this.#http1.connections;
  }
}

function negotiationOptions(options: ServerOptions): NegotiateServerOptions {
  const { upgrade = "ignore", http1 = true, prefaceTimeout = PREFACE_TIMEOUT } = options;
  return { upgrade, http1, timeout: prefaceTimeout };
}
