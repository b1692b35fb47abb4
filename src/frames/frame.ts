import { latin1FromOctets } from "../bytes/latin1.ts";
import type { AltsvcFrame } from "./altsvc.ts";
import type { ContinuationFrame } from "./continuation.ts";
import type { DataFrame } from "./data.ts";
import { errorCodeName } from "./error-code.ts";
import { flagNames } from "./frame-flag.ts";
import { FrameType, frameTypeName } from "./frame-type.ts";
import type { GoawayFrame } from "./goaway.ts";
import type { HeadersFrame } from "./headers.ts";
import type { OriginFrame } from "./origin.ts";
import type { PingFrame } from "./ping.ts";
import type { PriorityFields, PriorityFrame } from "./priority.ts";
import type { PriorityUpdateFrame } from "./priority-update.ts";
import type { PushPromiseFrame } from "./push-promise.ts";
import type { RstStreamFrame } from "./rst-stream.ts";
import { settingName } from "./setting-id.ts";
import type { SettingsFrame } from "./settings.ts";
import type { UnknownFrame } from "./unknown.ts";
import type { WindowUpdateFrame } from "./window-update.ts";

/** Any frame. `type` tells which. */
export type Frame =
  | DataFrame
  | HeadersFrame
  | PriorityFrame
  | RstStreamFrame
  | SettingsFrame
  | PushPromiseFrame
  | PingFrame
  | GoawayFrame
  | WindowUpdateFrame
  | ContinuationFrame
  | AltsvcFrame
  | OriginFrame
  | PriorityUpdateFrame
  | UnknownFrame;

/**
 * The frame in one line of printable ASCII, such as `HEADERS stream=1 END_STREAM END_HEADERS length=13`: the
 * type, the stream unless it is 0 for every such frame, the flags, and what the frame says.
 */
export function describeFrame(frame: Frame): string {
  const name =
    frame.type === FrameType.UNKNOWN
      ? `UNKNOWN type=0x${frame.frameType.toString(16)}`
      : frameTypeName(frame.type);
  const words = [name];
  if (frame.streamId !== 0 || !ONLY_ON_STREAM_ZERO.has(frame.type)) words.push(`stream=${frame.streamId}`);
  words.push(...flagNames(frame.type, frame.flags), ...describePayload(frame));
  return words.join(" ");
}

const ONLY_ON_STREAM_ZERO: ReadonlySet<number> = new Set([
  FrameType.SETTINGS,
  FrameType.PING,
  FrameType.GOAWAY,
  FrameType.ORIGIN,
  FrameType.PRIORITY_UPDATE,
]);

function describePayload(frame: Frame): string[] {
  switch (frame.type) {
    case FrameType.DATA:
    case FrameType.CONTINUATION:
    case FrameType.UNKNOWN:
      return [`length=${frame.length}`];
    case FrameType.HEADERS:
      return [...(frame.priority === null ? [] : describePriority(frame.priority)), `length=${frame.length}`];
    case FrameType.PRIORITY:
      return describePriority(frame.priority);
    case FrameType.RST_STREAM:
      return [`error=${errorCodeName(frame.errorCode)}`];
    case FrameType.SETTINGS:
      return frame.settings.map(([id, value]) => `${settingName(id)}=${value}`);
    case FrameType.PUSH_PROMISE:
      return [`promised=${frame.promisedStreamId}`, `length=${frame.length}`];
    case FrameType.PING:
      return [`data=${hexadecimal(frame.data)}`];
    case FrameType.GOAWAY:
      return describeGoaway(frame);
    case FrameType.WINDOW_UPDATE:
      return [`increment=${frame.increment}`];
    case FrameType.ALTSVC:
      return [`origin=${quoted(frame.origin)}`, `value=${quoted(frame.fieldValue)}`];
    case FrameType.ORIGIN:
      return frame.origins.map(quoted);
    case FrameType.PRIORITY_UPDATE:
      return [`prioritized=${frame.prioritizedStreamId}`, `value=${quoted(frame.fieldValue)}`];
  }
}

function describePriority({ dependsOn, weight, exclusive }: PriorityFields): string[] {
  return [`dependsOn=${dependsOn}`, `weight=${weight}`, ...(exclusive ? ["exclusive"] : [])];
}

function describeGoaway({ lastStreamId, errorCode, debugData }: GoawayFrame): string[] {
  const words = [`last=${lastStreamId}`, `error=${errorCodeName(errorCode)}`];
  if (debugData.length > 0) words.push(`debug=${quoted(latin1FromOctets(debugData, 0, debugData.length))}`);
  return words;
}

/** The peer's text must not be able to end the line or to steer a terminal. */
function quoted(text: string): string {
  let escaped = "";
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22 || code === 0x5c) escaped += `\\${text[index]}`;
    else if (code >= 0x20 && code < 0x7f) escaped += text[index];
    else escaped += `\\x${code.toString(16).padStart(2, "0")}`;
  }
  return `"${escaped}"`;
}

function hexadecimal(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}
