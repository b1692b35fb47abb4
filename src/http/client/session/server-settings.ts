import type { Settings } from "../../../connection/settings.ts";
import type { ServerSettings } from "./client-session.ts";

/** What the server's settings say. */
export function serverSettings(settings: Settings): ServerSettings {
  return {
    maxConcurrentStreams: settings.maxConcurrentStreams,
    initialWindowSize: settings.initialWindowSize,
    maxFrameSize: settings.maxFrameSize,
    maxHeaderListSize: settings.maxHeaderListSize ?? Number.POSITIVE_INFINITY,
    enableConnectProtocol: settings.enableConnectProtocol === 1,
  };
}
