import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { ErrorCode } from "./error-code.ts";
import { StreamFault, streamZeroFault } from "./fault.ts";
import { beginFrame, checkStreamId, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { appendUint32, uint31At } from "./octets.ts";

/** The priority signal of RFC 7540, which RFC 9113 section 5.3.2 keeps on the wire but deprecates. */
export interface PriorityFields {
  /** The stream this one depends on; 0 for none. */
  readonly dependsOn: number;
  /** 1 to 256. On the wire it is one less. */
  readonly weight: number;
  readonly exclusive: boolean;
}

/** PRIORITY (RFC 9113 section 6.3). */
export interface PriorityFrame extends FrameHeader {
  readonly type: typeof FrameType.PRIORITY;
  readonly priority: PriorityFields;
}

/** Octets that the fields take, in PRIORITY and in HEADERS. */
export const PRIORITY_LENGTH = 5;

const SECTION = "RFC 9113 section 6.3";
const EXCLUSIVE_BIT = 0x80000000;

/** Parses the payload from `start` up to `end`. */
export function parsePriority(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): PriorityFrame {
  // PRIORITY always belongs to a stream, in whatever state that is.
  if (streamId === 0) throw streamZeroFault("PRIORITY", SECTION);
  // The one wrong length that only costs the stream.
  if (end - start !== PRIORITY_LENGTH) {
    const reason = `PRIORITY must be 5 octets long, not ${end - start}`;
    throw new StreamFault(streamId, ErrorCode.FRAME_SIZE_ERROR, reason, SECTION);
  }
  return {
    type: FrameType.PRIORITY,
    flags,
    streamId,
    length: end - start,
    priority: parsePriorityFields(octets, start),
  };
}

/**
 * Appends PRIORITY.
 *
 * @throws RangeError when a number does not fit the wire; nothing was written then
 */
export function writePriority(writer: ChunkWriter, streamId: number, priority: PriorityFields): void {
  checkPriorityFields(priority);
  beginFrame(writer, PRIORITY_LENGTH, FrameType.PRIORITY, 0, streamId);
  appendPriorityFields(writer, priority);
}

/** The five octets at `position`. */
export function parsePriorityFields(octets: Uint8Array, position: number): PriorityFields {
  return {
    dependsOn: uint31At(octets, position),
    weight: (octets[position + 4] as number) + 1,
    exclusive: ((octets[position] as number) & 0x80) !== 0,
  };
}

/** Appends the five octets. The room must have been ensured, and the fields checked. */
export function appendPriorityFields(writer: ChunkWriter, priority: PriorityFields): void {
  appendUint32(writer, priority.dependsOn + (priority.exclusive ? EXCLUSIVE_BIT : 0));
  writer.chunk[writer.position++] = priority.weight - 1;
}

/** @throws RangeError when a field does not fit its place on the wire */
export function checkPriorityFields(priority: PriorityFields): void {
  checkStreamId(priority.dependsOn);
  if (priority.weight >= 1 && priority.weight <= 256) return;
  throw new RangeError(`A weight is 1 to 256, not ${priority.weight}`);
}
