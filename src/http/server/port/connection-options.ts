import type { H2Configuration } from "../../../connection/configuration.ts";
import { SettingId } from "../../../frames/setting-id.ts";
import type { ServerOptions } from "../server-options.ts";

const MAX_CONCURRENT_STREAMS = 100;
/** Octets that a client may send on one stream, and on all, before the application has read any. */
const STREAM_WINDOW = 262_144;
const CONNECTION_WINDOW = 1_048_576;
export const PREFACE_TIMEOUT = 10_000;

/**
 * What the options of a server mean for the engine.
 *
 * @param extendedConnect - whether clients may ask for WebSocket and the like (RFC 8441 section 3).
 */
export function connectionOptions(
  options: ServerOptions,
  extendedConnect: boolean,
): ConstructorParameters<typeof H2Configuration>[0] & object {
  return {
    clientSide: false,
    clock: () => performance.now(),
    sendDebugData: true,
    connectionWindowSize: CONNECTION_WINDOW,
    initialSettings: {
      [SettingId.MAX_CONCURRENT_STREAMS]: options.maxConcurrentStreams ?? MAX_CONCURRENT_STREAMS,
      [SettingId.INITIAL_WINDOW_SIZE]: STREAM_WINDOW,
      ...(extendedConnect ? { [SettingId.ENABLE_CONNECT_PROTOCOL]: 1 } : {}),
    },
    limits: options.limits ?? {},
    timeouts: {
      preface: (options.prefaceTimeout ?? PREFACE_TIMEOUT) || Number.POSITIVE_INFINITY,
      // How long an end may take is said when the server is told to end.
      drain: Number.POSITIVE_INFINITY,
      ...options.timeouts,
    },
  };
}
