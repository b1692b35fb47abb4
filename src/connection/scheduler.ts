import type { Stream } from "../streams/stream.ts";
import { isReset, judge, StreamInput } from "../streams/stream-state.ts";
import type { Output } from "./output.ts";
import type { ConnectionState } from "./state.ts";

const URGENCIES = 8;
/** Octets of a DATA frame at most, however large the peer's frames may be: others want their turn. */
const LARGEST_PART = 16_384;

/**
 * Which stream sends next: the most urgent ones first; among equals a stream that is not incremental is served
 * to its end, and incremental ones take turns, a frame each (RFC 9218 section 10).
 *
 * DATA frames are cut when output is taken, so that a late change of priority or of a window still counts.
 * A stream whose window is empty leaves the lists and comes back when the window opens.
 */
export class Scheduler {
  readonly #state: ConnectionState;
  readonly #output: Output;
  readonly #ready: Stream[][];
  #count: number;
  #drained: number[];

  constructor(state: ConnectionState, output: Output) {
    this.#state = state;
    this.#output = output;
    this.#ready = Array.from({ length: URGENCIES }, () => []);
    this.#count = 0;
    this.#drained = [];
  }

  /** Whether streams fell to the low-water mark since `takeDrained`. */
  get hasDrained(): boolean {
    return this.#drained.length > 0;
  }

  /** The streams whose queue fell to the low-water mark since the last call. */
  takeDrained(): number[] {
    const drained = this.#drained;
    this.#drained = [];
    const { streams } = this.#state;
    return drained.filter((id) => !isReset(streams.stateOf(id)));
  }

  /** Takes up a stream that has something to send; nothing happens if it is here or must wait for its window. */
  add(stream: Stream): void {
    const queue = stream.sendQueue;
    if (stream.isScheduled || queue === null || queue.length === 0 || stream.sendWindow.available <= 0)
      return;
    stream.isScheduled = true;
    (this.#ready[stream.urgency] as Stream[]).push(stream);
    this.#count++;
  }

  /** Puts a stream whose priority changed where it belongs now. */
  move(stream: Stream, urgency: number, isIncremental: boolean): void {
    if (stream.isScheduled && urgency !== stream.urgency) {
      const old = this.#ready[stream.urgency] as Stream[];
      old.splice(old.indexOf(stream), 1);
      stream.isScheduled = false;
      this.#count--;
    }
    stream.urgency = urgency;
    stream.isIncremental = isIncremental;
    this.add(stream);
  }

  /** Writes frames until `budget` octets of body are written, the windows are used up, or nothing waits. */
  produce(budget: number): void {
    let left = budget;
    while (this.#count > 0 && left > 0) {
      const list = this.#ready.find((candidates) => candidates.length > 0) as Stream[];
      const stream = list[0] as Stream;
      const sent = this.#serve(stream, left);
      // The window of the connection is empty: a WINDOW_UPDATE will say when to go on.
      if (sent < 0) return;
      left -= sent;
      if (!this.#canContinue(stream)) this.#remove(list);
      else if (stream.isIncremental && list.length > 1) list.push(list.shift() as Stream);
    }
  }

  /** Sends one DATA frame, and trailers behind the last one; returns the octets of body sent, or -1 if the connection's window is empty. */
  #serve(stream: Stream, budget: number): number {
    const queue = stream.sendQueue;
    if (queue === null || queue.length === 0) return 0;
    const { sendWindow, remoteSettings } = this.#state;
    const room = Math.min(
      stream.sendWindow.available,
      sendWindow.available,
      remoteSettings.maxFrameSize,
      LARGEST_PART,
      budget,
    );
    if (room <= 0) return sendWindow.available <= 0 ? -1 : 0;
    const data = queue.take(room);
    sendWindow.consume(data.length);
    stream.sendWindow.consume(data.length);
    const isLast = queue.length === 0 && queue.endStream;
    this.#output.data(stream.id, data, isLast && queue.trailers === null, -1);
    // Trailers need no window, so they go right behind.
    if (isLast && queue.trailers !== null) this.#output.headers(stream.id, queue.trailers, true, null);
    if (isLast) this.#close(stream);
    this.#noteDrained(stream, queue.length);
    return data.length;
  }

  #close(stream: Stream): void {
    stream.sendQueue = null;
    this.#state.streams.enter(stream, judge(stream.state, StreamInput.SEND_END_STREAM));
  }

  #noteDrained(stream: Stream, waiting: number): void {
    if (!stream.owesDrained || waiting > this.#state.configuration.sendBufferLowWaterMark) return;
    stream.owesDrained = false;
    this.#drained.push(stream.id);
  }

  #canContinue(stream: Stream): boolean {
    const queue = stream.sendQueue;
    return queue !== null && queue.length > 0 && stream.sendWindow.available > 0;
  }

  #remove(list: Stream[]): void {
    const stream = list.shift() as Stream;
    stream.isScheduled = false;
    this.#count--;
  }
}
