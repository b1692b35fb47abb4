import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { ErrorCode } from "./error-code.ts";
import { ConnectionFault, tooShortFault } from "./fault.ts";
import { FrameFlag } from "./frame-flag.ts";

/**
 * Padding of DATA, HEADERS and PUSH_PROMISE: one octet at the start of the payload says how many octets at its
 * end mean nothing (RFC 9113 section 6.1). This file is the only one that knows the arithmetic.
 */

/** Where the content begins: behind the pad length octet, if there is one. */
export function contentStart(start: number, flags: number): number {
  return (flags & FrameFlag.PADDED) === 0 ? start : start + 1;
}

/**
 * Where the content ends and the padding begins, for a payload from `start` up to `end` whose content begins
 * with `fixedLength` octets that must be there.
 *
 * Padding may be all that follows the fixed octets, but may not reach into them. What the padding octets are
 * is not looked at, as the RFC allows.
 */
export function contentEnd(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  fixedLength: number,
  frame: string,
  section: string,
): number {
  const fixedEnd = contentStart(start, flags) + fixedLength;
  if (fixedEnd > end) throw tooShortFault(frame, fixedEnd - start, end - start);
  if ((flags & FrameFlag.PADDED) === 0) return end;
  const padLength = octets[start] as number;
  if (fixedEnd + padLength > end) throw paddingFault(frame, padLength, end - fixedEnd, section);
  return end - padLength;
}

/**
 * What padding adds to a payload: its octets and the one that counts them. -1 means no padding at all.
 *
 * @throws RangeError when `padLength` is neither -1 nor fits into an octet
 */
export function paddingCost(padLength: number): number {
  if (padLength >= -1 && padLength <= 255) return padLength + 1;
  throw new RangeError(`Padding is 0 to 255 octets long, or -1 for none, not ${padLength}`);
}

/** Appends `padLength` zero octets, as section 6.1 asks for; -1 appends none. */
export function appendPadding(writer: ChunkWriter, padLength: number): void {
  if (padLength <= 0) return;
  writer.ensure(padLength);
  // The chunk need not be zero here: a part that was taken back may have been written over it.
  writer.chunk.fill(0, writer.position, writer.position + padLength);
  writer.position += padLength;
}

function paddingFault(frame: string, padLength: number, room: number, section: string): ConnectionFault {
  const reason = `${frame} must not be padded with more octets than are left: ${padLength} of ${room}`;
  return new ConnectionFault(ErrorCode.PROTOCOL_ERROR, reason, section);
}
