import { joined } from "../bytes/joined.ts";

/** A frame, put together octet by octet (RFC 9113 section 4.1). */
export function frameOctets(type: number, flags: number, streamId: number, payload: Uint8Array): Uint8Array {
  return joined([headerOctets(payload.length, type, flags, streamId), payload]);
}

/** The nine octets in front of a payload. */
export function headerOctets(length: number, type: number, flags: number, streamId: number): Uint8Array {
  return joined([uint32(length).subarray(1), Uint8Array.of(type, flags), uint32(streamId)]);
}

/** Text as octets, one a character. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

export function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
