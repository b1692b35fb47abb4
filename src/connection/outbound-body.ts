import { MessagePart, OUT_OF_ORDER, progressAfter } from "../streams/message-progress.ts";
import { SendQueue } from "../streams/send-queue.ts";
import type { Stream } from "../streams/stream.ts";
import { judge, StreamInput, Verdict, verdictOf } from "../streams/stream-state.ts";
import { checkFrameLength, checkOctets, misuse, requireStream } from "./caller-checks.ts";
import { FlowControlError, ProtocolError } from "./errors.ts";
import type { Output } from "./output.ts";
import type { Scheduler } from "./scheduler.ts";
import type { ConnectionState } from "./state.ts";

const NOTHING = new Uint8Array(0);

/** Options of `sendData`. */
export interface SendDataOptions {
  /** Whether the message ends here. */
  endStream?: boolean;
  /** Octets of padding, 0 to 255; they count for flow control, as does the octet that says how many. */
  padLength?: number;
}

/** Bodies on their way out: at once by `sendData`, or in the engine's time by `queueData`. */
export class OutboundBody {
  readonly #state: ConnectionState;
  readonly #output: Output;
  readonly #scheduler: Scheduler;

  constructor(state: ConnectionState, output: Output, scheduler: Scheduler) {
    this.#state = state;
    this.#output = output;
    this.#scheduler = scheduler;
  }

  sendData(streamId: number, data: Uint8Array, options: SendDataOptions): void {
    const padLength = checkedPadding(options.padLength);
    checkOctets(data);
    this.#state.assertAlive();
    const stream = requireStream(this.#state, streamId);
    const length = data.length + padLength + 1;
    if (length > 0) this.#checkRoom(stream, length);
    this.#checkBody(stream);
    if (stream.sendQueue !== null && !stream.sendQueue.isEmpty) {
      throw new ProtocolError(`data is queued on stream ${streamId}: what follows must be queued too`);
    }
    this.#state.sendWindow.consume(length);
    stream.sendWindow.consume(length);
    this.#output.data(streamId, data, options.endStream === true, padLength);
    if (options.endStream === true) this.#end(stream);
  }

  /** Returns whether more is welcome now. */
  queueData(streamId: number, data: Uint8Array, endStream: boolean): boolean {
    checkOctets(data);
    this.#state.assertAlive();
    const stream = requireStream(this.#state, streamId);
    this.#checkBody(stream);
    if (stream.sendQueue?.endStream === true) throw new ProtocolError(`stream ${streamId} was ended already`);
    stream.sendQueue ??= new SendQueue();
    const queue = stream.sendQueue;
    if (endStream && data.length === 0 && queue.length === 0) {
      // Nothing but the end: there is nothing to wait for.
      this.sendData(streamId, data, { endStream });
      return true;
    }
    queue.push(data);
    queue.endStream = endStream;
    this.#scheduler.add(stream);
    const isWelcome = queue.length <= this.#state.configuration.sendBufferLowWaterMark;
    if (!isWelcome) stream.owesDrained = true;
    return isWelcome;
  }

  /** Ends our half, behind queued data if there is any. */
  end(streamId: number): void {
    const queue = this.#state.streams.find(streamId)?.sendQueue ?? null;
    if (queue === null || queue.isEmpty) this.sendData(streamId, NOTHING, { endStream: true });
    else this.queueData(streamId, NOTHING, true);
  }

  #checkRoom(stream: Stream, length: number): void {
    const room = Math.min(this.#state.sendWindow.available, stream.sendWindow.available);
    if (length > room)
      throw new FlowControlError(
        `${length} octets do not fit into a window of ${room} (RFC 9113 section 5.2)`,
      );
    checkFrameLength(this.#state, length);
  }

  #checkBody(stream: Stream): void {
    if (verdictOf(judge(stream.state, StreamInput.SEND_DATA)) !== Verdict.PROCEED) {
      throw misuse(stream.id, stream.state, "DATA");
    }
    if (progressAfter(stream.sendProgress, MessagePart.DATA) !== OUT_OF_ORDER) return;
    if (this.#state.configuration.validateOutboundHeaders) {
      throw new ProtocolError(
        `DATA on stream ${stream.id} must follow a head and precede trailers (RFC 9113 section 8.1)`,
      );
    }
  }

  #end(stream: Stream): void {
    this.#state.streams.enter(stream, judge(stream.state, StreamInput.SEND_END_STREAM));
  }
}

/** @returns the padding in octets, or -1 for none. */
function checkedPadding(padLength: number | undefined): number {
  if (padLength === undefined) return -1;
  if (!Number.isInteger(padLength)) throw new TypeError("padLength must be a whole number");
  if (padLength < 0 || padLength > 255) throw new RangeError("padLength must be 0 to 255");
  return padLength;
}
