import { ErrorCode } from "../frames/error-code.ts";
import { ConnectionFault, StreamFault } from "../frames/fault.ts";
import { Verdict } from "../streams/stream-state.ts";

/** A stream's window that the peer opened too far. */
export class WindowOverflow extends StreamFault {}

const SECTION = "RFC 9113 section 5.1";

/** The fault for a frame that the state of its stream forbids, by the verdict of the state table. */
export function stateFault(verdict: Verdict, streamId: number, frame: string): ConnectionFault | StreamFault {
  switch (verdict) {
    case Verdict.STREAM_CLOSED:
      return new StreamFault(
        streamId,
        ErrorCode.STREAM_CLOSED,
        `${frame} came after the peer closed stream ${streamId}`,
        SECTION,
      );
    case Verdict.CONNECTION_STREAM_CLOSED:
      return new ConnectionFault(
        ErrorCode.STREAM_CLOSED,
        `${frame} came after stream ${streamId} had ended`,
        SECTION,
      );
    default:
      return new ConnectionFault(
        ErrorCode.PROTOCOL_ERROR,
        `${frame} cannot come on stream ${streamId} as it stands`,
        SECTION,
      );
  }
}
