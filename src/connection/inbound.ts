import type { DataFrame } from "../frames/data.ts";
import { ErrorCode } from "../frames/error-code.ts";
import { ConnectionFault, StreamFault } from "../frames/fault.ts";
import type { Frame } from "../frames/frame.ts";
import { FrameReader } from "../frames/frame-reader.ts";
import { FrameType } from "../frames/frame-type.ts";
import type { GoawayFrame } from "../frames/goaway.ts";
import type { PingFrame } from "../frames/ping.ts";
import type { RstStreamFrame } from "../frames/rst-stream.ts";
import type { SettingsFrame } from "../frames/settings.ts";
import type { WindowUpdateFrame } from "../frames/window-update.ts";
import { MessagePart, OUT_OF_ORDER, progressAfter } from "../streams/message-progress.ts";
import type { Stream } from "../streams/stream.ts";
import { judge, StreamInput, Verdict, verdictOf } from "../streams/stream-state.ts";
import type { H2Event, StreamEnded } from "./events.ts";
import { FieldBlock } from "./field-block.ts";
import { InboundHead, wrongLength } from "./inbound-head.ts";
import { InboundHints } from "./inbound-hints.ts";
import { InboundSettings } from "./inbound-settings.ts";
import type { Output } from "./output.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Shutdown } from "./shutdown.ts";
import { type ConnectionState, NO_GOAWAY } from "./state.ts";
import { stateFault, WindowOverflow } from "./state-fault.ts";

/**
 * Frames to events: one method a frame type behind one switch.
 *
 * What the whole connection shares (field compression, the connection's window, budgets) is settled before
 * anything that may end in a fault of one stream. Faults are thrown; `Receiver` turns them into answers.
 */
export class Inbound {
  readonly reader: FrameReader;
  /** Field blocks that needed CONTINUATION, so far. */
  blocksBegun: number;
  readonly settings: InboundSettings;
  readonly #state: ConnectionState;
  readonly #output: Output;
  readonly #scheduler: Scheduler;
  readonly #shutdown: Shutdown;
  readonly #head: InboundHead;
  readonly #hints: InboundHints;
  readonly #fieldBlock: FieldBlock;

  constructor(state: ConnectionState, output: Output, scheduler: Scheduler, shutdown: Shutdown) {
    this.#state = state;
    this.#output = output;
    this.#scheduler = scheduler;
    this.#shutdown = shutdown;
    this.reader = new FrameReader(state.localSettings.maxFrameSize, !state.isClient);
    this.#head = new InboundHead(state, output, scheduler);
    this.#hints = new InboundHints(state, scheduler);
    this.settings = new InboundSettings(state, output, scheduler, this.reader, this.#head);
    this.#fieldBlock = new FieldBlock(state);
    this.blocksBegun = 0;
  }

  /** Whether a field block began and is not complete. */
  get isInFieldBlock(): boolean {
    return this.#fieldBlock.head !== null;
  }

  /** Takes one frame. @throws ConnectionFault, StreamFault, or a fault of HPACK. */
  receive(frame: Frame, events: H2Event[]): void {
    this.settings.checkFirst(frame);
    this.#fieldBlock.checkNext(frame);
    switch (frame.type) {
      case FrameType.DATA:
        this.#receiveData(frame, events);
        return;
      case FrameType.HEADERS:
      case FrameType.PUSH_PROMISE:
        if (frame.endHeaders) this.#receiveBlock(frame, frame.fragment, events);
        else {
          this.blocksBegun++;
          this.#fieldBlock.begin(frame);
        }
        return;
      case FrameType.CONTINUATION: {
        const block = this.#fieldBlock.continue(frame);
        if (block !== null) this.#receiveJoined(block, events);
        return;
      }
      case FrameType.PRIORITY:
        this.#hints.receivePriority(frame, events);
        return;
      case FrameType.RST_STREAM:
        this.#receiveRstStream(frame, events);
        return;
      case FrameType.SETTINGS:
        this.#receiveSettings(frame, events);
        return;
      case FrameType.PING:
        this.#receivePing(frame, events);
        return;
      case FrameType.GOAWAY:
        this.#receiveGoaway(frame, events);
        return;
      case FrameType.WINDOW_UPDATE:
        this.#receiveWindowUpdate(frame, events);
        return;
      case FrameType.ALTSVC:
        this.#hints.receiveAltsvc(frame, events);
        return;
      case FrameType.ORIGIN:
        this.#hints.receiveOrigin(frame, events);
        return;
      case FrameType.PRIORITY_UPDATE:
        this.#hints.receivePriorityUpdate(frame, events);
        return;
      default:
        this.#state.guard.spend("uselessFrames");
        events.push({ type: "UnknownFrameReceived", frame });
    }
  }

  #receiveJoined(block: Uint8Array, events: H2Event[]): void {
    const head = this.#fieldBlock.head;
    this.#fieldBlock.end();
    if (head !== null) this.#receiveBlock(head, block, events);
  }

  #receiveBlock(head: NonNullable<FieldBlock["head"]>, block: Uint8Array, events: H2Event[]): void {
    if (head.type === FrameType.HEADERS) this.#head.receiveHeaders(head, block, events);
    else this.#head.receivePromise(head, block, events);
  }

  #receiveData(frame: DataFrame, events: H2Event[]): void {
    const { streamId, flowControlledLength } = frame;
    const { streams, receiveWindow } = this.#state;
    if (!receiveWindow.receive(flowControlledLength))
      throw overrun("connection", ErrorCode.FLOW_CONTROL_ERROR);
    if (frame.data.length === 0 && !frame.endStream) this.#state.guard.spend("emptyData");
    const stream = streams.find(streamId);
    const state = stream === undefined ? streams.stateOf(streamId) : stream.state;
    const verdict = verdictOf(judge(state, StreamInput.RECEIVE_DATA));
    if (stream === undefined || verdict !== Verdict.PROCEED) {
      this.#dropData(frame, verdict);
      return;
    }
    if (!stream.receiveWindow.receive(flowControlledLength)) {
      this.#credit(flowControlledLength);
      throw new StreamFault(
        streamId,
        ErrorCode.FLOW_CONTROL_ERROR,
        "DATA beyond the window of its stream",
        "RFC 9113 section 6.9.1",
      );
    }
    this.#countBody(stream, frame);
    const streamEnded: StreamEnded | null = frame.endStream ? { type: "StreamEnded", streamId } : null;
    events.push({ type: "DataReceived", streamId, data: frame.data, flowControlledLength, streamEnded });
    if (streamEnded === null) return;
    events.push(streamEnded);
    streams.enter(stream, judge(stream.state, StreamInput.RECEIVE_END_STREAM));
  }

  /** Nobody will acknowledge what is dropped, so the connection's window is given back here. */
  #dropData(frame: DataFrame, verdict: Verdict): void {
    this.#credit(frame.flowControlledLength);
    if (verdict !== Verdict.DISCARD) throw stateFault(verdict, frame.streamId, "DATA");
    this.#state.guard.spend("uselessFrames");
  }

  #credit(octets: number): void {
    const increment = this.#state.receiveWindow.acknowledge(octets);
    if (increment > 0) this.#output.windowUpdate(0, increment);
  }

  /** @throws StreamFault if the body comes too early, or is not as long as content-length says. */
  #countBody(stream: Stream, frame: DataFrame): void {
    if (progressAfter(stream.receiveProgress, MessagePart.DATA) === OUT_OF_ORDER) {
      this.#credit(frame.flowControlledLength);
      throw new StreamFault(
        stream.id,
        ErrorCode.PROTOCOL_ERROR,
        "cannot receive data before headers",
        "RFC 9113 section 8.1",
      );
    }
    stream.receivedLength += frame.data.length;
    const { expectedLength, receivedLength } = stream;
    if (expectedLength < 0) return;
    if (receivedLength <= expectedLength && (!frame.endStream || receivedLength === expectedLength)) return;
    this.#credit(frame.flowControlledLength);
    throw wrongLength(stream);
  }

  #receiveRstStream(frame: RstStreamFrame, events: H2Event[]): void {
    const { streamId, errorCode } = frame;
    const { streams } = this.#state;
    this.#state.guard.spend("resetsReceived");
    const stream = streams.find(streamId);
    const cell = judge(
      stream === undefined ? streams.stateOf(streamId) : stream.state,
      StreamInput.RECEIVE_RST_STREAM,
    );
    const verdict = verdictOf(cell);
    if (verdict === Verdict.IGNORE) return;
    if (stream === undefined || verdict !== Verdict.PROCEED)
      throw stateFault(verdict, streamId, "RST_STREAM");
    streams.enter(stream, cell);
    const isUnprocessed = errorCode === ErrorCode.REFUSED_STREAM && streams.isOutbound(streamId);
    events.push({ type: "StreamReset", streamId, errorCode, remoteReset: true, isUnprocessed, error: null });
  }

  #receiveSettings(frame: SettingsFrame, events: H2Event[]): void {
    if (frame.ack)
      events.push({ type: "SettingsAcknowledged", changedSettings: this.settings.acknowledge() });
    else
      events.push({ type: "RemoteSettingsChanged", changedSettings: this.settings.receive(frame.settings) });
  }

  #receivePing(frame: PingFrame, events: H2Event[]): void {
    if (frame.ack) {
      if (this.#state.unansweredPings === 0) this.#state.guard.spend("uselessFrames");
      else this.#state.unansweredPings--;
      events.push({ type: "PingAckReceived", pingData: frame.data });
      if (this.#shutdown.isWaiting) this.#shutdown.receiveAnswer(frame.data);
      return;
    }
    this.#output.pingAck(frame.data);
    events.push({ type: "PingReceived", pingData: frame.data });
  }

  /** The streams up to the last one go on; those above it were surely not processed (section 6.8). */
  #receiveGoaway(frame: GoawayFrame, events: H2Event[]): void {
    const { lastStreamId, errorCode, debugData } = frame;
    const before = this.#state.receivedGoaway;
    if (before !== NO_GOAWAY) this.#state.guard.spend("uselessFrames");
    // A later GOAWAY can only lower the last stream.
    this.#state.receivedGoaway = before === NO_GOAWAY ? lastStreamId : Math.min(before, lastStreamId);
    events.push({
      type: "ConnectionTerminated",
      errorCode,
      lastStreamId,
      additionalData: debugData.length === 0 ? null : debugData,
      initiator: "remote",
      error: null,
      unprocessedStreamIds: this.#closeAbove(this.#state.receivedGoaway),
    });
  }

  #closeAbove(lastStreamId: number): number[] {
    const { streams } = this.#state;
    const unprocessed = Array.from(streams.live()).filter(
      ({ id }) => streams.isOutbound(id) && id > lastStreamId,
    );
    for (const stream of unprocessed)
      streams.enter(stream, judge(stream.state, StreamInput.RECEIVE_RST_STREAM));
    return unprocessed.map(({ id }) => id);
  }

  #receiveWindowUpdate(frame: WindowUpdateFrame, events: H2Event[]): void {
    const { streamId, increment } = frame;
    this.#state.guard.windowUpdated(this.#state.streams.opened);
    if (streamId === 0) {
      if (!this.#state.sendWindow.adjust(increment)) throw overflow();
    } else if (!this.#openStream(streamId, increment)) return;
    events.push({ type: "WindowUpdated", streamId, delta: increment });
  }

  /** Whether the stream is still there to use its window. */
  #openStream(streamId: number, increment: number): boolean {
    const { streams } = this.#state;
    const stream = streams.find(streamId);
    const state = stream === undefined ? streams.stateOf(streamId) : stream.state;
    const verdict = verdictOf(judge(state, StreamInput.RECEIVE_WINDOW_UPDATE));
    if (verdict === Verdict.IGNORE) return false;
    if (stream === undefined || verdict !== Verdict.PROCEED)
      throw stateFault(verdict, streamId, "WINDOW_UPDATE");
    if (!stream.sendWindow.adjust(increment)) {
      throw new WindowOverflow(streamId, ErrorCode.FLOW_CONTROL_ERROR, OVERFLOW, "RFC 9113 section 6.9.1");
    }
    this.#scheduler.add(stream);
    return true;
  }
}

const OVERFLOW = "a window cannot be larger than 2^31 - 1 octets";

function overflow(): ConnectionFault {
  return new ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, OVERFLOW, "RFC 9113 section 6.9.1");
}

function overrun(whose: string, errorCode: number): ConnectionFault {
  return new ConnectionFault(errorCode, `DATA beyond the window of the ${whose}`, "RFC 9113 section 6.9.1");
}
