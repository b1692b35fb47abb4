import type { ConnectionOptions } from "node:tls";
import type { FrameObserver } from "../../connection/configuration.ts";
import type { Negotiation } from "./opening/negotiation.ts";
import {
  type ClientTimeouts,
  DEFAULT_KEEP_ALIVE,
  DEFAULT_MEMORY,
  DEFAULT_TIMEOUTS,
  type KeepAlive,
  type ReceiveMemory,
  type SessionOptions,
} from "./session/session-options.ts";

/** What is the same for a session held by hand and for a client. */
export interface CommonOptions {
  /** "auto" unless given. */
  readonly negotiation?: Negotiation;
  /** Options of `node:tls`, such as `ca`, `rejectUnauthorized` or `servername`. */
  readonly tls?: ConnectionOptions;
  /** In milliseconds; 0 or Infinity for ever. */
  readonly timeouts?: Partial<ClientTimeouts>;
  readonly keepAlive?: Partial<KeepAlive>;
  readonly memory?: Partial<ReceiveMemory>;
  /** Sees each frame of HTTP/2. */
  readonly observer?: FrameObserver;
}

/** `CommonOptions` with every default filled in. */
export interface ResolvedOptions extends SessionOptions {
  readonly negotiation: Negotiation;
  readonly tls: ConnectionOptions;
}

/** Fills in every default. What is out of range is refused where it is used. */
export function resolveOptions(options: CommonOptions): ResolvedOptions {
  return {
    negotiation: options.negotiation ?? "auto",
    tls: options.tls ?? {},
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    keepAlive: { ...DEFAULT_KEEP_ALIVE, ...options.keepAlive },
    memory: { ...DEFAULT_MEMORY, ...options.memory },
    observer: options.observer ?? null,
  };
}
