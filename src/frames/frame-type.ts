/** Frame types (RFC 9113 section 6, RFC 7838 section 4, RFC 8336 section 2, RFC 9218 section 7.1). */
export const FrameType = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
  ALTSVC: 0xa,
  ORIGIN: 0xc,
  PRIORITY_UPDATE: 0x10,
  /** Never on the wire, where a type is one octet: the `type` of every frame that is none of the above. */
  UNKNOWN: 0x100,
} as const;

const NAMES = new Map<number, string>(Object.entries(FrameType).map(([name, type]) => [type, name]));

/** The name of a frame type, such as `"HEADERS"`; hexadecimal, such as `"0xfa"`, where there is none. */
export function frameTypeName(type: number): string {
  return NAMES.get(type) ?? `0x${type.toString(16)}`;
}
