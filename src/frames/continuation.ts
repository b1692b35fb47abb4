import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { streamZeroFault } from "./fault.ts";
import { FrameFlag } from "./frame-flag.ts";
import { beginFrame, type FrameHeader, setLength } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { FRAME_HEADER_LENGTH } from "./limits.ts";
import { viewOf } from "./octets.ts";
import { PRIORITY_LENGTH } from "./priority.ts";

/** CONTINUATION: a further fragment of the field block before it (RFC 9113 section 6.10). */
export interface ContinuationFrame extends FrameHeader {
  readonly type: typeof FrameType.CONTINUATION;
  /** Whether the field block ends here; if not, another CONTINUATION must follow at once. */
  readonly endHeaders: boolean;
  /** HPACK octets: a view on the octets that were received. */
  readonly fragment: Uint8Array;
}

const SECTION = "RFC 9113 section 6.10";

/** Parses the payload from `start` up to `end`. */
export function parseContinuation(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): ContinuationFrame {
  // CONTINUATION always belongs to a stream. That a field block is open there is for the connection to know.
  if (streamId === 0) throw streamZeroFault("CONTINUATION", SECTION);
  return {
    type: FrameType.CONTINUATION,
    flags,
    streamId,
    length: end - start,
    endHeaders: (flags & FrameFlag.END_HEADERS) !== 0,
    fragment: viewOf(octets, start, end),
  };
}

/** Appends CONTINUATION with a fragment that is encoded already. `endFieldBlock` makes its own. */
export function writeContinuation(
  writer: ChunkWriter,
  streamId: number,
  fragment: Uint8Array,
  endHeaders: boolean,
): void {
  const flags = endHeaders ? FrameFlag.END_HEADERS : 0;
  beginFrame(writer, fragment.length, FrameType.CONTINUATION, flags, streamId);
  writer.write(fragment);
}

/**
 * Completes the HEADERS or PUSH_PROMISE that began at the writer's mark: everything since then is its payload.
 * A payload over `maxFrameSize` octets goes on in CONTINUATION frames; the fields before the block (priority,
 * promised stream) count towards the first frame and stay in it.
 *
 * @throws RangeError when the payload must be cut and `maxFrameSize` does not leave room for those fields
 */
export function endFieldBlock(writer: ChunkWriter, maxFrameSize: number): void {
  const start = writer.markPosition;
  const length = writer.position - start - FRAME_HEADER_LENGTH;
  if (length > maxFrameSize) {
    splitFieldBlock(writer, length, maxFrameSize);
    return;
  }
  setLength(writer.chunk, start, length);
  endHeadersAt(writer.chunk, start);
}

/** Makes room for the headers of CONTINUATION frames, the last one first, so that each octet moves once. */
function splitFieldBlock(writer: ChunkWriter, length: number, maxFrameSize: number): void {
  if (maxFrameSize <= PRIORITY_LENGTH) throw new RangeError(`No frame can be cut to ${maxFrameSize} octets`);
  const continuations = Math.ceil(length / maxFrameSize) - 1;
  writer.ensure(continuations * FRAME_HEADER_LENGTH);
  const { chunk, markPosition: start } = writer;
  let end = writer.position;
  for (let index = continuations; index > 0; index--) {
    const from = start + FRAME_HEADER_LENGTH + index * maxFrameSize;
    const to = from + index * FRAME_HEADER_LENGTH;
    chunk.copyWithin(to, from, end);
    continueAt(chunk, to - FRAME_HEADER_LENGTH, end - from, start);
    end = from;
  }
  setLength(chunk, start, maxFrameSize);
  endHeadersAt(chunk, start + continuations * (FRAME_HEADER_LENGTH + maxFrameSize));
  writer.position += continuations * FRAME_HEADER_LENGTH;
}

/** Writes the header of a CONTINUATION at `position`, for the stream of the frame at `first`. */
function continueAt(chunk: Uint8Array, position: number, length: number, first: number): void {
  setLength(chunk, position, length);
  chunk[position + 3] = FrameType.CONTINUATION;
  chunk[position + 4] = 0;
  chunk.copyWithin(position + 5, first + 5, first + FRAME_HEADER_LENGTH);
}

function endHeadersAt(chunk: Uint8Array, position: number): void {
  chunk[position + 4] = (chunk[position + 4] as number) | FrameFlag.END_HEADERS;
}
