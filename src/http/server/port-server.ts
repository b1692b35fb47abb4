import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { H2Configuration } from "../../connection/configuration.ts";
import { H2Connection } from "../../connection/connection.ts";
import { SettingId } from "../../frames/setting-id.ts";
import {
  type Negotiated,
  type NegotiateServerOptions,
  negotiateServer,
} from "../../node/negotiate-server.ts";
import { NegotiationError } from "../../node/negotiation-error.ts";
import { Acceptor } from "./acceptor.ts";
import { Http1Side } from "./http1-side.ts";
import { type ErrorReport, guarded, type Listener } from "./listener.ts";
import { ServerConnection, type ServerConnectionOwner } from "./server-connection.ts";
import type { Server, ServerOptions, ServerStats } from "./server-options.ts";

const MAX_CONCURRENT_STREAMS = 100;
/** Octets that a client may send on one stream, and on all, before the application has read any. */
const STREAM_WINDOW = 262_144;
const CONNECTION_WINDOW = 1_048_576;
const PREFACE_TIMEOUT = 10_000;
const DRAIN_TIMEOUT = 30_000;

/** The server behind `createServer`: accepts, negotiates, hands each connection to its protocol, and drains. */
export class PortServer implements Server, ServerConnectionOwner {
  readonly #options: ServerOptions;
  readonly #report: ErrorReport;
  readonly #configuration: H2Configuration;
  readonly #acceptor: Acceptor;
  readonly #http1: Http1Side;
  readonly #negotiating: Set<Duplex>;
  readonly #connections: Set<ServerConnection>;
  #closing: Promise<void> | null;
  /** Is called when a connection is gone. */
  #noteGone: () => void;

  constructor(options: ServerOptions, listener: Listener) {
    this.#options = options;
    this.#report = options.onError ?? reportToConsole;
    this.#configuration = new H2Configuration(connectionOptions(options));
    checkSettings(this.#configuration);
    const accept = (socket: Duplex): void => void this.#accept(socket);
    this.#acceptor = new Acceptor(options.tls ?? null, options.http1 !== false, accept);
    this.#http1 = new Http1Side(guarded(listener, this.#report), () => this.#noteGone());
    this.#negotiating = new Set();
    this.#connections = new Set();
    this.#closing = null;
    this.#noteGone = () => {};
  }

  get url(): string {
    return this.#acceptor.url;
  }

  get port(): number {
    return this.#acceptor.port;
  }

  async listen(port: number = 0, host: string = "127.0.0.1"): Promise<Server> {
    await this.#acceptor.listen(port, host);
    return this;
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
    };
  }

  close(options: { deadline?: number } = {}): Promise<void> {
    this.#closing ??= this.#drain(options.deadline ?? DRAIN_TIMEOUT);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // -- What connections ask ---------------------------------------------------------------------------------

  get dispatcher(): HttpServer {
    return this.#http1.server;
  }

  report(error: unknown, request: IncomingMessage | null): void {
    this.#report(error, request);
  }

  closed(connection: ServerConnection): void {
    this.#connections.delete(connection);
    this.#noteGone();
  }

  // ---------------------------------------------------------------------------------------------------------

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
    if (this.#closing !== null) {
      socket.destroy();
      return;
    }
    if (negotiated.protocol === "http/1.1") {
      this.#http1.take(socket, negotiated.octets);
      return;
    }
    const observer = this.#options.observer?.(socket) ?? null;
    const configuration =
      observer === null
        ? this.#configuration
        : new H2Configuration({ ...connectionOptions(this.#options), observer });
    const { prefaceTimeout = PREFACE_TIMEOUT } = this.#options;
    const connection = new ServerConnection(this, socket, negotiated.how, configuration, { prefaceTimeout });
    this.#connections.add(connection);
    connection.start(negotiated);
  }

  async #drain(deadline: number): Promise<void> {
    this.#acceptor.close();
    for (const socket of this.#negotiating) socket.destroy();
    for (const connection of this.#connections) connection.shutdown();
    this.#http1.drain();
    const timer = setTimeout(() => this.#destroyAll(), deadline);
    await new Promise<void>((resolve) => {
      this.#noteGone = () => {
        if (this.#open === 0) resolve();
      };
      this.#noteGone();
    });
    clearTimeout(timer);
  }

  #destroyAll(): void {
    for (const connection of this.#connections) connection.destroy();
    this.#http1.destroy();
  }

  get #open(): number {
    return this.#negotiating.size + this.#connections.size + this.#http1.connections;
  }
}

function connectionOptions(
  options: ServerOptions,
): ConstructorParameters<typeof H2Configuration>[0] & object {
  return {
    clientSide: false,
    clock: () => performance.now(),
    sendDebugData: true,
    connectionWindowSize: CONNECTION_WINDOW,
    initialSettings: {
      [SettingId.MAX_CONCURRENT_STREAMS]: options.maxConcurrentStreams ?? MAX_CONCURRENT_STREAMS,
      [SettingId.INITIAL_WINDOW_SIZE]: STREAM_WINDOW,
    },
    limits: options.limits ?? {},
    timeouts: {
      preface: (options.prefaceTimeout ?? PREFACE_TIMEOUT) || Number.POSITIVE_INFINITY,
      ...options.timeouts,
    },
  };
}

/** @throws InvalidSettingsValueError now, rather than at the first connection. */
function checkSettings(configuration: H2Configuration): void {
  new H2Connection(configuration);
}

function negotiationOptions(options: ServerOptions): NegotiateServerOptions {
  const { upgrade = "ignore", http1 = true, prefaceTimeout = PREFACE_TIMEOUT } = options;
  return { upgrade, http1, timeout: prefaceTimeout };
}

function reportToConsole(error: unknown): void {
  console.error("h2wire: a listener has thrown:", error);
}
