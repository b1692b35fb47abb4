import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { checkErrorCode } from "./error-code.ts";
import { notStreamZeroFault, tooShortFault } from "./fault.ts";
import { beginFrame, checkStreamId, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { appendUint32, copyOf, uint31At, uint32At } from "./octets.ts";

/** GOAWAY: no further streams, and which ones may still count on an answer (RFC 9113 section 6.8). */
export interface GoawayFrame extends FrameHeader {
  readonly type: typeof FrameType.GOAWAY;
  /** Streams above it were surely not processed. */
  readonly lastStreamId: number;
  /** Any 32-bit number; `ErrorCode` has those with a meaning. */
  readonly errorCode: number;
  /** For people to read: a copy, so that it may be kept. Its text is the peer's; escape it before it is shown. */
  readonly debugData: Uint8Array;
}

const SECTION = "RFC 9113 section 6.8";
const FIXED_LENGTH = 8;

/** Parses the payload from `start` up to `end`. */
export function parseGoaway(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): GoawayFrame {
  // GOAWAY is about the connection, never a stream.
  if (streamId !== 0) throw notStreamZeroFault("GOAWAY", streamId, SECTION);
  // Last stream and error code must be there; debug data may follow.
  if (end - start < FIXED_LENGTH) {
    throw tooShortFault("GOAWAY", FIXED_LENGTH, end - start);
  }
  return {
    type: FrameType.GOAWAY,
    flags,
    streamId,
    length: end - start,
    lastStreamId: uint31At(octets, start),
    errorCode: uint32At(octets, start + 4),
    debugData: copyOf(octets, start + FIXED_LENGTH, end),
  };
}

/**
 * Appends GOAWAY.
 *
 * @throws RangeError when stream identifier, error code or length do not fit the wire; nothing was written then
 */
export function writeGoaway(
  writer: ChunkWriter,
  lastStreamId: number,
  errorCode: number,
  debugData: Uint8Array,
): void {
  checkStreamId(lastStreamId);
  checkErrorCode(errorCode);
  beginFrame(writer, FIXED_LENGTH + debugData.length, FrameType.GOAWAY, 0, 0);
  appendUint32(writer, lastStreamId);
  appendUint32(writer, errorCode);
  writer.write(debugData);
}
