/**
 * The HTTP/2 frame codec: octets to frames by `FrameReader`, frames to octets by the writers, which append to a
 * `ChunkWriter`. It knows neither streams nor HPACK and needs nothing else of this package.
 *
 * @module
 */
export { ChunkWriter } from "../bytes/chunk-writer.ts";
export { type AltsvcFrame, writeAltsvc } from "./altsvc.ts";
export { type ContinuationFrame, endFieldBlock, writeContinuation } from "./continuation.ts";
export { type DataFrame, writeData } from "./data.ts";
export { ErrorCode, errorCodeName } from "./error-code.ts";
export { ConnectionFault, StreamFault } from "./fault.ts";
export { describeFrame, type Frame } from "./frame.ts";
export { FrameFlag, flagNames } from "./frame-flag.ts";
export type { FrameHeader } from "./frame-header.ts";
export { FrameReader } from "./frame-reader.ts";
export { FrameType, frameTypeName } from "./frame-type.ts";
export { type GoawayFrame, writeGoaway } from "./goaway.ts";
export { beginHeaders, type HeadersFrame } from "./headers.ts";
export {
  DEFAULT_HEADER_TABLE_SIZE,
  DEFAULT_MAX_FRAME_SIZE,
  DEFAULT_WINDOW_SIZE,
  FRAME_HEADER_LENGTH,
  LARGEST_MAX_FRAME_SIZE,
  LARGEST_SETTING_VALUE,
  LARGEST_STREAM_ID,
  LARGEST_WINDOW_SIZE,
} from "./limits.ts";
export { type OriginFrame, writeOrigin } from "./origin.ts";
export { type PingFrame, writePing } from "./ping.ts";
export { CLIENT_PREFACE, matchPreface, type PrefaceMatch, writePreface } from "./preface.ts";
export { type PriorityFields, type PriorityFrame, writePriority } from "./priority.ts";
export { type PriorityUpdateFrame, writePriorityUpdate } from "./priority-update.ts";
export { beginPushPromise, type PushPromiseFrame } from "./push-promise.ts";
export { type RstStreamFrame, writeRstStream } from "./rst-stream.ts";
export { SettingId, type SettingRule, settingFault, settingName, settingRule } from "./setting-id.ts";
export {
  parseSettingsPayload,
  type SettingEntry,
  type SettingsFrame,
  writeSettings,
  writeSettingsAck,
  writeSettingsPayload,
} from "./settings.ts";
export { type UnknownFrame, writeFrame } from "./unknown.ts";
export { type WindowUpdateFrame, writeWindowUpdate } from "./window-update.ts";
