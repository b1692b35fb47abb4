import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { H2Connection } from "../../../connection/connection.ts";
import { NoAvailableStreamIDError } from "../../../connection/errors.ts";
import type { ConnectionTerminated, H2Event } from "../../../connection/events.ts";
import { errorCodeName } from "../../../frames/error-code.ts";
import { SettingId } from "../../../frames/setting-id.ts";
import { NegotiationError } from "../../../node/negotiation-error.ts";
import { Pump, type PumpHandler } from "../../../node/pump.ts";
import { type TlsInfo, tlsInfo } from "../../tls-info.ts";
import { ClientError, type ClientErrorCode, type ClientErrorDetails } from "../client-error.ts";
import type { Origin } from "../opening/origin.ts";
import { ClientExchange, type ClientExchangeOwner } from "./client-exchange.ts";
import {
  CLOSE_TIMEOUT,
  type ClientResponse,
  type Negotiated,
  type RequestOptions,
  type RequestTimeouts,
  type ServerSettings,
} from "./client-session.ts";
import { Liveness, type LivenessOwner } from "./liveness.ts";
import type { PooledSession, SessionWatcher } from "./pooled-session.ts";
import { firstWindow, ReceiveWindows } from "./receive-windows.ts";
import { requestFields } from "./request-fields.ts";
import { serverSettings } from "./server-settings.ts";
import type { SessionOptions } from "./session-options.ts";
import { Timetable } from "./timetable.ts";

/** Requests at once as long as the server has not said how many it takes. */
const STREAMS_UNTIL_TOLD = 100;

/** The engine of a client. */
export function clientConnection({ memory, observer }: SessionOptions): H2Connection {
  return new H2Connection({
    clientSide: true,
    clock: () => performance.now(),
    sendDebugData: true,
    connectionWindowSize: memory.connection,
    initialSettings: { [SettingId.ENABLE_PUSH]: 0, [SettingId.INITIAL_WINDOW_SIZE]: firstWindow(memory) },
    observer,
  });
}

/** A session over one connection of HTTP/2. */
export class Http2Session implements PooledSession, PumpHandler, ClientExchangeOwner, LivenessOwner {
  readonly protocol: "h2";
  readonly negotiated: Negotiated;
  readonly tls: TlsInfo | null;
  readonly origin: string;
  readonly pump: Pump;
  readonly timetable: Timetable;
  readonly windows: ReceiveWindows;
  readonly timeouts: RequestTimeouts;
  watcher: SessionWatcher | null;
  readonly #origin: Origin;
  readonly #liveness: Liveness;
  readonly #exchanges: Map<number, ClientExchange>;
  /** Requests that wait for a stream. */
  readonly #waiting: Set<ClientExchange>;
  /** Questions for a sign of life, in the order of their answers. */
  readonly #pings: Question[];
  readonly #closed: Promise<void>;
  #noteClosed: () => void;
  /** Whether the server has said how many streams it takes. */
  #isTold: boolean;
  #isClosing: boolean;
  #isGone: boolean;
  /** Makes the error for requests that are not taken any more; null while they are. */
  #refusal: (() => ClientError) | null;

  /**
   * @param connection - has what begins it among its output.
   */
  constructor(
    origin: Origin,
    socket: Duplex,
    connection: H2Connection,
    negotiated: Negotiated,
    options: SessionOptions,
  ) {
    this.protocol = "h2";
    this.negotiated = negotiated;
    this.tls = tlsInfo(socket);
    this.origin = `${origin.scheme}://${origin.authority}`;
    this.timeouts = options.timeouts;
    this.timetable = new Timetable();
    this.watcher = null;
    this.pump = new Pump(socket, connection, this, { prefaceTimeout: options.timeouts.connect });
    this.windows = new ReceiveWindows(connection, options.memory, () => this.#measure());
    this.#origin = origin;
    this.#exchanges = new Map();
    this.#waiting = new Set();
    this.#pings = [];
    this.#noteClosed = () => {};
    this.#closed = new Promise((resolve) => {
      this.#noteClosed = resolve;
    });
    this.#isTold = false;
    this.#isClosing = false;
    this.#isGone = false;
    this.#refusal = null;
    this.#liveness = new Liveness(this, options.keepAlive);
  }

  // -- For whoever shares it out ----------------------------------------------------------------------------

  /** Requests that it would begin at once. */
  get room(): number {
    return this.#refusal === null ? Math.max(0, this.#mostStreams - this.streams) : 0;
  }

  /** Requests under way and waiting. */
  get streams(): number {
    return this.#exchanges.size + this.#waiting.size;
  }

  get isBusy(): boolean {
    return this.streams > 0;
  }

  /** Whether it takes no requests any more. */
  get isDraining(): boolean {
    return this.#refusal !== null;
  }

  /** Whether its connection has ended. */
  get isGone(): boolean {
    return this.#isGone;
  }

  get settings(): ServerSettings {
    return serverSettings(this.pump.connection.remoteSettings);
  }

  // -- Requests ---------------------------------------------------------------------------------------------

  async request(options: RequestOptions = {}): Promise<ClientResponse> {
    if (this.#refusal !== null) throw this.#refusal();
    const exchange = new ClientExchange(this, options, 0);
    if (!exchange.isOver) {
      this.#waiting.add(exchange);
      this.#startWaiting();
    }
    return exchange.response;
  }

  /** The response to the request that asked for the Upgrade. */
  upgradedRequest(options: RequestOptions): Promise<ClientResponse> {
    const exchange = new ClientExchange(this, options, 1);
    if (!exchange.isOver) this.#exchanges.set(1, exchange);
    return exchange.response;
  }

  ping(): Promise<number> {
    const asked = performance.now();
    return new Promise((resolve, reject) => {
      if (this.#refusal !== null) throw this.#refusal();
      this.#ask({ answered: () => resolve(performance.now() - asked), failed: reject });
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#refuse(() => new ClientError("SESSION_CLOSED", CLOSED_HERE, { isUnprocessed: true }));
    this.#checkIdle();
    const timer = setTimeout(() => this.pump.destroy(), CLOSE_TIMEOUT);
    await this.#closed;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  destroy(): void {
    this.#isClosing = true;
    this.pump.destroy();
  }

  keepProcess(keeps: boolean): void {
    const socket = this.pump.socket as Partial<Pick<Socket, "ref" | "unref">>;
    if (keeps) socket.ref?.();
    else socket.unref?.();
  }

  // -- From the pump ----------------------------------------------------------------------------------------

  receiveEvent(event: H2Event): void {
    this.#liveness.heard();
    switch (event.type) {
      case "InformationalResponseReceived":
        this.#exchanges.get(event.streamId)?.receiveInformational(event.headers);
        return;
      case "ResponseReceived":
        this.#exchanges.get(event.streamId)?.receiveResponse(event.headers);
        return;
      case "DataReceived": {
        const exchange = this.#exchanges.get(event.streamId);
        if (exchange !== undefined) exchange.receiveData(event);
        else this.pump.connection.acknowledgeReceivedData(event.flowControlledLength, event.streamId);
        return;
      }
      case "TrailersReceived":
        this.#exchanges.get(event.streamId)?.receiveTrailers(event.headers);
        return;
      case "StreamEnded":
        this.#exchanges.get(event.streamId)?.receiveEnd();
        return;
      case "StreamDrained":
        this.#exchanges.get(event.streamId)?.drained();
        return;
      case "StreamReset":
        this.#exchanges.get(event.streamId)?.receiveReset(event);
        return;
      case "RemoteSettingsChanged":
        this.#isTold = true;
        this.#startWaiting();
        this.watcher?.changed(this);
        return;
      case "PingAckReceived":
        this.#pings.shift()?.answered();
        return;
      case "ConnectionTerminated":
        this.#terminated(event);
        return;
      default:
    }
  }

  outputTaken(): void {}

  /** Whatever waits for an answer will get none. */
  inputEnded(): void {
    this.#lost(null);
    this.pump.destroy();
  }

  closed(error: Error | null): void {
    this.#lost(error);
    this.timetable.close();
    this.#isGone = true;
    this.#noteClosed();
    this.watcher?.changed(this);
  }

  #lost(cause: Error | null): void {
    if (cause instanceof ClientError) this.#failAll(cause.code, cause.message, {});
    else if (cause instanceof NegotiationError) this.#failAll("TIMEOUT", cause.message, { cause });
    else if (cause === null && this.#isClosing) this.#failAll("SESSION_CLOSED", CLOSED_HERE, {});
    else this.#failAll("CONNECTION_LOST", "the connection was lost", cause === null ? {} : { cause });
  }

  /** After the server's GOAWAY, streams that it may have processed go on. */
  #terminated(event: ConnectionTerminated): void {
    const { initiator, errorCode, error, unprocessedStreamIds } = event;
    if (initiator === "local") {
      const rule = error === null ? errorCodeName(errorCode) : `${error.reason} (${error.section})`;
      this.#failAll("PROTOCOL_ERROR", `the server broke a rule: ${rule}`, { errorCode });
      return;
    }
    const message = `the server takes no more requests on this connection: ${errorCodeName(errorCode)}`;
    const details = { errorCode, ...debugText(event), isUnprocessed: true };
    const refusal = (): ClientError => new ClientError("GOAWAY", message, details);
    this.#refuse(refusal);
    for (const streamId of unprocessedStreamIds) {
      this.#exchanges.get(streamId)?.fail(new ClientError("GOAWAY", message, { ...details, streamId }));
    }
    for (const exchange of this.#waiting) exchange.fail(refusal());
  }

  /** Ends every request, and refuses new ones for the same reason. */
  #failAll(code: ClientErrorCode, message: string, details: ClientErrorDetails): void {
    this.#refuse(() => new ClientError(code, message, { ...details, isUnprocessed: true }));
    for (const exchange of this.#waiting) {
      exchange.fail(new ClientError(code, message, { ...details, isUnprocessed: true }));
    }
    for (const exchange of this.#exchanges.values()) {
      exchange.fail(new ClientError(code, message, { ...details, streamId: exchange.streamId }));
    }
    for (const { failed } of this.#pings.splice(0)) failed(new ClientError(code, message, details));
  }

  /** From now on requests get this error; the first reason counts. */
  #refuse(refusal: () => ClientError): void {
    if (this.#refusal !== null) return;
    this.#refusal = () => {
      const error = refusal();
      error.origin = this.origin;
      return error;
    };
    this.watcher?.changed(this);
  }

  // -- Signs of life ----------------------------------------------------------------------------------------

  askForSign(): void {
    this.#ask({ answered: () => {}, failed: () => {} });
  }

  giveUp(): void {
    this.pump.destroy(new ClientError("UNRESPONSIVE", "the server did not answer a PING in time"));
  }

  #measure(): void {
    this.#ask({ answered: () => this.windows.answered(), failed: () => {} });
  }

  #ask(question: Question): void {
    if (this.pump.connection.isFinished) return;
    this.#pings.push(question);
    this.pump.connection.ping(PING_DATA);
    this.pump.flushSoon();
  }

  // -- Requests ---------------------------------------------------------------------------------------------

  forget(exchange: ClientExchange): void {
    this.#waiting.delete(exchange);
    if (this.#exchanges.get(exchange.streamId) === exchange) this.#exchanges.delete(exchange.streamId);
    this.#startWaiting();
    this.#checkIdle();
    this.watcher?.changed(this);
  }

  get #mostStreams(): number {
    const told = this.pump.connection.remoteSettings.maxConcurrentStreams;
    return Math.min(told, this.windows.mostStreams, this.#isTold ? told : STREAMS_UNTIL_TOLD);
  }

  #startWaiting(): void {
    if (this.#waiting.size === 0) return;
    const { connection } = this.pump;
    for (const exchange of this.#waiting) {
      if (connection.openOutboundStreams >= this.#mostStreams || connection.isClosing) return;
      this.#waiting.delete(exchange);
      this.#start(exchange);
    }
  }

  #start(exchange: ClientExchange): void {
    try {
      const streamId = this.pump.connection.getNextAvailableStreamId();
      exchange.start(streamId, requestFields(this.#origin, exchange.options));
      this.#exchanges.set(streamId, exchange);
      this.#liveness.used();
    } catch (error) {
      if (error instanceof NoAvailableStreamIDError) this.#usedUp(exchange, error);
      else exchange.fail(error as Error);
    }
  }

  /** No stream is left (RFC 9113 section 5.1.1). */
  #usedUp(exchange: ClientExchange, cause: Error): void {
    const refusal = (): ClientError =>
      new ClientError("SESSION_CLOSED", cause.message, { isUnprocessed: true, cause });
    this.#isClosing = true;
    this.#refuse(refusal);
    exchange.fail(refusal());
  }

  #checkIdle(): void {
    if (this.#isClosing && !this.isBusy) this.pump.shutdown();
  }
}

interface Question {
  readonly answered: () => void;
  readonly failed: (error: Error) => void;
}

const CLOSED_HERE = "the session was closed";
/** What a PING carries does not matter: answers come in the order of the questions. */
const PING_DATA: Uint8Array = new Uint8Array(8);
/** Octets of debug data that are kept. */
const MOST_DEBUG = 1_024;

function debugText({ additionalData }: ConnectionTerminated): { debugText?: string } {
  if (additionalData === null || additionalData.length === 0) return {};
  return { debugText: new TextDecoder().decode(additionalData.subarray(0, MOST_DEBUG)) };
}
