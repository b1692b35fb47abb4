import type { SettingEntry } from "../frames/settings.ts";

/**
 * Settings and frames that mean nothing, so that a peer that cannot ignore what it does not know is found out today
 * and not when there is a new extension (RFC 9113 section 5.5). The identifiers are those that
 * draft-bishop-httpbis-grease-00 reserves for this: 0x?a?a for settings, 0x0b + 0x1f * N for frames.
 */

/** A frame of a reserved type. */
export interface GreaseFrame {
  readonly type: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

const LONGEST_PAYLOAD = 7;

/** A reserved setting, with any value. */
export function greaseSetting(seed: number): SettingEntry {
  const bits = scrambled(seed, 0);
  return [0x0a0a | ((bits & 0xf) << 12) | (bits & 0xf0), scrambled(seed, 1)];
}

/** A reserved frame, with any flags and a few octets of anything. */
export function greaseFrame(seed: number): GreaseFrame {
  const bits = scrambled(seed, 2);
  const length = (bits >>> 16) % (LONGEST_PAYLOAD + 1);
  return {
    type: 0x0b + 0x1f * (bits & 0x7),
    flags: (bits >>> 8) & 0xff,
    payload: Uint8Array.from({ length }, (_, index) => scrambled(seed, 3 + index) & 0xff),
  };
}

/** 32 bits that hang on the seed and on `place`: the last step of MurmurHash3, which spreads each bit over all. */
function scrambled(seed: number, place: number): number {
  let bits = (seed + Math.imul(place, 0x9e3779b9)) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
