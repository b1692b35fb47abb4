/** Error codes of RST_STREAM and GOAWAY (RFC 9113 section 7). */
export const ErrorCode = {
  /** Nothing went wrong: a graceful end. */
  NO_ERROR: 0,
  /** A rule was broken, and no code below says more exactly which. */
  PROTOCOL_ERROR: 1,
  /** The sender of the code failed. */
  INTERNAL_ERROR: 2,
  /** More was sent than a window allowed, or a window grew too large. */
  FLOW_CONTROL_ERROR: 3,
  /** SETTINGS were not acknowledged in time. */
  SETTINGS_TIMEOUT: 4,
  /** A frame came for a stream that was over. */
  STREAM_CLOSED: 5,
  /** A frame was too long or too short. */
  FRAME_SIZE_ERROR: 6,
  /** Nothing was done for this stream; the request may be repeated. */
  REFUSED_STREAM: 7,
  /** The stream is not wanted any more. */
  CANCEL: 8,
  /** The HPACK state is lost. */
  COMPRESSION_ERROR: 9,
  /** The connection behind a CONNECT request broke. */
  CONNECT_ERROR: 10,
  /** The peer causes too much work. */
  ENHANCE_YOUR_CALM: 11,
  /** TLS is weaker than RFC 9113 section 9.2 wants it. */
  INADEQUATE_SECURITY: 12,
  /** The request should be repeated over HTTP/1.1. */
  HTTP_1_1_REQUIRED: 13,
} as const;

const NAMES = new Map<number, string>(Object.entries(ErrorCode).map(([name, code]) => [code, name]));

/** The name of an error code, such as `"PROTOCOL_ERROR"`; hexadecimal, such as `"0x1f"`, where there is none. */
export function errorCodeName(code: number): string {
  return NAMES.get(code) ?? `0x${code.toString(16)}`;
}

/** @throws RangeError when `code` does not fit into 32 bits */
export function checkErrorCode(code: number): void {
  if (code >= 0 && code <= 0xffffffff) return;
  throw new RangeError(`${code} is not an error code`);
}
