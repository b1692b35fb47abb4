import type { Duplex } from "node:stream";

/** A connection, as the log and `diagnostics_channel` tell of it. */
export interface ConnectionRecord {
  /** Counts from 1 in each server. */
  readonly id: number;
  readonly protocol: "h2" | "http/1.1";
  /** How the two sides came to speak it: "http/1.1" where nothing was negotiated. */
  readonly negotiated: "alpn" | "upgrade" | "prior-knowledge" | "http/1.1";
  readonly remoteAddress: string | null;
  readonly remotePort: number | null;
  /** Milliseconds of `performance.now()`. */
  readonly openedAt: number;
  /** Requests so far. */
  requests: number;
  readonly socket: Duplex;
}

/** A request and its response, as the log and `diagnostics_channel` tell of them. */
export interface StreamRecord {
  /** The stream of HTTP/2, or null. */
  readonly streamId: number | null;
  readonly method: string;
  readonly path: string;
  /** Milliseconds of `performance.now()`. */
  readonly openedAt: number;
  /** Of the final response; 0 while there is none. */
  status: number;
  /** Octets of the response's body that were sent or wait. */
  octets: number;
  /** Whether it ended before its time; known when it is over. */
  isAborted: boolean;
}

/** A request that has just arrived. */
export function recordOf(streamId: number | null, method: string, path: string): StreamRecord {
  return {
    streamId,
    method,
    path,
    openedAt: performance.now(),
    status: 0,
    octets: 0,
    isAborted: false,
  };
}
