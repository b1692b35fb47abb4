import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { ErrorCode } from "./error-code.ts";
import { ConnectionFault, streamZeroFault } from "./fault.ts";
import { FrameFlag } from "./frame-flag.ts";
import { beginFrame, checkStreamId, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { appendUint32, uint31At, viewOf } from "./octets.ts";
import { contentEnd, contentStart } from "./padding.ts";

/** PUSH_PROMISE: reserves a stream for a response nobody asked for yet (RFC 9113 section 6.6). */
export interface PushPromiseFrame extends FrameHeader {
  readonly type: typeof FrameType.PUSH_PROMISE;
  /** The stream that is reserved: even and not 0. */
  readonly promisedStreamId: number;
  /** Whether the field block ends here; if not, CONTINUATION must follow at once. */
  readonly endHeaders: boolean;
  /** HPACK octets without padding: a view on the octets that were received. */
  readonly fragment: Uint8Array;
}

const SECTION = "RFC 9113 section 6.6";
const PROMISED_ID_LENGTH = 4;

/** Parses the payload from `start` up to `end`. */
export function parsePushPromise(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): PushPromiseFrame {
  // A promise is made on the stream of the request it goes with.
  if (streamId === 0) throw streamZeroFault("PUSH_PROMISE", SECTION);
  const fragmentEnd = contentEnd(octets, start, end, flags, PROMISED_ID_LENGTH, "PUSH_PROMISE", SECTION);
  const position = contentStart(start, flags);
  const promisedStreamId = uint31At(octets, position);
  // Only servers promise, and their streams have even identifiers.
  if (promisedStreamId === 0 || promisedStreamId % 2 === 1) throw promisedIdFault(promisedStreamId);
  return {
    type: FrameType.PUSH_PROMISE,
    flags,
    streamId,
    length: end - start,
    promisedStreamId,
    endHeaders: (flags & FrameFlag.END_HEADERS) !== 0,
    fragment: viewOf(octets, position + PROMISED_ID_LENGTH, fragmentEnd),
  };
}

/**
 * Begins PUSH_PROMISE. The field block is written straight behind, without another `mark()`; then
 * `endFieldBlock` completes the frame.
 *
 * @throws RangeError when an identifier does not fit the wire; nothing was written then
 */
export function beginPushPromise(writer: ChunkWriter, streamId: number, promisedStreamId: number): void {
  checkStreamId(promisedStreamId);
  beginFrame(writer, 0, FrameType.PUSH_PROMISE, 0, streamId, PROMISED_ID_LENGTH);
  appendUint32(writer, promisedStreamId);
}

function promisedIdFault(promisedStreamId: number): ConnectionFault {
  const reason = `PUSH_PROMISE must promise a stream with an even identifier, not ${promisedStreamId}`;
  return new ConnectionFault(ErrorCode.PROTOCOL_ERROR, reason, SECTION);
}
