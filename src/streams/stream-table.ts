import { ClosedStreams } from "./closed-streams.ts";
import { Stream } from "./stream.ts";
import { enter, isClosed, isCounted, StreamState } from "./stream-state.ts";

/** The largest stream identifier (RFC 9113 section 5.1.1). */
const LARGEST_STREAM_ID = 0x7fffffff;

/**
 * The streams of a connection by identifier: which live, which ids come next, how many count.
 *
 * Outbound are the streams that this side opens (odd ids for a client, even ids for a server), inbound those
 * that the peer opens. A stream leaves the table as it closes; how it closed is remembered for a while.
 */
export class StreamTable {
  /** Windows of streams that open from now on, in octets. */
  initialSendWindow: number;
  initialReceiveWindow: number;
  /** The highest identifiers used so far, 0 if none was. */
  highestInbound: number;
  highestOutbound: number;
  /** Streams that count against the limits on concurrency (section 5.1.2). */
  openInbound: number;
  openOutbound: number;
  /** Streams that the peer promised and did not open yet. */
  reservedInbound: number;
  /** Streams that there ever were; identifiers that were skipped do not count. */
  opened: number;
  readonly #outboundParity: number;
  readonly #live: Map<number, Stream>;
  /** Those that we reset are remembered apart: more may still come on them, however many others close. */
  readonly #closed: ClosedStreams;
  readonly #resetHere: ClosedStreams;

  constructor(
    isClient: boolean,
    initialSendWindow: number,
    initialReceiveWindow: number,
    remembered: number,
  ) {
    this.initialSendWindow = initialSendWindow;
    this.initialReceiveWindow = initialReceiveWindow;
    this.highestInbound = 0;
    this.highestOutbound = 0;
    this.openInbound = 0;
    this.openOutbound = 0;
    this.reservedInbound = 0;
    this.opened = 0;
    this.#outboundParity = isClient ? 1 : 0;
    this.#live = new Map();
    this.#closed = new ClosedStreams(remembered);
    this.#resetHere = new ClosedStreams(remembered);
  }

  /** Streams that are not closed. */
  get size(): number {
    return this.#live.size;
  }

  /** The stream, unless it is idle or closed. */
  find(id: number): Stream | undefined {
    return this.#live.get(id);
  }

  /** All streams that are not closed, oldest first. */
  live(): IterableIterator<Stream> {
    return this.#live.values();
  }

  /** Whether `id` is one that this side may open. */
  isOutbound(id: number): boolean {
    return (id & 1) === this.#outboundParity;
  }

  /** The highest identifier used so far on the side that `id` belongs to. */
  highestLike(id: number): number {
    return this.isOutbound(id) ? this.highestOutbound : this.highestInbound;
  }

  /** The next identifier for a stream of ours, or 0 if they are used up. */
  nextOutbound(): number {
    const next = this.highestOutbound === 0 ? 2 - this.#outboundParity : this.highestOutbound + 2;
    return next > LARGEST_STREAM_ID ? 0 : next;
  }

  /** The state of any stream. */
  stateOf(id: number): StreamState {
    const stream = this.#live.get(id);
    if (stream !== undefined) return stream.state;
    if (id > this.highestLike(id)) return StreamState.IDLE;
    const closed = this.#closed.stateOf(id);
    return closed === StreamState.FORGOTTEN ? this.#resetHere.stateOf(id) : closed;
  }

  /** A new idle stream; its id must be above `highestLike(id)`. All idle ones below it are closed by this. */
  open(id: number): Stream {
    const stream = new Stream(id, this.initialSendWindow, this.initialReceiveWindow);
    if (this.isOutbound(id)) this.highestOutbound = id;
    else this.highestInbound = id;
    this.#live.set(id, stream);
    this.opened++;
    return stream;
  }

  /** Puts `stream` into the state of `cell`; keeps the counts and lets a closed stream go. */
  enter(stream: Stream, cell: number): void {
    const before = stream.state;
    enter(stream, cell);
    if (stream.state === before) return;
    this.#count(stream, before);
    if (isClosed(stream.state)) {
      this.#live.delete(stream.id);
      const memory = stream.state === StreamState.RESET_HERE ? this.#resetHere : this.#closed;
      memory.add(stream.id, stream.state);
      stream.sendQueue = null;
    }
  }

  #count(stream: Stream, before: StreamState): void {
    if (before === StreamState.RESERVED_REMOTE) this.reservedInbound--;
    if (stream.state === StreamState.RESERVED_REMOTE) this.reservedInbound++;
    const change = Number(isCounted(stream.state)) - Number(isCounted(before));
    if (this.isOutbound(stream.id)) this.openOutbound += change;
    else this.openInbound += change;
  }
}
