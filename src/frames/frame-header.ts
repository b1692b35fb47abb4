import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { FRAME_HEADER_LENGTH, LARGEST_MAX_FRAME_SIZE, LARGEST_STREAM_ID } from "./limits.ts";
import { appendUint32, uint24At, uint31At } from "./octets.ts";

/** What every frame has beside its type (RFC 9113 section 4.1). */
export interface FrameHeader {
  /** The raw octet. Bits that the type does not define are kept here and mean nothing. */
  readonly flags: number;
  /** 0 for the connection as a whole. */
  readonly streamId: number;
  /** Octets of the payload on the wire, padding included, the nine of the header not. */
  readonly length: number;
}

/** The payload length said by the frame header at `position`. */
export function lengthAt(octets: Uint8Array, position: number): number {
  return uint24At(octets, position);
}

/** The type octet of the frame header at `position`. */
export function typeAt(octets: Uint8Array, position: number): number {
  return octets[position + 3] as number;
}

/** The flags octet of the frame header at `position`. */
export function flagsAt(octets: Uint8Array, position: number): number {
  return octets[position + 4] as number;
}

/** The stream identifier of the frame header at `position`, without the reserved bit. */
export function streamIdAt(octets: Uint8Array, position: number): number {
  return uint31At(octets, position + 5);
}

/**
 * Begins a frame: marks, makes room for the header and `room` octets behind it, and writes the header.
 *
 * @throws RangeError when length or stream identifier do not fit their fields; nothing was written then
 */
export function beginFrame(
  writer: ChunkWriter,
  length: number,
  type: number,
  flags: number,
  streamId: number,
  room: number = length,
): void {
  if (length > LARGEST_MAX_FRAME_SIZE) throw new RangeError(`A frame cannot carry ${length} octets`);
  checkStreamId(streamId);
  writer.mark();
  writer.ensure(FRAME_HEADER_LENGTH + room);
  const { chunk, position } = writer;
  setLength(chunk, position, length);
  chunk[position + 3] = type;
  chunk[position + 4] = flags;
  writer.position = position + 5;
  appendUint32(writer, streamId);
}

/** Writes the payload length into the frame header at `position`. */
export function setLength(octets: Uint8Array, position: number, length: number): void {
  octets[position] = length >>> 16;
  octets[position + 1] = length >>> 8;
  octets[position + 2] = length;
}

/** @throws RangeError when `streamId` does not fit into 31 bits */
export function checkStreamId(streamId: number): void {
  if (streamId >= 0 && streamId <= LARGEST_STREAM_ID) return;
  throw new RangeError(`${streamId} is not a stream identifier`);
}
