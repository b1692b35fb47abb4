import { LARGEST_WINDOW_SIZE } from "../frames/limits.ts";
import { judge, StreamInput, StreamState, Verdict, verdictOf } from "../streams/stream-state.ts";
import { misuse, requireStream } from "./caller-checks.ts";
import { FlowControlError } from "./errors.ts";
import type { Output } from "./output.ts";
import type { ConnectionState } from "./state.ts";

/** What a caller does with the windows (RFC 9113 section 6.9); 0 stands for the whole connection. */
export class FlowControl {
  readonly #state: ConnectionState;
  readonly #output: Output;

  constructor(state: ConnectionState, output: Output) {
    this.#state = state;
    this.#output = output;
  }

  /** Octets of DATA that may be sent on a stream now. */
  sendable(streamId: number): number {
    const { sendWindow } = requireStream(this.#state, streamId);
    return Math.min(this.#state.sendWindow.available, sendWindow.available);
  }

  /** Octets of DATA that may come on a stream now. */
  receivable(streamId: number): number {
    const { receiveWindow } = requireStream(this.#state, streamId);
    return Math.min(this.#state.receiveWindow.available, receiveWindow.available);
  }

  /** The caller is done with octets it received. */
  acknowledge(octets: number, streamId: number): void {
    if (!Number.isInteger(streamId) || streamId <= 0) throw new RangeError("the stream must be above 0");
    if (!Number.isInteger(octets) || octets < 0) throw new RangeError("the size must be 0 or more");
    const { streams, receiveWindow, isTerminated } = this.#state;
    const stream = streams.find(streamId);
    if (stream === undefined && streams.stateOf(streamId) === StreamState.IDLE) {
      requireStream(this.#state, streamId);
    }
    if (isTerminated) return;
    this.#update(0, receiveWindow.acknowledge(octets));
    // A peer that has ended its half needs no window there.
    if (stream === undefined) return;
    if (verdictOf(judge(stream.state, StreamInput.RECEIVE_DATA)) !== Verdict.PROCEED) return;
    this.#update(streamId, stream.receiveWindow.acknowledge(octets));
  }

  /** Opens a window by hand. */
  increment(increment: number, streamId: number): void {
    this.#state.assertAlive();
    if (!Number.isInteger(increment) || increment < 1 || increment > LARGEST_WINDOW_SIZE) {
      throw new RangeError(`an increment is 1 to 2^31 - 1, not ${increment}`);
    }
    const stream = streamId === 0 ? null : requireStream(this.#state, streamId);
    if (stream !== null) {
      const verdict = verdictOf(judge(stream.state, StreamInput.SEND_WINDOW_UPDATE));
      if (verdict !== Verdict.PROCEED) throw misuse(streamId, stream.state, "WINDOW_UPDATE");
    }
    const window = stream === null ? this.#state.receiveWindow : stream.receiveWindow;
    if (!window.open(increment)) {
      throw new FlowControlError("a window cannot be larger than 2^31 - 1 (RFC 9113 section 6.9.1)");
    }
    this.#update(streamId, increment);
  }

  #update(streamId: number, increment: number): void {
    if (increment > 0) this.#output.windowUpdate(streamId, increment);
  }
}
