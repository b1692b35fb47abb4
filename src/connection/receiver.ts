import { ErrorCode } from "../frames/error-code.ts";
import { ConnectionFault, StreamFault } from "../frames/fault.ts";
import { FieldListTooLarge, HpackFault } from "../hpack/hpack-fault.ts";
import { isClosed, judge, StreamInput, StreamState } from "../streams/stream-state.ts";
import type { PeerError } from "./errors.ts";
import type { H2Event } from "./events.ts";
import type { Inbound } from "./inbound.ts";
import type { Output } from "./output.ts";
import type { ConnectionState } from "./state.ts";
import { WindowOverflow } from "./state-fault.ts";

/** Octets of debug text in a GOAWAY of ours. */
const LONGEST_DEBUG_TEXT = 256;
const NOTHING = new Uint8Array(0);

/**
 * The one place where faults become answers: RST_STREAM and an event for a fault of one stream, GOAWAY and a
 * last event for a fault of the connection. Nothing that a peer sends gets out of here as an exception.
 */
export class Receiver {
  readonly #state: ConnectionState;
  readonly #output: Output;
  readonly #inbound: Inbound;

  constructor(state: ConnectionState, output: Output, inbound: Inbound) {
    this.#state = state;
    this.#output = output;
    this.#inbound = inbound;
  }

  /** Takes octets and adds what they mean to `events`. */
  receive(octets: Uint8Array, events: H2Event[]): void {
    if (this.#state.isTerminated) return;
    const { reader } = this.#inbound;
    reader.push(octets);
    while (!this.#receiveFrames(events)) {
      // A fault of one stream: the frames behind it still count.
    }
    // What came behind the end is not worth a copy that lives as long as the connection.
    if (this.#state.isTerminated) reader.clear();
    else reader.detach();
  }

  /** Ends the connection for a reason that no frame gave, such as a deadline. */
  terminate(fault: ConnectionFault, events: H2Event[]): void {
    this.#endConnection(fault, events);
  }

  /** Whether all frames are done; false after a fault of one stream. */
  #receiveFrames(events: H2Event[]): boolean {
    const { reader } = this.#inbound;
    try {
      for (let frame = reader.next(); frame !== null; frame = reader.next())
        this.#inbound.receive(frame, events);
      return true;
    } catch (fault) {
      return this.#answer(fault, events);
    }
  }

  /** Whether the connection is over. */
  #answer(thrown: unknown, events: H2Event[]): boolean {
    try {
      if (thrown instanceof StreamFault) {
        // Its parser cannot know that no other frame may come here.
        if (this.#inbound.isInFieldBlock)
          throw new ConnectionFault(ErrorCode.PROTOCOL_ERROR, thrown.reason, "RFC 9113 section 6.10");
        this.#resetStream(thrown, events);
        return false;
      }
      this.#endConnection(connectionFault(thrown), events);
    } catch (second) {
      this.#endConnection(connectionFault(second), events);
    }
    return true;
  }

  #resetStream(fault: StreamFault, events: H2Event[]): void {
    const { streams, guard } = this.#state;
    const { streamId, errorCode } = fault;
    const stream = streams.find(streamId);
    const state = stream === undefined ? streams.stateOf(streamId) : stream.state;
    // An idle stream cannot be reset, so the fault is the connection's.
    if (state === StreamState.IDLE || this.#isEscalated(fault)) {
      throw new ConnectionFault(errorCode, fault.reason, fault.section);
    }
    if (state === StreamState.RESET_HERE) return;
    // Refused streams have a budget of their own.
    if (errorCode !== ErrorCode.REFUSED_STREAM) guard.spend("resetsProvoked");
    this.#output.rstStream(streamId, errorCode);
    if (stream === undefined || isClosed(state)) return;
    streams.enter(stream, judge(state, StreamInput.SEND_RST_STREAM));
    events.push({
      type: "StreamReset",
      streamId,
      errorCode,
      remoteReset: false,
      isUnprocessed: false,
      error: peerError(fault),
    });
  }

  /** hyper-h2 answers these two on the stream even so. */
  #isEscalated(fault: StreamFault): boolean {
    if (!this.#state.configuration.escalateStreamErrors) return false;
    return fault.errorCode !== ErrorCode.STREAM_CLOSED && !(fault instanceof WindowOverflow);
  }

  #endConnection(fault: ConnectionFault, events: H2Event[]): void {
    const { streams } = this.#state;
    if (this.#state.isTerminated) return;
    this.#state.isTerminated = true;
    const lastStreamId =
      this.#state.sentGoaway >= 0
        ? Math.min(this.#state.sentGoaway, streams.highestInbound)
        : streams.highestInbound;
    this.#state.sentGoaway = lastStreamId;
    const additionalData = this.#state.configuration.sendDebugData ? debugText(fault.message) : null;
    this.#output.goaway(lastStreamId, fault.errorCode, additionalData ?? NOTHING);
    events.push({
      type: "ConnectionTerminated",
      errorCode: fault.errorCode,
      lastStreamId,
      additionalData,
      initiator: "local",
      error: peerError(fault),
      unprocessedStreamIds: [],
    });
  }
}

function peerError(fault: ConnectionFault | StreamFault): PeerError {
  return { errorCode: fault.errorCode, reason: fault.reason, section: fault.section };
}

/** Whatever was thrown, as a fault of the connection. */
function connectionFault(thrown: unknown): ConnectionFault {
  if (thrown instanceof ConnectionFault) return thrown;
  if (thrown instanceof HpackFault)
    return new ConnectionFault(ErrorCode.COMPRESSION_ERROR, thrown.reason, thrown.section);
  if (thrown instanceof FieldListTooLarge) {
    return new ConnectionFault(ErrorCode.ENHANCE_YOUR_CALM, thrown.reason, thrown.section);
  }
  // Ours, not the peer's: still no reason to take the process down.
  return new ConnectionFault(
    ErrorCode.INTERNAL_ERROR,
    `internal error: ${String(thrown)}`,
    "RFC 9113 section 7",
  );
}

function debugText(text: string): Uint8Array {
  const length = Math.min(text.length, LONGEST_DEBUG_TEXT);
  const octets = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    octets[index] = code >= 0x20 && code < 0x7f ? code : 0x3f;
  }
  return octets;
}
