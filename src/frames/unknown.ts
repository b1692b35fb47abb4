import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { beginFrame, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { viewOf } from "./octets.ts";

/**
 * A frame of a type that is not known here. Peers may send such at any time, and no rule but the one about size
 * applies (RFC 9113 section 5.5).
 */
export interface UnknownFrame extends FrameHeader {
  readonly type: typeof FrameType.UNKNOWN;
  /** The type octet on the wire. */
  readonly frameType: number;
  /** A view on the octets that were received. */
  readonly payload: Uint8Array;
}

/** Takes the payload from `start` up to `end` as it is. */
export function parseUnknown(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
  frameType: number,
): UnknownFrame {
  return {
    type: FrameType.UNKNOWN,
    flags,
    streamId,
    length: end - start,
    frameType,
    payload: viewOf(octets, start, end),
  };
}

/**
 * Appends a frame of any type, for extensions and for what the other writers refuse to say.
 *
 * @throws RangeError when type, stream identifier or length do not fit the wire; nothing was written then
 */
export function writeFrame(
  writer: ChunkWriter,
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array,
): void {
  if (!(type >= 0 && type <= 0xff)) throw new RangeError(`${type} is not a frame type`);
  beginFrame(writer, payload.length, type, flags, streamId);
  writer.write(payload);
}
