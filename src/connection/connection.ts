import type { HeaderInput } from "../fields/normalize.ts";
import type { Priority } from "../fields/priority.ts";
import { Announcements } from "./announcements.ts";
import { checkAmount, checkOctets, checkUrgency, requireStream } from "./caller-checks.ts";
import { H2Configuration, type H2Options } from "./configuration.ts";
import { ConnectionQuestions } from "./connection-questions.ts";
import { Deadlines } from "./deadlines.ts";
import { NoAvailableStreamIDError } from "./errors.ts";
import type { H2Event } from "./events.ts";
import { FlowControl } from "./flow-control.ts";
import { Inbound } from "./inbound.ts";
import { OutboundBody, type SendDataOptions } from "./outbound-body.ts";
import { OutboundControl } from "./outbound-control.ts";
import { OutboundHead, type SendHeadersOptions } from "./outbound-head.ts";
import { Output } from "./output.ts";
import { Receiver } from "./receiver.ts";
import { Scheduler } from "./scheduler.ts";
import type { SettingsInput } from "./settings.ts";
import { Shutdown } from "./shutdown.ts";
import { Start } from "./start.ts";
import { ConnectionState } from "./state.ts";
import { Tracer } from "./tracer.ts";

const NOTHING = new Uint8Array(0);

/**
 * One HTTP/2 connection without I/O: octets in, events out, octets to send.
 *
 * There are four kinds of methods.
 * - **In**: `receiveData` takes what the peer sent and returns what it means. It never throws for what a peer did;
 *   a fault is an event, and the frame that answers it is among the octets to send.
 * - **Commands**: `sendHeaders`, `sendData`, `resetStream` and so on add to the octets to send. They throw, before
 *   anything changed, if the call would break the protocol.
 * - **Out**: `dataToSend` or `takeChunks` hand over the octets to send. Call one after each `receiveData` and after
 *   each batch of commands: one write to the socket for a turn of the event loop.
 * - **Questions**: properties (see `ConnectionQuestions`) and windows. They change nothing.
 *
 * The connection reads no clock and sets no timer. It keeps no reference to a chunk given to `receiveData`; but
 * `DataReceived` events are views on that chunk, so copy what must outlive it. Bodies given to `sendData` and
 * `queueData` must not change until they were taken and sent.
 */
export class H2Connection extends ConnectionQuestions {
  readonly #state: ConnectionState;
  readonly #output: Output;
  readonly #scheduler: Scheduler;
  readonly #inbound: Inbound;
  readonly #receiver: Receiver;
  readonly #head: OutboundHead;
  readonly #body: OutboundBody;
  readonly #control: OutboundControl;
  readonly #flowControl: FlowControl;
  readonly #announcements: Announcements;
  readonly #start: Start;
  readonly #shutdown: Shutdown;
  readonly #deadlines: Deadlines;
  readonly #hasClock: boolean;
  readonly #tracer: Tracer | null;

  /** @throws TypeError or RangeError for an option that has not its type or range. */
  constructor(configuration: H2Configuration | H2Options = {}) {
    const config =
      configuration instanceof H2Configuration ? configuration : new H2Configuration(configuration);
    const state = new ConnectionState(config);
    super(state);
    this.#state = state;
    this.#output = new Output(this.#state);
    this.#scheduler = new Scheduler(this.#state, this.#output);
    this.#shutdown = new Shutdown(this.#state, this.#output);
    this.#inbound = new Inbound(this.#state, this.#output, this.#scheduler, this.#shutdown);
    this.#receiver = new Receiver(this.#state, this.#output, this.#inbound);
    this.#head = new OutboundHead(this.#state, this.#output);
    this.#body = new OutboundBody(this.#state, this.#output, this.#scheduler);
    this.#control = new OutboundControl(this.#state, this.#output);
    this.#flowControl = new FlowControl(this.#state, this.#output);
    this.#announcements = new Announcements(this.#state, this.#output);
    this.#start = new Start(this.#state, this.#output, this.#flowControl, this.#inbound.settings);
    this.#deadlines = new Deadlines(this.#state, this.#inbound, this.#receiver, this.#shutdown);
    this.#hasClock = this.config.clock !== null;
    this.#tracer = Tracer.for(this.config);
  }

  /** Sends the client preface, if this is the client, and our SETTINGS (RFC 9113 section 3.4). */
  initiateConnection(): void {
    this.#start.initiate();
  }

  /**
   * Starts behind an HTTP/1.1 Upgrade (RFC 7540 section 3.2): stream 1 carries that request, and its response.
   *
   * A client calls it without an argument, before the request, and gets the value for HTTP2-Settings; the octets
   * to send go out behind the 101. A server gives the value it received.
   * @param settingsHeader - server: value of HTTP2-Settings, base64url.
   * @param options - client: `requestMethod` of the request, "GET" if left out; a response to HEAD has no body.
   * @returns the value for HTTP2-Settings on a client, else null.
   * @throws ProtocolError, FrameDataMissingError or InvalidSettingsValueError for a value that breaks the rules.
   */
  initiateUpgradeConnection(
    settingsHeader: string | null = null,
    options: { requestMethod?: string } = {},
  ): string | null {
    return this.#start.upgrade(settingsHeader, options.requestMethod ?? "GET");
  }

  /**
   * Takes octets that the peer sent, cut anywhere, and returns what they mean.
   *
   * Never throws for what is in them. After a fault of the connection the last event is a `ConnectionTerminated`
   * with `initiator: "local"`, and whatever else arrives is dropped.
   * @param data - octets, which may be reused once the events were dealt with.
   * @throws TypeError if `data` is no Uint8Array.
   */
  receiveData(data: Uint8Array): H2Event[] {
    checkOctets(data);
    const events: H2Event[] = this.#scheduler.hasDrained ? this.takeEvents() : [];
    if (this.#tracer !== null && !this.#state.isTerminated) this.#tracer.received(data);
    this.#receiver.receive(data, events);
    if (this.#hasClock) this.#deadlines.watch();
    return events;
  }

  /**
   * When `handleDeadline` should be called, in milliseconds of the configuration's `clock`; infinity without one.
   * Ask again after `receiveData` and after output was taken.
   */
  get nextDeadline(): number {
    return this.#deadlines.next();
  }

  /** Acts on what has taken too long (see `Timeouts`); returns what that means. Too early a call does no harm. */
  handleDeadline(): H2Event[] {
    const events = this.takeEvents();
    if (!this.#hasClock) return events;
    this.#deadlines.handle(events);
    this.#deadlines.watch();
    return events;
  }

  /** Events that came up outside of `receiveData`: `StreamDrained`, when output was taken. */
  takeEvents(): H2Event[] {
    return this.#scheduler.takeDrained().map((streamId) => ({ type: "StreamDrained", streamId }));
  }

  /**
   * The identifier for the next stream of this side. It is not reserved by asking.
   * @throws NoAvailableStreamIDError when they are used up (RFC 9113 section 5.1.1).
   */
  getNextAvailableStreamId(): number {
    const next = this.#state.streams.nextOutbound();
    if (next === 0) throw new NoAvailableStreamIDError();
    return next;
  }

  /**
   * Sends a head: a request, a response, an interim response or trailers, as the stream stands (section 8.1).
   *
   * Trailers behind queued data wait for it.
   * @throws TooManyStreamsError, StreamIDTooLowError, StreamClosedError, RFC1122Error, or ProtocolError for fields
   * that RFC 9113 section 8 refuses; TypeError for fields that are no strings of octets.
   */
  sendHeaders(streamId: number, headers: HeaderInput, options: SendHeadersOptions = {}): void {
    this.#head.sendHeaders(streamId, headers, options);
  }

  /**
   * Sends an interim response, such as 103 with `link` fields (RFC 8297); any number of them may go before the final
   * response, on pushed streams too.
   * @param status - 100 to 199, but not 101.
   * @throws ProtocolError for another status, on clients, and behind the final response; or like `sendHeaders`.
   */
  sendInformational(streamId: number, status: number, headers: HeaderInput = []): void {
    this.#head.sendInformational(streamId, status, headers);
  }

  /**
   * Sends one DATA frame at once (section 6.1). Nothing is cut and nothing waits: see `queueData` for that.
   * @throws FlowControlError, FrameTooLargeError, NoSuchStreamError, StreamClosedError or ProtocolError.
   */
  sendData(streamId: number, data: Uint8Array, options: SendDataOptions = {}): void {
    this.#body.sendData(streamId, data, options);
  }

  /**
   * Queues a body of any size. It is cut into frames, waits for windows, and is interleaved with other streams by
   * priority (RFC 9218) when output is taken.
   * @param data - octets, by reference: they must not change until they were sent.
   * @returns whether more is welcome now. If not, a `StreamDrained` event will say when.
   * @throws NoSuchStreamError, StreamClosedError or ProtocolError.
   */
  queueData(streamId: number, data: Uint8Array, options: { endStream?: boolean } = {}): boolean {
    return this.#body.queueData(streamId, data, options.endStream === true);
  }

  /** Octets that `queueData` left waiting on this stream; 0 for a stream that is gone. */
  bufferedAmount(streamId: number): number {
    return this.#state.streams.find(streamId)?.sendQueue?.length ?? 0;
  }

  /** Ends our half of the stream, behind queued data if there is any. @throws like `sendData`. */
  endStream(streamId: number): void {
    this.#body.end(streamId);
  }

  /**
   * Promises a response to a request that the client has not sent (section 8.4).
   * @throws ProtocolError where push is not possible, NoSuchStreamError, StreamClosedError, StreamIDTooLowError.
   */
  pushStream(streamId: number, promisedStreamId: number, requestHeaders: HeaderInput): void {
    this.#head.pushStream(streamId, promisedStreamId, requestHeaders);
  }

  /** Ends a stream at once (section 6.4). @throws NoSuchStreamError or StreamClosedError. */
  resetStream(streamId: number, options: { errorCode?: number } = {}): void {
    this.#control.reset(streamId, options.errorCode);
  }

  /**
   * Sets the priority of what we send on a stream (RFC 9218 section 4).
   * @throws NoSuchStreamError or StreamClosedError, RangeError for an urgency that is not 0 to 7.
   */
  setPriority(streamId: number, priority: Priority): void {
    const stream = requireStream(this.#state, streamId);
    checkUrgency(priority);
    this.#scheduler.move(stream, priority.urgency, priority.incremental);
  }

  /**
   * The priority of what we send on a stream: the one that was set last, by us or by the client (RFC 9218 section 4).
   * @throws NoSuchStreamError or StreamClosedError.
   */
  priority(streamId: number): Priority {
    const { urgency, isIncremental } = requireStream(this.#state, streamId);
    return { urgency, incremental: isIncremental };
  }

  /**
   * Asks the server for another priority of a response, which may be to a request yet to come (RFC 9218 section 7.1).
   * @throws ProtocolError on servers, TooManyStreamsError for more such requests than may be open, NoSuchStreamError for
   * a push that was not promised, StreamClosedError, RangeError for an urgency that is not 0 to 7.
   */
  sendPriorityUpdate(streamId: number, priority: Priority): void {
    this.#announcements.priorityUpdate(streamId, priority);
  }

  /**
   * Gives a stream a priority by the scheme that RFC 9113 section 5.3 deprecates.
   * @throws RFC1122Error on servers, ProtocolError for a weight that is not 1 to 256 or a stream that depends on itself.
   */
  prioritize(
    streamId: number,
    options: { weight?: number; dependsOn?: number; exclusive?: boolean } = {},
  ): void {
    this.#announcements.deprecatedPriority(streamId, options);
  }

  /** Octets of DATA that may be sent on this stream now; may be negative. @throws NoSuchStreamError, StreamClosedError. */
  localFlowControlWindow(streamId: number): number {
    return this.#flowControl.sendable(streamId);
  }

  /** Octets of DATA that the peer may send on this stream now; may be negative. @throws as above. */
  remoteFlowControlWindow(streamId: number): number {
    return this.#flowControl.receivable(streamId);
  }

  /**
   * Says that the application is done with octets it received, `flowControlledLength` of each `DataReceived`. The
   * windows open again when it is worth a frame.
   * @throws RangeError for a size or stream out of range, NoSuchStreamError for a stream that was never opened.
   */
  acknowledgeReceivedData(acknowledgedSize: number, streamId: number): void {
    this.#flowControl.acknowledge(acknowledgedSize, streamId);
  }

  /**
   * Opens a window by hand, now; its new size is kept from then on (section 6.9).
   * @param increment - octets, 1 to 2^31 - 1.
   * @param options - `streamId`: the stream; left out, the whole connection.
   * @throws RangeError for the increment, FlowControlError beyond 2^31 - 1, NoSuchStreamError, StreamClosedError.
   */
  incrementFlowControlWindow(increment: number, options: { streamId?: number } = {}): void {
    this.#flowControl.increment(increment, options.streamId ?? 0);
  }

  /** Sends PING (section 6.7). @param opaqueData - exactly 8 octets. @throws RangeError. */
  ping(opaqueData: Uint8Array): void {
    this.#control.ping(opaqueData);
  }

  /**
   * Announces other settings. They hold once the peer has acknowledged this frame, which an event tells.
   * @throws InvalidSettingsValueError, and then none of them was taken.
   */
  updateSettings(newSettings: SettingsInput): void {
    this.#control.settings(newSettings);
  }

  /**
   * Announces an alternative service (RFC 7838): for an `origin`, or for the origin of a stream before its response.
   * Both are byte strings.
   * @throws RangeError unless exactly one of the two is given and not empty; ProtocolError on clients and behind the
   * response, NoSuchStreamError, StreamClosedError, FrameTooLargeError.
   */
  advertiseAlternativeService(fieldValue: string, options: { origin?: string; streamId?: number }): void {
    this.#announcements.alternativeService(fieldValue, options.origin, options.streamId);
  }

  /**
   * Announces origins that this server answers for, such as "https://example.com" (RFC 8336). Over TLS only: clients
   * ignore it elsewhere. Each adds to what was announced before; none at all leaves the one connected to.
   * @throws RangeError for what is no origin, ProtocolError on clients, FrameTooLargeError.
   */
  advertiseOrigins(origins: readonly string[]): void {
    this.#announcements.origins(origins);
  }

  /**
   * Sends a frame of any type that this engine does not know (section 5.5).
   * @throws ProtocolError for a type that it knows, or FrameTooLargeError.
   */
  sendExtensionFrame(frame: { type: number; flags?: number; streamId?: number; payload?: Uint8Array }): void {
    this.#announcements.extension(
      frame.type,
      frame.flags ?? 0,
      frame.streamId ?? 0,
      frame.payload ?? NOTHING,
    );
  }

  /**
   * Sends GOAWAY (section 6.8). With NO_ERROR the streams up to the last one go on in both directions, and no new
   * ones are opened; with any other code the connection is over. See `shutdown` for the graceful way.
   * @param options - `errorCode`: NO_ERROR if left out; `additionalData`: octets for people to read; `lastStreamId`:
   * the highest stream of the peer that may have been processed, by default the highest one seen.
   */
  closeConnection(
    options: { errorCode?: number; additionalData?: Uint8Array | null; lastStreamId?: number } = {},
  ): void {
    this.#shutdown.close(options);
  }

  /**
   * Closes gracefully. A server announces that it will close and sends a PING; when the answer is there, requests
   * that were on their way have arrived, and the last GOAWAY names the last one of them (section 6.8). A client has
   * nothing to wait for. Streams that are open go on; `isFinished` tells when all is done.
   */
  shutdown(): void {
    this.#shutdown.begin();
  }

  /**
   * Hands over octets to send, as one array.
   * @param amount - the most to hand over, in octets; the rest stays.
   */
  dataToSend(amount: number = Number.POSITIVE_INFINITY): Uint8Array {
    checkAmount(amount);
    this.#produce(Math.max(0, amount - this.#output.length));
    const octets = this.#output.takeOctets(amount);
    if (this.#tracer !== null) this.#tracer.sent([octets]);
    return octets;
  }

  /**
   * Hands over octets to send as chunks, for one gathering write. Large bodies are among them by reference.
   * @param budget - octets of queued body to cut into frames at most; what waits beyond that stays queued.
   */
  takeChunks(budget: number = Number.POSITIVE_INFINITY): Uint8Array[] {
    checkAmount(budget);
    this.#produce(budget);
    const chunks = this.#output.take();
    if (this.#tracer !== null) this.#tracer.sent(chunks);
    return chunks;
  }

  /** Whether `takeChunks` would hand over octets that are built already. */
  get hasOutput(): boolean {
    return this.#output.length > 0;
  }

  /** Drops the octets to send that were built. The peer will notice: this is for tests. */
  clearOutboundDataBuffer(): void {
    this.#output.take();
  }

  #produce(budget: number): void {
    if (!this.#state.isTerminated) this.#scheduler.produce(budget);
    if (this.#hasClock) this.#deadlines.watch();
  }
}
