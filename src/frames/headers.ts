import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { streamZeroFault } from "./fault.ts";
import { FrameFlag } from "./frame-flag.ts";
import { beginFrame, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { viewOf } from "./octets.ts";
import { contentEnd, contentStart } from "./padding.ts";
import {
  appendPriorityFields,
  checkPriorityFields,
  PRIORITY_LENGTH,
  type PriorityFields,
  parsePriorityFields,
} from "./priority.ts";

/** HEADERS: the first fragment of a field block, which may open a stream (RFC 9113 section 6.2). */
export interface HeadersFrame extends FrameHeader {
  readonly type: typeof FrameType.HEADERS;
  readonly endStream: boolean;
  /** Whether the field block ends here; if not, CONTINUATION must follow at once. */
  readonly endHeaders: boolean;
  readonly priority: PriorityFields | null;
  /** HPACK octets without padding: a view on the octets that were received. */
  readonly fragment: Uint8Array;
}

const SECTION = "RFC 9113 section 6.2";

/** Parses the payload from `start` up to `end`. */
export function parseHeaders(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): HeadersFrame {
  // HEADERS always belongs to a stream.
  if (streamId === 0) throw streamZeroFault("HEADERS", SECTION);
  const priorityLength = (flags & FrameFlag.PRIORITY) === 0 ? 0 : PRIORITY_LENGTH;
  const fragmentEnd = contentEnd(octets, start, end, flags, priorityLength, "HEADERS", SECTION);
  const position = contentStart(start, flags);
  return {
    type: FrameType.HEADERS,
    flags,
    streamId,
    length: end - start,
    endStream: (flags & FrameFlag.END_STREAM) !== 0,
    endHeaders: (flags & FrameFlag.END_HEADERS) !== 0,
    priority: priorityLength === 0 ? null : parsePriorityFields(octets, position),
    fragment: viewOf(octets, position + priorityLength, fragmentEnd),
  };
}

/**
 * Begins HEADERS. The field block is written straight behind, without another `mark()`; then `endFieldBlock`
 * completes the frame.
 *
 * @throws RangeError when stream identifier or priority do not fit the wire; nothing was written then
 */
export function beginHeaders(
  writer: ChunkWriter,
  streamId: number,
  endStream: boolean,
  priority: PriorityFields | null,
): void {
  const flags = endStream ? FrameFlag.END_STREAM : 0;
  if (priority === null) {
    beginFrame(writer, 0, FrameType.HEADERS, flags, streamId);
    return;
  }
  checkPriorityFields(priority);
  beginFrame(writer, 0, FrameType.HEADERS, flags | FrameFlag.PRIORITY, streamId, PRIORITY_LENGTH);
  appendPriorityFields(writer, priority);
}
