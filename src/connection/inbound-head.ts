import type { FieldFault } from "../fields/field-fault.ts";
import { MessageFacts } from "../fields/message-facts.ts";
import { MessageKind } from "../fields/message-kind.ts";
import { joinCookies, withoutField } from "../fields/normalize.ts";
import { parsePriority } from "../fields/priority.ts";
import { checkFields, readFacts } from "../fields/validate.ts";
import { ErrorCode } from "../frames/error-code.ts";
import { ConnectionFault, StreamFault } from "../frames/fault.ts";
import type { HeadersFrame } from "../frames/headers.ts";
import type { PushPromiseFrame } from "../frames/push-promise.ts";
import { SettingId } from "../frames/setting-id.ts";
import { Decoder } from "../hpack/decoder.ts";
import type { HeaderField } from "../hpack/header-field.ts";
import { MessagePart, MessageProgress, OUT_OF_ORDER, progressAfter } from "../streams/message-progress.ts";
import type { Stream } from "../streams/stream.ts";
import { judge, StreamInput, StreamState, Verdict, verdictOf } from "../streams/stream-state.ts";
import { checkDependency, priorityEvent } from "./deprecated-priority.ts";
import { InvalidBodyLengthError } from "./errors.ts";
import type { H2Event, StreamEnded } from "./events.ts";
import { calm } from "./flood-guard.ts";
import { HeaderEncoding } from "./header-encoding.ts";
import type { Output } from "./output.ts";
import type { Scheduler } from "./scheduler.ts";
import { type ConnectionState, NO_GOAWAY } from "./state.ts";
import { stateFault } from "./state-fault.ts";

const MISDIRECTED_REQUEST = 421;

/**
 * Complete field blocks on their way in: requests, responses, interim ones, trailers and promises.
 *
 * A block is always decompressed first, even for a stream that is gone: the tables belong to the connection.
 */
export class InboundHead {
  readonly #state: ConnectionState;
  readonly #output: Output;
  readonly #scheduler: Scheduler;
  readonly #facts: MessageFacts;
  readonly #encoding: HeaderEncoding;
  readonly decoder: Decoder;

  constructor(state: ConnectionState, output: Output, scheduler: Scheduler) {
    const { limits } = state.configuration;
    this.#state = state;
    this.#output = output;
    this.#scheduler = scheduler;
    this.#facts = new MessageFacts();
    this.#encoding = new HeaderEncoding(state.configuration);
    this.decoder = new Decoder({ maxFields: limits.fields, hardFields: limits.fieldsHard });
    this.decoder.setMaxTableSize(state.localSettings.headerTableSize);
    this.setMaxListSize();
  }

  /** Takes over our SETTINGS_MAX_HEADER_LIST_SIZE. */
  setMaxListSize(): void {
    const size = this.#state.localSettings.maxHeaderListSize ?? Number.POSITIVE_INFINITY;
    this.decoder.maxListSize = size;
    this.decoder.hardListSize = 2 * size;
  }

  /** A whole block that HEADERS began. */
  receiveHeaders(frame: HeadersFrame, block: Uint8Array, events: H2Event[]): void {
    const fields = this.decoder.decode(block);
    const { streamId, priority } = frame;
    if (priority !== null) checkDependency(this.#state, streamId, priority);
    const stream = this.#streamFor(streamId);
    if (stream === null) return;
    // The stream is open from here on, so that a fault can end it alone.
    this.#state.streams.enter(stream, judge(stream.state, StreamInput.RECEIVE_HEADERS));
    if (this.decoder.truncated) throw this.#tooLarge(streamId);
    this.#receiveMessage(stream, fields, frame, events);
  }

  /** A whole block that PUSH_PROMISE began. */
  receivePromise(frame: PushPromiseFrame, block: Uint8Array, events: H2Event[]): void {
    this.#checkPromiseAllowed(frame);
    const fields = this.decoder.decode(block);
    const { streams } = this.#state;
    const verdict = verdictOf(judge(streams.stateOf(frame.streamId), StreamInput.RECEIVE_PUSH_PROMISE));
    if (verdict !== Verdict.PROCEED && verdict !== Verdict.REFUSE_PROMISE) {
      throw stateFault(verdict, frame.streamId, "PUSH_PROMISE");
    }
    if (streams.reservedInbound >= this.#state.configuration.limits.reservedStreams) {
      throw calm("too many promised streams wait", "reservedStreams");
    }
    const isOnTunnel = streams.find(frame.streamId)?.isTunnel === true;
    const isRefused =
      isOnTunnel || verdict === Verdict.REFUSE_PROMISE || this.#isBeyondGoaway(frame.promisedStreamId);
    const fault = this.#check(fields, MessageKind.PUSHED_REQUEST);
    const isUsable = fault === null && !this.decoder.truncated;
    // A fault that ends the connection leaves the promise out of GOAWAY's last stream.
    if (!isRefused && !isUsable && this.#state.configuration.escalateStreamErrors)
      throw this.#unusable(frame.promisedStreamId, fault);
    const promised = streams.open(frame.promisedStreamId);
    streams.enter(promised, judge(promised.state, StreamInput.RECEIVE_RESERVE));
    if (isRefused) {
      this.#refusePromise(promised);
      if (isOnTunnel) throw notInTunnel(frame.streamId, "a tunnel takes no promises");
      return;
    }
    if (!isUsable) throw this.#unusable(promised.id, fault);
    promised.sendProgress = MessageProgress.BODY;
    promised.isHead = this.#facts.method === "HEAD";
    promised.scheme = this.#facts.scheme;
    promised.authority = this.#facts.authority;
    events.push({
      type: "PushedStreamReceived",
      pushedStreamId: promised.id,
      parentStreamId: frame.streamId,
      headers: this.#finished(fields, promised.id),
    });
  }

  /** The stream that HEADERS are for, opened if need be; null if the block is to be dropped. */
  #streamFor(streamId: number): Stream | null {
    const { streams } = this.#state;
    const known = streams.find(streamId);
    if (known !== undefined) {
      const verdict = verdictOf(judge(known.state, StreamInput.RECEIVE_HEADERS));
      if (verdict !== Verdict.PROCEED) throw stateFault(verdict, streamId, "HEADERS");
      if (known.state === StreamState.RESERVED_REMOTE) this.#checkConcurrency(known);
      return known;
    }
    const state = streams.stateOf(streamId);
    if (state !== StreamState.IDLE) {
      const verdict = verdictOf(judge(state, StreamInput.RECEIVE_HEADERS));
      if (state === StreamState.FORGOTTEN) throw tooLow(streamId, streams.highestLike(streamId));
      if (verdict !== Verdict.DISCARD) throw stateFault(verdict, streamId, "HEADERS");
      this.#state.guard.spend("uselessFrames");
      return null;
    }
    return this.#opened(streamId);
  }

  /** A new stream of the peer; null if it came after our GOAWAY. */
  #opened(streamId: number): Stream | null {
    const { streams, isClient } = this.#state;
    if (isClient || streams.isOutbound(streamId)) {
      throw new ConnectionFault(
        ErrorCode.PROTOCOL_ERROR,
        `HEADERS cannot open stream ${streamId} from this side`,
        "RFC 9113 section 5.1.1",
      );
    }
    if (this.#isBeyondGoaway(streamId)) {
      this.#drop(streamId);
      return null;
    }
    // A fault that ends the connection leaves this stream out of GOAWAY's last stream.
    if (this.#state.configuration.escalateStreamErrors && this.#isFull) throw this.#tooMany(streamId);
    const stream = streams.open(streamId);
    this.#checkConcurrency(stream);
    return stream;
  }

  /** After our GOAWAY the peer's streams above its last one are not taken any more (RFC 9113 section 6.8). */
  #isBeyondGoaway(streamId: number): boolean {
    const { sentGoaway } = this.#state;
    return sentGoaway !== NO_GOAWAY && streamId > sentGoaway;
  }

  /** The stream counts as reset, without a frame that says so: what else comes on it is dropped too. */
  #drop(streamId: number): void {
    const { streams, guard } = this.#state;
    guard.spend("uselessFrames");
    const stream = streams.open(streamId);
    streams.enter(stream, judge(stream.state, StreamInput.RECEIVE_HEADERS));
    streams.enter(stream, judge(stream.state, StreamInput.SEND_RST_STREAM));
  }

  /** Our limit holds from the first octet, whether or not the peer has seen it. */
  #checkConcurrency(stream: Stream): void {
    if (!this.#isFull) return;
    this.#state.guard.spend("streamsRefused");
    // The frame did open the stream: only then can it be reset.
    this.#state.streams.enter(stream, judge(stream.state, StreamInput.RECEIVE_HEADERS));
    throw this.#tooMany(stream.id);
  }

  get #isFull(): boolean {
    return this.#state.streams.openInbound >= this.#state.localSettings.maxConcurrentStreams;
  }

  #tooMany(streamId: number): StreamFault {
    const { localSettings, configuration } = this.#state;
    return new StreamFault(
      streamId,
      configuration.escalateStreamErrors ? ErrorCode.PROTOCOL_ERROR : ErrorCode.REFUSED_STREAM,
      `more than ${localSettings.maxConcurrentStreams} streams are open`,
      "RFC 9113 section 5.1.2",
    );
  }

  #receiveMessage(stream: Stream, fields: HeaderField[], frame: HeadersFrame, events: H2Event[]): void {
    const kind = this.#kindAt(stream.receiveProgress);
    const fault = this.#check(fields, kind);
    if (fault !== null) throw malformed(stream.id, fault);
    const part = isInterim(this.#facts.status) ? MessagePart.INTERIM_HEAD : MessagePart.HEAD;
    const next = progressAfter(stream.receiveProgress, part);
    this.#checkOrder(stream, next, frame.endStream, part);
    stream.receiveProgress = next as MessageProgress;
    if (part === MessagePart.HEAD && kind !== MessageKind.TRAILERS) this.#note(stream);
    if (frame.endStream) checkLengthAtEnd(stream);
    this.#report(stream, kind, part, this.#finished(fields, stream.id), frame, events);
  }

  #kindAt(progress: MessageProgress): MessageKind {
    if (progress !== MessageProgress.START) return MessageKind.TRAILERS;
    return this.#state.isClient ? MessageKind.RESPONSE : MessageKind.REQUEST;
  }

  #check(fields: readonly HeaderField[], kind: MessageKind): FieldFault | null {
    if (!this.#state.configuration.validateInboundHeaders) return readFacts(fields, this.#facts);
    const fault = checkFields(fields, kind, this.#facts);
    if (fault !== null || this.#facts.protocol === "") return fault;
    // A client may use it as soon as it has read the setting (RFC 8441 section 3). Its acknowledgement comes first as a
    // rule, but a peer whose threads read and write apart may be late with it, and there is nothing to be safe from.
    if (this.#state.localSettings.announced(SettingId.ENABLE_CONNECT_PROTOCOL) !== 0) return null;
    return { reason: ":protocol needs SETTINGS_ENABLE_CONNECT_PROTOCOL", section: "RFC 8441 section 4" };
  }

  #checkOrder(stream: Stream, next: number, endStream: boolean, part: MessagePart): void {
    if (next === OUT_OF_ORDER)
      throw disorder(stream.id, "a field section comes behind the end of its message");
    if (part === MessagePart.INTERIM_HEAD) this.#countInterim(stream);
    if (part === MessagePart.INTERIM_HEAD && endStream)
      throw disorder(stream.id, "an interim response cannot end a stream");
    if (next !== MessageProgress.TRAILERS) return;
    if (!endStream) throw disorder(stream.id, "trailers must end the stream");
    if (stream.isTunnel) throw notInTunnel(stream.id, "a tunnel has no trailers");
  }

  #countInterim(stream: Stream): void {
    stream.interimHeads++;
    if (stream.interimHeads <= this.#state.configuration.limits.interimResponses) return;
    throw new StreamFault(
      stream.id,
      ErrorCode.ENHANCE_YOUR_CALM,
      "too many interim responses",
      "limit interimResponses",
    );
  }

  /** Keeps what later frames of this stream depend on. */
  #note(stream: Stream): void {
    const { isConnect, contentLength, status, priority } = this.#facts;
    if (this.#state.isClient) {
      if (status === MISDIRECTED_REQUEST) this.#state.originSet.remove(stream.scheme, stream.authority);
      if (stream.isConnect && status >= 200 && status < 300) stream.isTunnel = true;
      else if (stream.isHead || status === 204 || status === 304) stream.expectedLength = 0;
      else stream.expectedLength = contentLength;
      return;
    }
    stream.isConnect = isConnect;
    if (!isConnect) stream.expectedLength = contentLength;
    this.#prioritize(stream, priority);
  }

  /** A PRIORITY_UPDATE that came before the request counts more than its field (RFC 9218 section 7). */
  #prioritize(stream: Stream, field: string): void {
    const early = this.#state.idlePriorities.take(stream.id);
    const priority = early ?? (field === "" ? null : parsePriority(field));
    if (priority !== null) this.#scheduler.move(stream, priority.urgency, priority.incremental);
  }

  #report(
    stream: Stream,
    kind: MessageKind,
    part: MessagePart,
    headers: HeaderField[],
    frame: HeadersFrame,
    events: H2Event[],
  ): void {
    const streamId = stream.id;
    const streamEnded: StreamEnded | null = frame.endStream ? { type: "StreamEnded", streamId } : null;
    const priorityUpdated = priorityEvent(this.#state, streamId, frame.priority);
    if (part === MessagePart.INTERIM_HEAD) {
      events.push({ type: "InformationalResponseReceived", streamId, headers, priorityUpdated });
    } else
      events.push({
        type: HEAD_EVENTS[kind] as "RequestReceived",
        streamId,
        headers,
        streamEnded,
        priorityUpdated,
      });
    if (streamEnded !== null) {
      events.push(streamEnded);
      this.#state.streams.enter(stream, judge(stream.state, StreamInput.RECEIVE_END_STREAM));
    }
    if (priorityUpdated !== null) events.push(priorityUpdated);
  }

  /** The fields as the application gets them. */
  #finished(fields: HeaderField[], streamId: number): HeaderField[] {
    let finished = fields;
    if (this.#facts.cookieCrumbs > 0 && this.#state.configuration.normalizeInboundHeaders)
      finished = joinCookies(finished);
    if (this.#facts.http2SettingsFields > 0) finished = withoutField(finished, "http2-settings");
    return this.#encoding.decode(finished, streamId);
  }

  #checkPromiseAllowed(frame: PushPromiseFrame): void {
    const { isClient, localSettings, streams } = this.#state;
    const refuse = (reason: string, section: string): ConnectionFault =>
      new ConnectionFault(ErrorCode.PROTOCOL_ERROR, reason, section);
    if (!isClient) throw refuse("a client cannot push", "RFC 9113 section 8.4");
    if (localSettings.enablePush === 0)
      throw refuse("push was switched off with SETTINGS_ENABLE_PUSH", "RFC 9113 section 6.6");
    const { promisedStreamId } = frame;
    if (!streams.isOutbound(frame.streamId))
      throw refuse(
        `stream ${frame.streamId} is a pushed stream, so it takes no promises`,
        "RFC 9113 section 6.6",
      );
    // That it is a server's to promise, an even one, the frame codec has made sure.
    if (promisedStreamId <= streams.highestInbound)
      throw refuse(
        `stream ${promisedStreamId} is not idle, so it cannot be promised`,
        "RFC 9113 section 6.6",
      );
  }

  /** A promise that nobody will take: the stream it was made on is reset, or takes none, or the end is near. */
  #refusePromise(promised: Stream): void {
    this.#state.guard.spend("resetsProvoked");
    this.#state.streams.enter(promised, judge(promised.state, StreamInput.SEND_RST_STREAM));
    this.#output.rstStream(promised.id, ErrorCode.REFUSED_STREAM);
  }

  #unusable(streamId: number, fault: FieldFault | null): StreamFault {
    return this.decoder.truncated || fault === null ? this.#tooLarge(streamId) : malformed(streamId, fault);
  }

  #tooLarge(streamId: number): StreamFault {
    const reason = `a field section is larger than ${this.decoder.maxListSize} octets or ${this.decoder.maxFields} fields`;
    return new StreamFault(streamId, ErrorCode.ENHANCE_YOUR_CALM, reason, "RFC 9113 section 10.5.1");
  }
}

const HEAD_EVENTS: Readonly<Record<number, string>> = {
  [MessageKind.REQUEST]: "RequestReceived",
  [MessageKind.RESPONSE]: "ResponseReceived",
  [MessageKind.TRAILERS]: "TrailersReceived",
};

/** A message that ends must have all the octets that its content-length promised (RFC 9113 section 8.1.1). */
function checkLengthAtEnd(stream: Stream): void {
  if (stream.expectedLength < 0 || stream.receivedLength === stream.expectedLength) return;
  throw wrongLength(stream);
}

/** The fault of a body that is not as long as its content-length says. */
export function wrongLength(stream: Stream): StreamFault {
  const { message } = new InvalidBodyLengthError(stream.expectedLength, stream.receivedLength);
  return new StreamFault(stream.id, ErrorCode.PROTOCOL_ERROR, message, "RFC 9113 section 8.1.1");
}

function isInterim(status: number): boolean {
  return status >= 100 && status < 200;
}

function tooLow(streamId: number, highest: number): ConnectionFault {
  const reason = `HEADERS cannot open stream ${streamId}, which is lower than ${highest}`;
  return new ConnectionFault(ErrorCode.PROTOCOL_ERROR, reason, "RFC 9113 section 5.1.1");
}

function malformed(streamId: number, fault: FieldFault): StreamFault {
  return new StreamFault(streamId, ErrorCode.PROTOCOL_ERROR, fault.reason, fault.section);
}

function disorder(streamId: number, reason: string): StreamFault {
  return new StreamFault(streamId, ErrorCode.PROTOCOL_ERROR, reason, "RFC 9113 section 8.1");
}

/** Nothing but DATA, and what manages streams, belongs on a tunnel (RFC 9113 section 8.5). */
function notInTunnel(streamId: number, reason: string): StreamFault {
  return new StreamFault(streamId, ErrorCode.PROTOCOL_ERROR, reason, "RFC 9113 section 8.5");
}
