/** Frames as records `{ type, flags, streamId, payload, length }`, which can be pulled about before they are octets. */

export const TYPE = {
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
  ALTSVC: 10,
  ORIGIN: 12,
  PRIORITY_UPDATE: 16,
};
export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;
export const PADDED = 8;
export const PRIORITY = 32;

export const PREFACE = Uint8Array.from(Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));

/** A frame; `length` is what its header says, the length of the payload unless it is a lie. */
export function frame(type, flags, streamId, payload = []) {
  return { type, flags, streamId, payload: Uint8Array.from(payload), length: -1 };
}

export function octetsOf({ type, flags, streamId, payload, length }) {
  const told = length < 0 ? payload.length : length;
  const octets = new Uint8Array(9 + payload.length);
  octets.set([told >>> 16, told >>> 8, told, type, flags, ...uint32(streamId)]);
  octets.set(payload, 9);
  return octets;
}

export function uint32(value) {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

export function text(characters) {
  return Uint8Array.from(Buffer.from(characters, "latin1"));
}

export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
