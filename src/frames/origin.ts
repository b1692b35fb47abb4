import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { latin1FromOctets } from "../bytes/latin1.ts";
import { appendByteString, checkByteString } from "./byte-string.ts";
import { tooShortFault } from "./fault.ts";
import { beginFrame, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { appendUint16, uint16At } from "./octets.ts";

/**
 * ORIGIN: which origins the server wants this connection used for (RFC 8336 section 2).
 *
 * Clients ignore it on another stream than 0 and with one of the four low flags set, which stand for changes
 * of its format yet to come. The connection does the ignoring; but the payload is not looked at then, and
 * `origins` is empty.
 */
export interface OriginFrame extends FrameHeader {
  readonly type: typeof FrameType.ORIGIN;
  /** Byte strings, one character an octet; not checked to be origins. */
  readonly origins: readonly string[];
}

const ORIGIN_LENGTH_LENGTH = 2;
const LARGEST_ORIGIN = 0xffff;
const INCOMPATIBLE_FLAGS = 0x0f;

/** Parses the payload from `start` up to `end`. */
export function parseOrigin(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): OriginFrame {
  const ignored = streamId !== 0 || (flags & INCOMPATIBLE_FLAGS) !== 0;
  return {
    type: FrameType.ORIGIN,
    flags,
    streamId,
    length: end - start,
    origins: ignored ? [] : parseEntries(octets, start, end),
  };
}

/**
 * Appends ORIGIN.
 *
 * @throws RangeError when an origin is no byte string or too long; nothing was written then
 */
export function writeOrigin(writer: ChunkWriter, origins: readonly string[]): void {
  let length = 0;
  for (const origin of origins) {
    checkByteString(origin, LARGEST_ORIGIN);
    length += ORIGIN_LENGTH_LENGTH + origin.length;
  }
  beginFrame(writer, length, FrameType.ORIGIN, 0, 0);
  for (const origin of origins) {
    appendUint16(writer, origin.length);
    appendByteString(writer, origin);
  }
}

/** Each entry is a length of two octets and as many octets of text; the last one ends where the frame ends. */
function parseEntries(octets: Uint8Array, start: number, end: number): string[] {
  const origins: string[] = [];
  let position = start;
  while (position < end) {
    const textStart = position + ORIGIN_LENGTH_LENGTH;
    if (textStart > end) throw tooShortFault("ORIGIN", textStart - start, end - start);
    position = textStart + uint16At(octets, position);
    if (position > end) throw tooShortFault("ORIGIN", position - start, end - start);
    origins.push(latin1FromOctets(octets, textStart, position));
  }
  return origins;
}
