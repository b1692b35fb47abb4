import type { Stream } from "../streams/stream.ts";
import { isReset, judge, StreamInput } from "../streams/stream-state.ts";
import type { Output } from "./output.ts";
import type { ConnectionState } from "./state.ts";

const URGENCIES = 8;
/** Octets of a DATA frame at most, however large the peer's frames may be: others want their turn. */
const LARGEST_PART = 16_384;

/**
 * Which stream sends next: the most urgent ones first; among equals a stream that is not incremental is served
 * to its end, in the order of the requests, and incremental ones take turns, a frame each (RFC 9218 section 10).
 *
 * So that none starves, one turn of `fairTurnInterval` goes to the stream that has waited longest, whatever its
 * priority: while N streams wait, each is served once in N times that many turns, however much the others have.
 *
 * DATA frames are cut when output is taken, so that a late change of priority or of a window still counts.
 * A stream whose window is empty leaves the lists and comes back when the window opens.
 */
export class Scheduler {
  readonly #state: ConnectionState;
  readonly #output: Output;
  readonly #ready: Stream[][];
  readonly #fairTurnInterval: number;
  #count: number;
  /** Frames sent so far. */
  #turn: number;
  /** Turns up to the next one that has nothing to do with priority; those without a rival do not count. */
  #turnsToFair: number;
  #drained: number[];

  constructor(state: ConnectionState, output: Output) {
    this.#state = state;
    this.#output = output;
    this.#ready = Array.from({ length: URGENCIES }, () => []);
    this.#fairTurnInterval = state.configuration.fairTurnInterval;
    this.#count = 0;
    this.#turn = 0;
    this.#turnsToFair = this.#fairTurnInterval;
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
    if (this.#count > 2 * this.#state.streams.size) this.#dropClosed();
    stream.isScheduled = true;
    stream.waitsSince = this.#turn;
    this.#count++;
    const list = this.#ready[stream.urgency] as Stream[];
    const place = stream.isIncremental
      ? -1
      : list.findIndex((other) => !other.isIncremental && other.id > stream.id);
    if (place < 0) list.push(stream);
    else list.splice(place, 0, stream);
  }

  /** Puts a stream whose priority changed where it belongs now. */
  move(stream: Stream, urgency: number, isIncremental: boolean): void {
    const { waitsSince } = stream;
    const moves =
      stream.isScheduled && (urgency !== stream.urgency || (stream.isIncremental && !isIncremental));
    if (moves) this.#remove(stream);
    stream.urgency = urgency;
    stream.isIncremental = isIncremental;
    this.add(stream);
    if (moves) stream.waitsSince = waitsSince;
  }

  /** Writes frames until `budget` octets of body are written, the windows are used up, or nothing waits. */
  produce(budget: number): void {
    const { sendWindow } = this.#state;
    let left = budget;
    // Where the window of the connection is empty, a WINDOW_UPDATE will say when to go on.
    while (this.#count > 0 && left > 0 && sendWindow.available > 0) {
      const stream = this.#turnsToFair <= 1 ? this.#longestWaiting() : this.#mostUrgent();
      const isContended = this.#count > 1;
      const sent = this.#serve(stream, left);
      left -= sent;
      if (sent > 0) this.#endTurn(stream, isContended);
      if (!this.#canContinue(stream)) this.#remove(stream);
      else if (stream.isIncremental) this.#moveBack(stream);
    }
  }

  #mostUrgent(): Stream {
    let urgency = 0;
    while ((this.#ready[urgency] as Stream[]).length === 0) urgency++;
    return (this.#ready[urgency] as Stream[])[0] as Stream;
  }

  /** A walk over all that wait, once in many frames. */
  #longestWaiting(): Stream {
    let longest = this.#mostUrgent();
    for (const list of this.#ready) {
      for (const stream of list) if (stream.waitsSince < longest.waitsSince) longest = stream;
    }
    return longest;
  }

  #endTurn(stream: Stream, isContended: boolean): void {
    this.#turn++;
    stream.waitsSince = this.#turn;
    if (!isContended) return;
    this.#turnsToFair = this.#turnsToFair <= 1 ? this.#fairTurnInterval : this.#turnsToFair - 1;
  }

  /** Sends one DATA frame, and trailers behind the last one; returns the octets of body sent. */
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
    if (room <= 0) return 0;
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

  /** Streams that were reset leave the lists when their turn comes; where none comes, they must not pile up. */
  #dropClosed(): void {
    for (const list of this.#ready) {
      for (const stream of list.filter(({ sendQueue }) => sendQueue === null)) this.#remove(stream);
    }
  }

  #remove(stream: Stream): void {
    const list = this.#ready[stream.urgency] as Stream[];
    if (list[0] === stream) list.shift();
    else list.splice(list.indexOf(stream), 1);
    stream.isScheduled = false;
    this.#count--;
  }

  #moveBack(stream: Stream): void {
    const list = this.#ready[stream.urgency] as Stream[];
    if (list.length === 1) return;
    if (list[0] === stream) list.shift();
    else list.splice(list.indexOf(stream), 1);
    list.push(stream);
  }
}
