import type { Priority } from "../fields/priority.ts";
import { LARGEST_STREAM_ID } from "../frames/limits.ts";
import type { Stream } from "../streams/stream.ts";
import { isClosed, StreamState } from "../streams/stream-state.ts";
import { FrameTooLargeError, NoSuchStreamError, ProtocolError, StreamClosedError } from "./errors.ts";
import type { ConnectionState } from "./state.ts";

/** What a caller's arguments have to be: each check throws, and nothing has changed by then. */

/** @throws TypeError unless `data` is a Uint8Array. */
export function checkOctets(data: unknown): void {
  if (!(data instanceof Uint8Array)) throw new TypeError("octets must be a Uint8Array");
}

/** @throws RangeError unless `amount` is a whole number of octets, or Infinity. */
export function checkAmount(amount: number): void {
  if (amount === Number.POSITIVE_INFINITY) return;
  if (!Number.isInteger(amount) || amount < 0)
    throw new RangeError("an amount is 0 octets or more, and whole");
}

/** @throws RangeError for an urgency that is not 0 to 7 (RFC 9218 section 4.1). */
export function checkUrgency({ urgency }: Priority): void {
  if (!Number.isInteger(urgency) || urgency < 0 || urgency > 7) throw new RangeError("an urgency is 0 to 7");
}

/** @throws FrameTooLargeError for a payload that the peer does not take. */
export function checkFrameLength(state: ConnectionState, length: number): void {
  const { maxFrameSize } = state.remoteSettings;
  if (length <= maxFrameSize) return;
  throw new FrameTooLargeError(
    `${length} octets do not fit into a frame of ${maxFrameSize} (RFC 9113 section 4.2)`,
  );
}

/** @throws NoSuchStreamError or StreamClosedError unless the stream is alive. */
export function requireStream(state: ConnectionState, streamId: number): Stream {
  const stream = state.streams.find(streamId);
  if (stream !== undefined) return stream;
  if (isClosed(state.streams.stateOf(streamId))) throw new StreamClosedError(streamId);
  throw new NoSuchStreamError(streamId);
}

/** @throws ProtocolError unless a stream can have this identifier. */
export function checkStreamId(streamId: number): void {
  if (Number.isInteger(streamId) && streamId >= 1 && streamId <= LARGEST_STREAM_ID) return;
  throw new ProtocolError(`${streamId} is no stream identifier (RFC 9113 section 5.1.1)`);
}

/** What a call gets that the state of its stream forbids. */
export function misuse(streamId: number, state: StreamState, what: string): ProtocolError {
  if (isClosed(state)) return new StreamClosedError(streamId);
  return new ProtocolError(
    `${what} cannot be sent on stream ${streamId}: it is ${STATE_NAMES[state]} (RFC 9113 section 5.1)`,
  );
}

const STATE_NAMES: readonly string[] = Object.keys(StreamState).map((name) =>
  name.toLowerCase().replaceAll("_", " "),
);
