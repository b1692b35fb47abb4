import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { frameSizeFault, notStreamZeroFault } from "./fault.ts";
import { FrameFlag } from "./frame-flag.ts";
import { beginFrame, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { copyOf } from "./octets.ts";

/** PING: asks for an echo of eight octets, or is the echo (RFC 9113 section 6.7). */
export interface PingFrame extends FrameHeader {
  readonly type: typeof FrameType.PING;
  readonly ack: boolean;
  /** The eight octets: a copy, so that they may be kept. */
  readonly data: Uint8Array;
}

const SECTION = "RFC 9113 section 6.7";
const LENGTH = 8;

/** Parses the payload from `start` up to `end`. */
export function parsePing(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): PingFrame {
  // PING tests the connection, never a stream.
  if (streamId !== 0) throw notStreamZeroFault("PING", streamId, SECTION);
  // Its payload is eight octets of the sender's choice.
  if (end - start !== LENGTH) throw frameSizeFault(`PING must be 8 octets long, not ${end - start}`, SECTION);
  return {
    type: FrameType.PING,
    flags,
    streamId,
    length: end - start,
    ack: (flags & FrameFlag.ACK) !== 0,
    data: copyOf(octets, start, end),
  };
}

/**
 * Appends PING.
 *
 * @throws RangeError when `data` is not 8 octets long; nothing was written then
 */
export function writePing(writer: ChunkWriter, data: Uint8Array, ack: boolean): void {
  if (data.length !== LENGTH) throw new RangeError(`PING carries 8 octets, not ${data.length}`);
  beginFrame(writer, LENGTH, FrameType.PING, ack ? FrameFlag.ACK : 0, 0);
  writer.write(data);
}
