/**
 * The HTTP/2 protocol engine: octets in, events out, octets to send. It needs nothing of a platform.
 *
 * @module
 */
export {
  type FrameObserver,
  H2Configuration,
  type H2Options,
  type Logger,
} from "./connection/configuration.ts";
export { H2Connection } from "./connection/connection.ts";
export {
  DenialOfServiceError,
  FlowControlError,
  FrameDataMissingError,
  FrameTooLargeError,
  H2Error,
  InvalidBodyLengthError,
  InvalidSettingsValueError,
  NoAvailableStreamIDError,
  NoSuchStreamError,
  type PeerError,
  ProtocolError,
  RFC1122Error,
  StreamClosedError,
  StreamIDTooLowError,
  TooManyStreamsError,
  UnsupportedFrameError,
} from "./connection/errors.ts";
export type * from "./connection/events.ts";
export {
  type Budget,
  DEFAULT_LIMITS,
  DEFAULT_TIMEOUTS,
  type Limits,
  type Timeouts,
} from "./connection/limits.ts";
export type { SendDataOptions } from "./connection/outbound-body.ts";
export type { SendHeadersOptions } from "./connection/outbound-head.ts";
export { type ChangedSetting, Settings, type SettingsInput } from "./connection/settings.ts";
export type { HeaderInput } from "./fields/normalize.ts";
export { type Priority, parsePriority, serializePriority } from "./fields/priority.ts";
export { ErrorCode as ErrorCodes, errorCodeName } from "./frames/error-code.ts";
export { describeFrame, type Frame } from "./frames/frame.ts";
export { SettingId as SettingCodes, settingName } from "./frames/setting-id.ts";
export type { UnknownFrame } from "./frames/unknown.ts";
export { HeaderField } from "./hpack/header-field.ts";
