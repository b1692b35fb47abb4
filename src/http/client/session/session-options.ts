import type { FrameObserver } from "../../../connection/configuration.ts";
import type { RequestTimeouts } from "./client-session.ts";

/** In milliseconds; 0 or Infinity for ever. */
export interface ClientTimeouts extends RequestTimeouts {
  /** Until a connection is there, the proxy's tunnel and TLS included, and again for the server's preface: 10,000 unless given. */
  readonly connect: number;
}

export const DEFAULT_TIMEOUTS: ClientTimeouts = { connect: 10_000, headers: 300_000, body: 300_000 };

/** Signs of life that a server of HTTP/2 is asked for by PING (RFC 9113 section 6.7). */
export interface KeepAlive {
  /**
   * Milliseconds without an octet from the server, while requests are under way, after which it is asked. Infinity unless
   * given, because servers of gRPC end connections whose clients ask often. A connection that was idle for five seconds is
   * asked together with its next request all the same.
   */
  readonly interval: number;
  /** Milliseconds for the answer; without it the connection is given up as "UNRESPONSIVE": 10,000 unless given. */
  readonly timeout: number;
}

export const DEFAULT_KEEP_ALIVE: KeepAlive = { interval: Number.POSITIVE_INFINITY, timeout: 10_000 };

/** How much a server may send that nobody has read yet, in octets. */
export interface ReceiveMemory {
  /** On one connection, 65,535 to 2^31 - 1: 67,108,864 unless given. It bounds how many requests are under way on it. */
  readonly connection: number;
  /** On one stream, to which its window grows as far as the path can use it: 16,777,216 unless given. */
  readonly stream: number;
}

export const DEFAULT_MEMORY: ReceiveMemory = { connection: 67_108_864, stream: 16_777_216 };

/** How a session of HTTP/2 behaves. */
export interface SessionOptions {
  readonly timeouts: ClientTimeouts;
  readonly keepAlive: KeepAlive;
  readonly memory: ReceiveMemory;
  readonly observer: FrameObserver | null;
}
