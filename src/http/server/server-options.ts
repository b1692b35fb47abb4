import type { Server as HttpServer, ServerOptions as HttpServerOptions } from "node:http";
import type { Duplex } from "node:stream";
import type { TlsOptions } from "node:tls";
import type { FrameObserver } from "../../connection/configuration.ts";
import type { Limits, Timeouts } from "../../connection/limits.ts";
import type { UpgradePolicy } from "../../node/negotiate-server.ts";
import type { ErrorReport } from "./messages/listener.ts";
import type { Log } from "./observe/log.ts";
import type { ServerTotals } from "./observe/totals.ts";

/** Options of `node:tls`; `key` and `cert`, or what replaces them, are among them. */
export type ServerTlsOptions = TlsOptions;

/**
 * Options of `http.createServer`, such as `maxHeaderSize` and `keepAliveTimeout`. They are for HTTP/1.1, but:
 * - `noDelay`, `keepAlive`, `keepAliveInitialDelay` and `highWaterMark` are of the socket of every connection;
 * - `joinDuplicateHeaders` and `rejectNonStandardBodyWrites` hold for the messages of HTTP/2 too.
 *
 * The classes of the messages are ours.
 */
export type NodeServerOptions = Omit<HttpServerOptions, "IncomingMessage" | "ServerResponse">;

export interface ProxyOptions {
  /** Their addresses, and networks such as "10.0.0.0/8". What comes from elsewhere is never believed. */
  readonly trusted: readonly string[];
  /**
   * Whether each of their connections begins with a header of the PROXY protocol, version 1 or 2: false unless given. A
   * connection of theirs that does not is dropped.
   */
  readonly proxyProtocol?: boolean;
  /**
   * Whether `serve` believes their X-Forwarded-For, -Proto and -Host, for the URL of the request and `remoteAddress` of its
   * info: false unless given. Applications in the style of `node:http` have options of their own for that.
   */
  readonly forwarded?: boolean;
}

export interface ServerOptions {
  /**
   * The port speaks TLS, with these options of `node:tls`, `key` and `cert` among them, or with a certificate for
   * localhost that is made for the occasion. Cleartext unless given.
   */
  readonly tls?: ServerTlsOptions | "self-signed";
  /** Options of `node:http`, for HTTP/1.1: its own defaults unless given. */
  readonly node?: NodeServerOptions;
  /** Whether HTTP/1.1 is served too: true unless given. */
  readonly http1?: boolean;
  /** What a request for h2c by Upgrade gets: "ignore" unless given. */
  readonly upgrade?: UpgradePolicy;
  /**
   * Whether clients of HTTP/2 are told that they may ask for WebSocket and other protocols on a stream (RFC 8441). Unless
   * given: those who connect while the server has a listener for "upgrade".
   */
  readonly extendedConnect?: boolean;
  /** The load balancers and proxies in front, and what is believed of what they say: nothing unless given. */
  readonly proxies?: ProxyOptions;
  /** Streams that a client may have open at once: 100 unless given. */
  readonly maxConcurrentStreams?: number;
  /** Limits against abuse that differ from `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Limits>;
  /**
   * Timeouts of HTTP/2 that differ from `DEFAULT_TIMEOUTS`, in milliseconds. `drain` is Infinity unless given: the deadline
   * of `shutdown` counts.
   */
  readonly timeouts?: Partial<Timeouts>;
  /** Milliseconds for the negotiation, and then for the client's preface: 10,000 unless given, 0 or Infinity for ever. */
  readonly prefaceTimeout?: number;
  /** Takes what happens, as objects with a sentence: nothing is logged unless given. */
  readonly log?: Log;
  /** Makes what sees each frame of a connection of HTTP/2; null for a connection that nobody looks at. */
  readonly observer?: (socket: Duplex) => FrameObserver | null;
  /** Takes what the listener throws, or its promise is rejected with. Unless given it goes to `log`, or the console. */
  readonly onError?: ErrorReport;
}

/** How long a graceful end may take. */
export interface ShutdownOptions {
  /** Milliseconds until what is left is cut off: 30,000 unless given, Infinity for never. */
  readonly deadline?: number;
  /**
   * Milliseconds for a request to come on connections that are new, or of HTTP/1.1 and idle: 500 unless given. Behind a proxy
   * that keeps connections idle, more than it keeps them: then none ends while a request is on its way.
   */
  readonly idleGrace?: number;
}

/** What a server has to do at the moment. */
export interface ServerStats {
  /** Open connections, those that negotiate, or are in the handshake of TLS, included. */
  readonly connections: number;
  /** Those of them that speak HTTP/2, and HTTP/1.1. */
  readonly http2Connections: number;
  readonly http1Connections: number;
  /** Requests of HTTP/2 under way, each on its stream, and of HTTP/1.1. */
  readonly streams: number;
  readonly http1Requests: number;
  /** What was done since the server was made. */
  readonly totals: ServerTotals;
}

/** A genuine server of `node:http`, or with TLS of `node:https`, which speaks HTTP/2 too. */
export interface Server extends HttpServer {
  /** The origin, such as "http://127.0.0.1:8080". Empty while it does not listen. */
  readonly url: string;
  /** 0 while it does not listen. */
  readonly port: number;
  stats(): ServerStats;
  /**
   * Accepts no more connections and ends each one, of HTTP/2 too, when its requests are done; as with `node:http` the
   * callback is called when all are gone, however long that takes.
   */
  close(callback?: (error?: Error) => void): this;
  /**
   * Ends gracefully: accepts no more connections, finishes the requests that are there and on their way, and ends
   * every connection when its requests are done. Handshakes of TLS that are under way have up to five seconds.
   */
  shutdown(options?: ShutdownOptions): Promise<void>;
  /** The same as `shutdown()`. */
  [Symbol.asyncDispose](): Promise<void>;
}
