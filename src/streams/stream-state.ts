/**
 * The states of a stream and how they follow each other (RFC 9113 section 5.1).
 *
 * Two rules hold in this file. Everything that changes the state of a stream is here. And this file does not
 * know which role we play: who may open which stream identifier, and that only servers promise, is asked
 * elsewhere, first.
 *
 * The table is total: each input has an answer in each state. The RFC's state *closed* stands here as four,
 * because what a late frame deserves depends on how the stream was closed.
 */

export const StreamState = {
  IDLE: 0,
  RESERVED_LOCAL: 1,
  RESERVED_REMOTE: 2,
  OPEN: 3,
  HALF_CLOSED_LOCAL: 4,
  HALF_CLOSED_REMOTE: 5,
  /** Closed: both sides sent END_STREAM. */
  ENDED: 6,
  /** Closed: we sent RST_STREAM. What the peer sent before it knew may still arrive. */
  RESET_HERE: 7,
  /** Closed: the peer sent RST_STREAM. */
  RESET_BY_PEER: 8,
  /** Closed: skipped by a higher identifier, or closed so long ago that how is not known any more. */
  FORGOTTEN: 9,
} as const;
export type StreamState = (typeof StreamState)[keyof typeof StreamState];

export const StreamInput = {
  SEND_HEADERS: 0,
  SEND_DATA: 1,
  SEND_END_STREAM: 2,
  SEND_RST_STREAM: 3,
  SEND_WINDOW_UPDATE: 4,
  /** A promise is sent on this stream. */
  SEND_PUSH_PROMISE: 5,
  /** This stream is promised by us. */
  SEND_RESERVE: 6,
  /** This stream carries the request that we sent in HTTP/1.1 with `Upgrade: h2c`. */
  SEND_UPGRADE: 7,
  RECEIVE_HEADERS: 8,
  RECEIVE_DATA: 9,
  RECEIVE_END_STREAM: 10,
  RECEIVE_RST_STREAM: 11,
  RECEIVE_WINDOW_UPDATE: 12,
  /** A promise arrives on this stream. */
  RECEIVE_PUSH_PROMISE: 13,
  /** This stream is promised by the peer. */
  RECEIVE_RESERVE: 14,
  /** This stream carries the request that we received in HTTP/1.1 with `Upgrade: h2c`. */
  RECEIVE_UPGRADE: 15,
} as const;
export type StreamInput = (typeof StreamInput)[keyof typeof StreamInput];

export const Verdict = {
  /** Go on; the stream enters the state of the cell. */
  PROCEED: 0,
  /** Nothing to do. */
  IGNORE: 1,
  /** Count it for the connection (field compression, flow control), then drop it. */
  DISCARD: 2,
  /** Answer with RST_STREAM(STREAM_CLOSED). */
  STREAM_CLOSED: 3,
  /** End the connection with PROTOCOL_ERROR. */
  CONNECTION_PROTOCOL_ERROR: 4,
  /** End the connection with STREAM_CLOSED. */
  CONNECTION_STREAM_CLOSED: 5,
  /** Answer the promise with RST_STREAM(REFUSED_STREAM) on the promised stream. */
  REFUSE_PROMISE: 6,
  /** The caller asked for something that this state forbids. */
  MISUSE: 7,
  /** Cannot be asked: the frame that carries it was judged before. */
  UNREACHABLE: 8,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** One row of the table: what each state answers to the input, in the order of `StreamState`. */
export interface StateRow {
  readonly input: StreamInput;
  readonly cells: readonly Cell[];
}
/** The state entered, or the verdict where the state stays. */
export type Cell = keyof typeof StreamState | Exclude<keyof typeof Verdict, "PROCEED">;

const {
  SEND_HEADERS,
  SEND_DATA,
  SEND_END_STREAM,
  SEND_RST_STREAM,
  SEND_WINDOW_UPDATE,
  SEND_PUSH_PROMISE,
  SEND_RESERVE,
  SEND_UPGRADE,
  RECEIVE_HEADERS,
  RECEIVE_DATA,
  RECEIVE_END_STREAM,
  RECEIVE_RST_STREAM,
  RECEIVE_WINDOW_UPDATE,
  RECEIVE_PUSH_PROMISE,
  RECEIVE_RESERVE,
  RECEIVE_UPGRADE,
} = StreamInput;

// biome-ignore format: a table
export const STATE_TABLE: readonly StateRow[] = [
  // HEADERS open an idle stream, and a reserved one for the side that promised it.
  { input: SEND_HEADERS, cells: [
    "OPEN", "HALF_CLOSED_REMOTE", "MISUSE", "OPEN", "MISUSE", "HALF_CLOSED_REMOTE", "MISUSE", "MISUSE", "MISUSE", "MISUSE"] },
  // DATA needs our half of the stream to be open.
  { input: SEND_DATA, cells: [
    "MISUSE", "MISUSE", "MISUSE", "OPEN", "MISUSE", "HALF_CLOSED_REMOTE", "MISUSE", "MISUSE", "MISUSE", "MISUSE"] },
  // END_STREAM closes our half; the second half closed ends the stream.
  { input: SEND_END_STREAM, cells: [
    "MISUSE", "MISUSE", "MISUSE", "HALF_CLOSED_LOCAL", "MISUSE", "ENDED", "MISUSE", "MISUSE", "MISUSE", "MISUSE"] },
  // RST_STREAM is for any stream but an idle one (section 6.4); once is enough.
  { input: SEND_RST_STREAM, cells: [
    "MISUSE", "RESET_HERE", "RESET_HERE", "RESET_HERE", "RESET_HERE", "RESET_HERE", "MISUSE", "MISUSE", "MISUSE", "MISUSE"] },
  // WINDOW_UPDATE makes sense while the peer may send, and does no harm as long as the stream lives (section 6.9).
  { input: SEND_WINDOW_UPDATE, cells: [
    "MISUSE", "MISUSE", "RESERVED_REMOTE", "OPEN", "HALF_CLOSED_LOCAL", "HALF_CLOSED_REMOTE", "MISUSE", "MISUSE", "MISUSE", "MISUSE"] },
  // A promise goes on a stream that the peer opened and on which we may still send (section 6.6).
  { input: SEND_PUSH_PROMISE, cells: [
    "MISUSE", "MISUSE", "MISUSE", "OPEN", "MISUSE", "HALF_CLOSED_REMOTE", "MISUSE", "MISUSE", "MISUSE", "MISUSE"] },
  // Only an idle stream can be promised.
  { input: SEND_RESERVE, cells: [
    "RESERVED_LOCAL", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE"] },
  // The request that was upgraded is complete: our half is closed (RFC 7540 section 3.2).
  { input: SEND_UPGRADE, cells: [
    "HALF_CLOSED_LOCAL", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE"] },

  // A promised stream is opened by the side that promised it; a half-closed (remote) one takes no more HEADERS;
  // after END_STREAM they end the connection, after RST_STREAM by the peer they are a stream error. An identifier
  // below the highest one can not be opened any more (section 5.1.1).
  { input: RECEIVE_HEADERS, cells: [
    "OPEN", "CONNECTION_PROTOCOL_ERROR", "HALF_CLOSED_LOCAL", "OPEN", "HALF_CLOSED_LOCAL", "STREAM_CLOSED",
    "CONNECTION_STREAM_CLOSED", "DISCARD", "STREAM_CLOSED", "CONNECTION_PROTOCOL_ERROR"] },
  // DATA belongs on a stream whose remote half is open (section 6.1).
  { input: RECEIVE_DATA, cells: [
    "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR", "OPEN", "HALF_CLOSED_LOCAL",
    "STREAM_CLOSED", "CONNECTION_STREAM_CLOSED", "DISCARD", "STREAM_CLOSED", "STREAM_CLOSED"] },
  // The frame that carries the flag was judged first, so the remote half is open here.
  { input: RECEIVE_END_STREAM, cells: [
    "UNREACHABLE", "UNREACHABLE", "UNREACHABLE", "HALF_CLOSED_REMOTE", "ENDED", "UNREACHABLE",
    "UNREACHABLE", "UNREACHABLE", "UNREACHABLE", "UNREACHABLE"] },
  // RST_STREAM on an idle stream ends the connection (section 6.4); after the end it says nothing new.
  { input: RECEIVE_RST_STREAM, cells: [
    "CONNECTION_PROTOCOL_ERROR", "RESET_BY_PEER", "RESET_BY_PEER", "RESET_BY_PEER", "RESET_BY_PEER", "RESET_BY_PEER",
    "IGNORE", "IGNORE", "IGNORE", "IGNORE"] },
  // Late WINDOW_UPDATE frames are normal (section 6.9). On a stream that the peer promised they are an error:
  // only the one who will send there needs a window.
  { input: RECEIVE_WINDOW_UPDATE, cells: [
    "CONNECTION_PROTOCOL_ERROR", "RESERVED_LOCAL", "CONNECTION_PROTOCOL_ERROR", "OPEN", "HALF_CLOSED_LOCAL", "HALF_CLOSED_REMOTE",
    "IGNORE", "IGNORE", "IGNORE", "IGNORE"] },
  // A promise needs a stream that we opened and on which the peer may still send (section 6.6).
  { input: RECEIVE_PUSH_PROMISE, cells: [
    "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR", "OPEN", "HALF_CLOSED_LOCAL",
    "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR", "REFUSE_PROMISE", "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR"] },
  // A promised stream must have been idle (section 5.1.1).
  { input: RECEIVE_RESERVE, cells: [
    "RESERVED_REMOTE", "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR",
    "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR",
    "CONNECTION_PROTOCOL_ERROR", "CONNECTION_PROTOCOL_ERROR"] },
  // The peer's half is closed: its request came whole in HTTP/1.1 (RFC 7540 section 3.2).
  { input: RECEIVE_UPGRADE, cells: [
    "HALF_CLOSED_REMOTE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE", "MISUSE"] },
];

const STATES = 10;
const PACKED: Uint8Array = packed(STATE_TABLE);

/** What `state` answers to `input`: a packed cell for `verdictOf` and `enter`. */
export function judge(state: StreamState, input: StreamInput): number {
  return PACKED[input * STATES + state] as number;
}

/** The verdict of a cell. */
export function verdictOf(cell: number): Verdict {
  return (cell >> 4) as Verdict;
}

/** Puts the stream into the state of a cell that said PROCEED. */
export function enter(stream: { state: StreamState }, cell: number): void {
  stream.state = (cell & 0x0f) as StreamState;
}

/** Whether the stream is closed, in whichever way. */
export function isClosed(state: StreamState): boolean {
  return state >= StreamState.ENDED;
}

/** Whether the stream was closed by RST_STREAM. */
export function isReset(state: StreamState): boolean {
  return state === StreamState.RESET_HERE || state === StreamState.RESET_BY_PEER;
}

/** Whether the stream counts against SETTINGS_MAX_CONCURRENT_STREAMS (RFC 9113 section 5.1.2). */
export function isCounted(state: StreamState): boolean {
  return state >= StreamState.OPEN && state <= StreamState.HALF_CLOSED_REMOTE;
}

/** Rows to octets: the next state in the low four bits, the verdict above. One look-up takes 2 ns. */
function packed(table: readonly StateRow[]): Uint8Array {
  const octets = new Uint8Array(table.length * STATES);
  for (const { input, cells } of table) {
    cells.forEach((cell, state) => {
      octets[input * STATES + state] =
        cell in StreamState
          ? StreamState[cell as keyof typeof StreamState]
          : (Verdict[cell as keyof typeof Verdict] << 4) | state;
    });
  }
  return octets;
}
