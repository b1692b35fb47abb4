import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { latin1FromOctets } from "../bytes/latin1.ts";
import { appendByteString, checkByteString } from "./byte-string.ts";
import { tooShortFault } from "./fault.ts";
import { beginFrame, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { appendUint16, uint16At } from "./octets.ts";

/**
 * ALTSVC: where else an origin is served (RFC 7838 section 4). On stream 0 it names the origin, on another
 * stream the origin must be empty, and servers take none at all; what breaks that is to be ignored, which is
 * for the connection to do.
 */
export interface AltsvcFrame extends FrameHeader {
  readonly type: typeof FrameType.ALTSVC;
  /** Byte string: one character an octet. */
  readonly origin: string;
  /** As in the Alt-Svc field. Byte string: one character an octet. */
  readonly fieldValue: string;
}

const ORIGIN_LENGTH_LENGTH = 2;
const LARGEST_ORIGIN = 0xffff;

/** Parses the payload from `start` up to `end`. */
export function parseAltsvc(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): AltsvcFrame {
  // The origin and the two octets that say how long it is must be there; the value is what remains.
  const originStart = start + ORIGIN_LENGTH_LENGTH;
  if (originStart > end) throw tooShortFault("ALTSVC", ORIGIN_LENGTH_LENGTH, end - start);
  const originEnd = originStart + uint16At(octets, start);
  if (originEnd > end) throw tooShortFault("ALTSVC", originEnd - start, end - start);
  return {
    type: FrameType.ALTSVC,
    flags,
    streamId,
    length: end - start,
    origin: latin1FromOctets(octets, originStart, originEnd),
    fieldValue: latin1FromOctets(octets, originEnd, end),
  };
}

/**
 * Appends ALTSVC.
 *
 * @throws RangeError when a string is no byte string or too long; nothing was written then
 */
export function writeAltsvc(writer: ChunkWriter, streamId: number, origin: string, fieldValue: string): void {
  checkByteString(origin, LARGEST_ORIGIN);
  checkByteString(fieldValue, Infinity);
  const length = ORIGIN_LENGTH_LENGTH + origin.length + fieldValue.length;
  beginFrame(writer, length, FrameType.ALTSVC, 0, streamId);
  appendUint16(writer, origin.length);
  appendByteString(writer, origin);
  appendByteString(writer, fieldValue);
}
