import { errorCodeName, type H2Event, settingName } from "../../src/index.ts";
import { fieldText, text } from "./wire.ts";

/**
 * Events in one line each, such as
 *
 *     RequestReceived stream=1 :method=GET :scheme=https :authority=example.com :path=/
 *     DataReceived stream=1 "hello" takes=9
 *     StreamReset stream=1 CANCEL remote
 *
 * Where a field of an event is the point of a case, the case looks at the event itself.
 */
export function told(events: readonly H2Event[]): string[] {
  return events.map((event) => [event.type, ...details(event)].join(" "));
}

function details(event: H2Event): string[] {
  switch (event.type) {
    case "RequestReceived":
    case "ResponseReceived":
    case "TrailersReceived":
    case "InformationalResponseReceived":
      return [`stream=${event.streamId}`, ...event.headers.map(fieldText)];
    case "DataReceived":
      return [`stream=${event.streamId}`, ...body(event.data, event.flowControlledLength)];
    case "WindowUpdated":
      return [`stream=${event.streamId}`, `+${event.delta}`];
    case "RemoteSettingsChanged":
    case "SettingsAcknowledged":
      return Array.from(
        event.changedSettings.values(),
        ({ setting, newValue }) => `${settingName(setting)}=${newValue}`,
      );
    case "PingReceived":
    case "PingAckReceived":
      return [text(event.pingData)];
    case "StreamEnded":
    case "StreamDrained":
      return [`stream=${event.streamId}`];
    case "StreamReset":
      return [
        `stream=${event.streamId}`,
        errorCodeName(event.errorCode),
        event.remoteReset ? "remote" : "local",
        ...(event.isUnprocessed ? ["unprocessed"] : []),
      ];
    case "PushedStreamReceived":
      return [
        `stream=${event.pushedStreamId}`,
        `on=${event.parentStreamId}`,
        ...event.headers.map(fieldText),
      ];
    case "PriorityUpdated":
      return [
        `stream=${event.streamId}`,
        `weight=${event.weight}`,
        `dependsOn=${event.dependsOn}`,
        ...(event.exclusive ? ["exclusive"] : []),
      ];
    case "PriorityUpdateReceived":
      return [
        `stream=${event.streamId}`,
        `urgency=${event.urgency}`,
        ...(event.isIncremental ? ["incremental"] : []),
      ];
    case "AlternativeServiceAvailable":
      return [event.origin, event.fieldValue];
    case "OriginReceived":
      return [...event.origins];
    case "UnknownFrameReceived":
      return [`0x${event.frame.frameType.toString(16)}`, `stream=${event.frame.streamId}`];
    case "ConnectionTerminated":
      return [
        event.initiator,
        errorCodeName(event.errorCode),
        `last=${event.lastStreamId}`,
        ...(event.unprocessedStreamIds.length > 0 ? [`unprocessed=${event.unprocessedStreamIds}`] : []),
      ];
  }
}

function body(data: Uint8Array, taken: number): string[] {
  const shown = data.length <= 40 ? JSON.stringify(text(data)) : `${data.length} octets`;
  return taken === data.length ? [shown] : [shown, `takes=${taken}`];
}
