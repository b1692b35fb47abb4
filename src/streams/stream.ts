import { ReceiveWindow, SendWindow } from "./flow-window.ts";
import { MessageProgress } from "./message-progress.ts";
import type { SendQueue } from "./send-queue.ts";
import { StreamState } from "./stream-state.ts";

/** The urgency of a stream that nobody gave another one (RFC 9218 section 4.1). */
const DEFAULT_URGENCY = 3;

/** One stream: a flat record. Its state is changed by `StreamTable.enter` alone. */
export class Stream {
  readonly id: number;
  state: StreamState;
  /** How far the messages have come, ours and the peer's. */
  sendProgress: MessageProgress;
  receiveProgress: MessageProgress;
  readonly sendWindow: SendWindow;
  readonly receiveWindow: ReceiveWindow;
  /** Octets of body that the peer's content-length promised, or -1. */
  expectedLength: number;
  /** Octets of body that came so far. */
  receivedLength: number;
  /** At a client: whether the request is a HEAD, whose response has no body, whatever its fields say. */
  isHead: boolean;
  /** Whether the request is a CONNECT. */
  isConnect: boolean;
  /** Whether both ends agreed on a tunnel: no content-length counts, no trailers come (RFC 9113 section 8.5). */
  isTunnel: boolean;
  /** At a client: the request's `:scheme` and `:authority`, its origin, which ALTSVC and 421 are about. */
  scheme: string;
  authority: string;
  /** Priority of what we send (RFC 9218). */
  urgency: number;
  isIncremental: boolean;
  /** Interim responses that came. */
  interimHeads: number;
  /** What `queueData` left behind, or null. */
  sendQueue: SendQueue | null;
  /** Whether the scheduler has this stream in its lists. */
  isScheduled: boolean;
  /** The turn of the scheduler since which it waits there. */
  waitsSince: number;
  /** Whether a `StreamDrained` event is owed to the caller. */
  owesDrained: boolean;

  constructor(id: number, sendWindow: number, receiveWindow: number) {
    this.id = id;
    this.state = StreamState.IDLE;
    this.sendProgress = MessageProgress.START;
    this.receiveProgress = MessageProgress.START;
    this.sendWindow = new SendWindow(sendWindow);
    this.receiveWindow = new ReceiveWindow(receiveWindow);
    this.expectedLength = -1;
    this.receivedLength = 0;
    this.isHead = false;
    this.isConnect = false;
    this.isTunnel = false;
    this.scheme = "";
    this.authority = "";
    this.urgency = DEFAULT_URGENCY;
    // RFC 9218 section 4.2 has false for a request that says nothing; with that a small response would wait for
    // a large one before it, so that streams without a signal take turns here.
    this.isIncremental = true;
    this.interimHeads = 0;
    this.sendQueue = null;
    this.isScheduled = false;
    this.waitsSince = 0;
    this.owesDrained = false;
  }
}
