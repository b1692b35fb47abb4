import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { checkErrorCode } from "./error-code.ts";
import { frameSizeFault, streamZeroFault } from "./fault.ts";
import { beginFrame, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { appendUint32, uint32At } from "./octets.ts";

/** RST_STREAM: ends a stream at once (RFC 9113 section 6.4). */
export interface RstStreamFrame extends FrameHeader {
  readonly type: typeof FrameType.RST_STREAM;
  /** Any 32-bit number; `ErrorCode` has those with a meaning. */
  readonly errorCode: number;
}

const SECTION = "RFC 9113 section 6.4";
const LENGTH = 4;

/** Parses the payload from `start` up to `end`. */
export function parseRstStream(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): RstStreamFrame {
  // RST_STREAM always belongs to a stream.
  if (streamId === 0) throw streamZeroFault("RST_STREAM", SECTION);
  // It carries an error code and nothing else.
  if (end - start !== LENGTH) {
    throw frameSizeFault(`RST_STREAM must be 4 octets long, not ${end - start}`, SECTION);
  }
  return {
    type: FrameType.RST_STREAM,
    flags,
    streamId,
    length: end - start,
    errorCode: uint32At(octets, start),
  };
}

/**
 * Appends RST_STREAM.
 *
 * @throws RangeError when stream identifier or error code do not fit the wire; nothing was written then
 */
export function writeRstStream(writer: ChunkWriter, streamId: number, errorCode: number): void {
  checkErrorCode(errorCode);
  beginFrame(writer, LENGTH, FrameType.RST_STREAM, 0, streamId);
  appendUint32(writer, errorCode);
}
