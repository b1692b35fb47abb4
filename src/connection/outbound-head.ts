import type { FieldFault } from "../fields/field-fault.ts";
import { MessageFacts } from "../fields/message-facts.ts";
import { MessageKind } from "../fields/message-kind.ts";
import { type HeaderInput, prepareOutbound } from "../fields/normalize.ts";
import { checkOutboundFields, readFacts } from "../fields/validate.ts";
import type { PriorityFields } from "../frames/priority.ts";
import type { HeaderField } from "../hpack/header-field.ts";
import { MessagePart, MessageProgress, OUT_OF_ORDER, progressAfter } from "../streams/message-progress.ts";
import type { Stream } from "../streams/stream.ts";
import { isClosed, judge, StreamInput, StreamState, Verdict, verdictOf } from "../streams/stream-state.ts";
import { checkStreamId, misuse, requireStream } from "./caller-checks.ts";
import { checkedPriority } from "./deprecated-priority.ts";
import { ProtocolError, StreamClosedError, StreamIDTooLowError, TooManyStreamsError } from "./errors.ts";
import type { Output } from "./output.ts";
import type { ConnectionState } from "./state.ts";

/** Options of `sendHeaders`. */
export interface SendHeadersOptions {
  /** Whether the message ends here. */
  endStream?: boolean;
  /** Priority by the scheme that RFC 9113 deprecates; clients only. 1 to 256. */
  priorityWeight?: number;
  priorityDependsOn?: number;
  priorityExclusive?: boolean;
}

/**
 * Heads on their way out: requests, responses, interim ones, trailers and promises.
 *
 * Every method asks all questions first and changes nothing before the last one is answered: a refused call
 * leaves streams, windows and compression tables as they were.
 */
export class OutboundHead {
  readonly #state: ConnectionState;
  readonly #output: Output;
  readonly #facts: MessageFacts;

  constructor(state: ConnectionState, output: Output) {
    this.#state = state;
    this.#output = output;
    this.#facts = new MessageFacts();
  }

  sendHeaders(streamId: number, headers: HeaderInput, options: SendHeadersOptions): void {
    this.#state.assertAlive();
    const endStream = options.endStream === true;
    const stream = this.#state.streams.find(streamId);
    if (stream === undefined) this.#checkOpenable(streamId);
    const progress = stream === undefined ? MessageProgress.START : stream.sendProgress;
    const priority = this.#checkedPriority(streamId, options);
    const cell = judge(stream === undefined ? StreamState.IDLE : stream.state, StreamInput.SEND_HEADERS);
    if (verdictOf(cell) !== Verdict.PROCEED)
      throw misuse(streamId, stream?.state ?? StreamState.IDLE, "HEADERS");
    if (stream?.state === StreamState.RESERVED_LOCAL) this.#checkConcurrency();
    const fields = this.#checkedFields(headers, this.#kindAt(progress));
    const next = this.#nextProgress(streamId, stream, progress, endStream);
    this.#checkTunnelHead(stream);

    const target = stream ?? this.#state.streams.open(streamId);
    this.#state.streams.enter(target, cell);
    this.#note(target, progress);
    target.sendProgress = next;
    // Only what ends the stream waits for the data that is queued.
    if (endStream && target.sendQueue !== null && !target.sendQueue.isEmpty) {
      target.sendQueue.trailers = fields;
      target.sendQueue.endStream = true;
      return;
    }
    this.#output.headers(streamId, fields, endStream, priority);
    if (endStream) this.#state.streams.enter(target, judge(target.state, StreamInput.SEND_END_STREAM));
  }

  sendInformational(streamId: number, status: number, headers: HeaderInput): void {
    this.#state.assertAlive();
    if (this.#state.isClient)
      throw new ProtocolError("only servers send interim responses (RFC 9113 section 8.1)");
    if (!Number.isInteger(status) || status < 100 || status > 199) {
      throw new ProtocolError(
        `an interim response has a status of 100 to 199, not ${status} (RFC 9110 section 15.2)`,
      );
    }
    if (status === 101) throw new ProtocolError("101 does not exist in HTTP/2 (RFC 9113 section 8.6)");
    if (requireStream(this.#state, streamId).sendProgress !== MessageProgress.START) {
      throw new ProtocolError("an interim response comes before the final one (RFC 9113 section 8.1)");
    }
    this.sendHeaders(streamId, [[":status", String(status)], ...headers], {});
  }

  pushStream(streamId: number, promisedStreamId: number, headers: HeaderInput): void {
    this.#checkPush(streamId, promisedStreamId);
    const fields = this.#checkedFields(headers, MessageKind.PUSHED_REQUEST);
    const { streams } = this.#state;
    const promised = streams.open(promisedStreamId);
    streams.enter(promised, judge(promised.state, StreamInput.SEND_RESERVE));
    // The request is complete with the promise.
    promised.receiveProgress = MessageProgress.BODY;
    this.#output.pushPromise(streamId, promisedStreamId, fields);
  }

  #checkPush(streamId: number, promisedStreamId: number): void {
    const { isClient, remoteSettings, streams } = this.#state;
    this.#state.assertAlive();
    if (isClient) throw new ProtocolError("only servers push (RFC 9113 section 8.4)");
    if (remoteSettings.enablePush === 0) {
      throw new ProtocolError("the peer's SETTINGS_ENABLE_PUSH forbids to push (RFC 9113 section 8.4)");
    }
    const parent = requireStream(this.#state, streamId);
    if (streams.isOutbound(streamId)) {
      throw new ProtocolError(`stream ${streamId} is a pushed stream: nothing can be pushed on it`);
    }
    if (parent.isTunnel) throw new ProtocolError("nothing can be pushed on a tunnel (RFC 9113 section 8.5)");
    if (verdictOf(judge(parent.state, StreamInput.SEND_PUSH_PROMISE)) !== Verdict.PROCEED) {
      throw misuse(streamId, parent.state, "PUSH_PROMISE");
    }
    this.#checkNewId(promisedStreamId);
  }

  /** @throws unless `streamId` can be opened by us with HEADERS, now. */
  #checkOpenable(streamId: number): void {
    this.#checkNewId(streamId);
    if (!this.#state.isClient) {
      throw new ProtocolError(
        `a server cannot open stream ${streamId}: it must be promised with pushStream first`,
      );
    }
    this.#checkConcurrency();
  }

  #checkNewId(streamId: number): void {
    const { streams, isClient } = this.#state;
    checkStreamId(streamId);
    const state = streams.stateOf(streamId);
    if (state === StreamState.FORGOTTEN)
      throw new StreamIDTooLowError(streamId, streams.highestLike(streamId));
    if (isClosed(state)) throw new StreamClosedError(streamId);
    if (!streams.isOutbound(streamId)) {
      throw new ProtocolError(
        `stream ${streamId} is not ours to open: a ${isClient ? "client" : "server"} has ${isClient ? "odd" : "even"} ones`,
      );
    }
    if (state !== StreamState.IDLE) throw new StreamIDTooLowError(streamId, streams.highestLike(streamId));
    if (this.#state.isClosing)
      throw new ProtocolError("the connection is closing: it takes no new streams (RFC 9113 section 6.8)");
  }

  #checkConcurrency(): void {
    const { streams, remoteSettings } = this.#state;
    if (streams.openOutbound >= remoteSettings.maxConcurrentStreams) {
      throw new TooManyStreamsError(
        `the peer allows ${remoteSettings.maxConcurrentStreams} concurrent streams, and as many are open (RFC 9113 section 5.1.2)`,
      );
    }
  }

  #checkedPriority(streamId: number, options: SendHeadersOptions): PriorityFields | null {
    const { priorityWeight, priorityDependsOn, priorityExclusive } = options;
    if (priorityWeight === undefined && priorityDependsOn === undefined && priorityExclusive === undefined)
      return null;
    return checkedPriority(this.#state, streamId, {
      weight: priorityWeight,
      dependsOn: priorityDependsOn,
      exclusive: priorityExclusive,
    });
  }

  #kindAt(progress: MessageProgress): MessageKind {
    if (progress !== MessageProgress.START) return MessageKind.TRAILERS;
    return this.#state.isClient ? MessageKind.REQUEST : MessageKind.RESPONSE;
  }

  #checkedFields(headers: HeaderInput, kind: MessageKind): HeaderField[] {
    const { configuration } = this.#state;
    const fields = prepareOutbound(headers, {
      normalize: configuration.normalizeOutboundHeaders,
      splitCookies: configuration.splitOutboundCookies,
    });
    const fault: FieldFault | null = configuration.validateOutboundHeaders
      ? checkOutboundFields(fields, kind, this.#facts)
      : readFacts(fields, this.#facts);
    if (fault !== null) throw new ProtocolError(`${fault.reason} (${fault.section})`);
    this.#checkProtocol();
    return fields;
  }

  /** Extended CONNECT is for peers that said so (RFC 8441 section 3). */
  #checkProtocol(): void {
    if (this.#facts.protocol === "" || !this.#state.isClient) return;
    if (
      this.#state.configuration.validateOutboundHeaders &&
      this.#state.remoteSettings.enableConnectProtocol === 0
    ) {
      throw new ProtocolError(
        "the peer did not announce SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441 section 4)",
      );
    }
  }

  #nextProgress(
    streamId: number,
    stream: Stream | undefined,
    progress: MessageProgress,
    endStream: boolean,
  ): MessageProgress {
    const isInterim = this.#facts.status >= 100 && this.#facts.status < 200;
    if (isInterim && endStream)
      throw new ProtocolError("an interim response cannot end a stream (RFC 9113 section 8.1)");
    const next = progressAfter(progress, isInterim ? MessagePart.INTERIM_HEAD : MessagePart.HEAD);
    if (next === OUT_OF_ORDER)
      throw new ProtocolError(`no head can follow on stream ${streamId} (RFC 9113 section 8.1)`);
    if (next !== MessageProgress.TRAILERS) return next;
    if (!endStream) throw new ProtocolError("trailers must end the stream (RFC 9113 section 8.1)");
    if (stream?.isTunnel === true) throw new ProtocolError("a tunnel has no trailers (RFC 9113 section 8.5)");
    if (stream?.sendQueue?.endStream === true)
      throw new ProtocolError(`stream ${streamId} was ended already`);
    return next;
  }

  /** A response that opens a tunnel has no content, and so says no length of it (RFC 9110 section 9.3.6). */
  #checkTunnelHead(stream: Stream | undefined): void {
    const { status, contentLength } = this.#facts;
    if (stream?.isConnect !== true || contentLength < 0 || status < 200 || status > 299) return;
    if (!this.#state.configuration.validateOutboundHeaders) return;
    throw new ProtocolError("what opens a tunnel has no content-length (RFC 9110 section 9.3.6)");
  }

  /** Keeps what a later frame on this stream depends on. */
  #note(stream: Stream, progress: MessageProgress): void {
    if (progress !== MessageProgress.START) return;
    const { method, scheme, authority, host, isConnect, status } = this.#facts;
    if (this.#state.isClient) {
      stream.isHead = method === "HEAD";
      stream.isConnect = isConnect;
      stream.scheme = scheme;
      stream.authority = authority || host;
    } else if (stream.isConnect && status >= 200 && status < 300) stream.isTunnel = true;
  }
}
