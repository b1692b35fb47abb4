import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { latin1FromOctets } from "../bytes/latin1.ts";
import { appendByteString, checkByteString } from "./byte-string.ts";
import { ErrorCode } from "./error-code.ts";
import { ConnectionFault, notStreamZeroFault, tooShortFault } from "./fault.ts";
import { beginFrame, checkStreamId, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { appendUint32, uint31At } from "./octets.ts";

/** PRIORITY_UPDATE: a client changes its mind about how urgent a response is (RFC 9218 section 7.1). */
export interface PriorityUpdateFrame extends FrameHeader {
  readonly type: typeof FrameType.PRIORITY_UPDATE;
  readonly prioritizedStreamId: number;
  /** As in the Priority field, not parsed. Byte string: one character an octet. */
  readonly fieldValue: string;
}

const SECTION = "RFC 9218 section 7.1";
const STREAM_ID_LENGTH = 4;

/** Parses the payload from `start` up to `end`. */
export function parsePriorityUpdate(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): PriorityUpdateFrame {
  // It names its stream in the payload and itself travels on stream 0.
  if (streamId !== 0) throw notStreamZeroFault("PRIORITY_UPDATE", streamId, SECTION);
  if (end - start < STREAM_ID_LENGTH) {
    throw tooShortFault("PRIORITY_UPDATE", STREAM_ID_LENGTH, end - start);
  }
  const prioritizedStreamId = uint31At(octets, start);
  // The connection as a whole has no priority.
  if (prioritizedStreamId === 0) throw prioritizedIdFault();
  return {
    type: FrameType.PRIORITY_UPDATE,
    flags,
    streamId,
    length: end - start,
    prioritizedStreamId,
    fieldValue: latin1FromOctets(octets, start + STREAM_ID_LENGTH, end),
  };
}

/**
 * Appends PRIORITY_UPDATE.
 *
 * @throws RangeError when the identifier does not fit the wire or the value is no byte string; nothing was
 * written then
 */
export function writePriorityUpdate(
  writer: ChunkWriter,
  prioritizedStreamId: number,
  fieldValue: string,
): void {
  checkStreamId(prioritizedStreamId);
  checkByteString(fieldValue, Infinity);
  beginFrame(writer, STREAM_ID_LENGTH + fieldValue.length, FrameType.PRIORITY_UPDATE, 0, 0);
  appendUint32(writer, prioritizedStreamId);
  appendByteString(writer, fieldValue);
}

function prioritizedIdFault(): ConnectionFault {
  return new ConnectionFault(
    ErrorCode.PROTOCOL_ERROR,
    "PRIORITY_UPDATE must not prioritize stream 0",
    SECTION,
  );
}
