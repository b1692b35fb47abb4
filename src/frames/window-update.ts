import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { ErrorCode } from "./error-code.ts";
import { ConnectionFault, frameSizeFault, StreamFault } from "./fault.ts";
import { beginFrame, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { LARGEST_WINDOW_SIZE } from "./limits.ts";
import { appendUint32, uint31At } from "./octets.ts";

/** WINDOW_UPDATE: more room in the window of a stream, or of the connection on stream 0 (RFC 9113 section 6.9). */
export interface WindowUpdateFrame extends FrameHeader {
  readonly type: typeof FrameType.WINDOW_UPDATE;
  /** 1 to 2,147,483,647 octets. */
  readonly increment: number;
}

const SECTION = "RFC 9113 section 6.9";
const LENGTH = 4;

/** Parses the payload from `start` up to `end`. */
export function parseWindowUpdate(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): WindowUpdateFrame {
  if (end - start !== LENGTH) {
    throw frameSizeFault(`WINDOW_UPDATE must be 4 octets long, not ${end - start}`, SECTION);
  }
  const increment = uint31At(octets, start);
  if (increment === 0) throw noIncrementFault(streamId);
  return { type: FrameType.WINDOW_UPDATE, flags, streamId, length: end - start, increment };
}

/**
 * Appends WINDOW_UPDATE.
 *
 * @throws RangeError when `increment` does not fit the wire; nothing was written then
 */
export function writeWindowUpdate(writer: ChunkWriter, streamId: number, increment: number): void {
  if (!(increment >= 0 && increment <= LARGEST_WINDOW_SIZE)) {
    throw new RangeError(`A window cannot grow by ${increment} octets`);
  }
  beginFrame(writer, LENGTH, FrameType.WINDOW_UPDATE, 0, streamId);
  appendUint32(writer, increment);
}

/** An update must update something. It costs what it was meant for: the stream, or the connection. */
function noIncrementFault(streamId: number): ConnectionFault | StreamFault {
  const reason = "WINDOW_UPDATE must not have an increment of 0";
  if (streamId === 0) return new ConnectionFault(ErrorCode.PROTOCOL_ERROR, reason, SECTION);
  return new StreamFault(streamId, ErrorCode.PROTOCOL_ERROR, reason, SECTION);
}
