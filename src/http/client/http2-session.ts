import type { Duplex } from "node:stream";
import type { FrameObserver } from "../../connection/configuration.ts";
import { H2Connection } from "../../connection/connection.ts";
import { NoAvailableStreamIDError } from "../../connection/errors.ts";
import type { ConnectionTerminated, H2Event } from "../../connection/events.ts";
import { errorCodeName } from "../../frames/error-code.ts";
import { SettingId } from "../../frames/setting-id.ts";
import { NegotiationError } from "../../node/negotiation-error.ts";
import { Pump, type PumpHandler } from "../../node/pump.ts";
import { type TlsInfo, tlsInfo } from "../tls-info.ts";
import { ClientError, type ClientErrorCode, type ClientErrorDetails } from "./client-error.ts";
import { ClientExchange, type ClientExchangeOwner } from "./client-exchange.ts";
import {
  CLOSE_TIMEOUT,
  type ClientResponse,
  type ClientSession,
  type RequestOptions,
} from "./client-session.ts";
import type { Origin } from "./origin.ts";
import { requestFields } from "./request-fields.ts";

/** Octets that a server may send on one stream before anybody has read any. */
const STREAM_WINDOW = 2_097_152;
/** The same on all streams together: so much that streams that nobody reads do not stop the others. */
const CONNECTION_WINDOW = 1_073_741_824;
/** Requests at once as long as the server has not said how many it takes. */
const STREAMS_UNTIL_TOLD = 100;

/** The engine of a client. */
export function clientConnection(observer: FrameObserver | null): H2Connection {
  return new H2Connection({
    clientSide: true,
    clock: () => performance.now(),
    sendDebugData: true,
    connectionWindowSize: CONNECTION_WINDOW,
    initialSettings: { [SettingId.ENABLE_PUSH]: 0, [SettingId.INITIAL_WINDOW_SIZE]: STREAM_WINDOW },
    observer,
  });
}

/** A session over one connection of HTTP/2. */
export class Http2Session implements ClientSession, PumpHandler, ClientExchangeOwner {
  readonly protocol: "h2";
  readonly negotiated: "alpn" | "upgrade" | "prior-knowledge";
  readonly tls: TlsInfo | null;
  readonly pump: Pump;
  readonly #origin: Origin;
  readonly #exchanges: Map<number, ClientExchange>;
  /** Requests that wait for a stream. */
  readonly #waiting: Set<ClientExchange>;
  /** Questions for a sign of life, in the order of their answers. */
  readonly #pings: { readonly answered: () => void; readonly failed: (error: Error) => void }[];
  readonly #closed: Promise<void>;
  #noteClosed: () => void;
  /** Whether the server has said how many streams it takes. */
  #isTold: boolean;
  #isClosing: boolean;
  /** Makes the error for requests that are not taken any more; null while they are. */
  #refusal: (() => ClientError) | null;

  /**
   * @param connection - has what begins it among its output.
   */
  constructor(
    origin: Origin,
    socket: Duplex,
    connection: H2Connection,
    negotiated: "alpn" | "upgrade" | "prior-knowledge",
    prefaceTimeout: number,
  ) {
    this.protocol = "h2";
    this.negotiated = negotiated;
    this.tls = tlsInfo(socket);
    this.pump = new Pump(socket, connection, this, { prefaceTimeout });
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
    this.#refusal = null;
  }

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
      this.#pings.push({ answered: () => resolve(performance.now() - asked), failed: reject });
      this.pump.connection.ping(PING_DATA);
      this.pump.flushSoon();
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#refusal ??= () => new ClientError("SESSION_CLOSED", CLOSED_HERE, { isUnprocessed: true });
    this.#checkIdle();
    const timer = setTimeout(() => this.pump.destroy(), CLOSE_TIMEOUT);
    await this.#closed;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // -- From the pump ----------------------------------------------------------------------------------------

  receiveEvent(event: H2Event): void {
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
    this.#noteClosed();
  }

  #lost(cause: Error | null): void {
    if (cause instanceof NegotiationError) this.#failAll("TIMEOUT", cause.message, { cause });
    else if (cause === null && this.#isClosing) this.#failAll("SESSION_CLOSED", CLOSED_HERE, {});
    else this.#failAll("CONNECTION_LOST", "the connection was lost", cause === null ? {} : { cause });
  }

  /** After the server's GOAWAY, streams that it may have processed go on. */
  #terminated({ initiator, errorCode, error, unprocessedStreamIds }: ConnectionTerminated): void {
    if (initiator === "local") {
      const rule = error === null ? errorCodeName(errorCode) : `${error.reason} (${error.section})`;
      this.#failAll("PROTOCOL_ERROR", `the server broke a rule: ${rule}`, { errorCode });
      return;
    }
    const message = `the server takes no more requests on this connection: ${errorCodeName(errorCode)}`;
    this.#refusal ??= () => new ClientError("GOAWAY", message, { errorCode, isUnprocessed: true });
    for (const streamId of unprocessedStreamIds) {
      const details = { errorCode, isUnprocessed: true, streamId };
      this.#exchanges.get(streamId)?.fail(new ClientError("GOAWAY", message, details));
    }
    for (const exchange of this.#waiting) exchange.fail(this.#refusal());
  }

  /** Ends every request, and refuses new ones for the same reason. */
  #failAll(code: ClientErrorCode, message: string, details: ClientErrorDetails): void {
    this.#refusal ??= () => new ClientError(code, message, { ...details, isUnprocessed: true });
    for (const exchange of this.#waiting) {
      exchange.fail(new ClientError(code, message, { ...details, isUnprocessed: true }));
    }
    for (const exchange of this.#exchanges.values()) {
      exchange.fail(new ClientError(code, message, { ...details, streamId: exchange.streamId }));
    }
    for (const { failed } of this.#pings.splice(0)) failed(new ClientError(code, message, details));
  }

  // -- Requests ---------------------------------------------------------------------------------------------

  forget(exchange: ClientExchange): void {
    this.#waiting.delete(exchange);
    if (this.#exchanges.get(exchange.streamId) === exchange) this.#exchanges.delete(exchange.streamId);
    this.#startWaiting();
    this.#checkIdle();
  }

  #startWaiting(): void {
    const { connection } = this.pump;
    const told = connection.remoteSettings.maxConcurrentStreams;
    const most = this.#isTold ? told : Math.min(told, STREAMS_UNTIL_TOLD);
    for (const exchange of this.#waiting) {
      if (connection.openOutboundStreams >= most || connection.isClosing) return;
      this.#waiting.delete(exchange);
      this.#start(exchange);
    }
  }

  #start(exchange: ClientExchange): void {
    try {
      const streamId = this.pump.connection.getNextAvailableStreamId();
      exchange.start(streamId, requestFields(this.#origin, exchange.options));
      this.#exchanges.set(streamId, exchange);
    } catch (error) {
      exchange.fail(error instanceof NoAvailableStreamIDError ? usedUp(error) : (error as Error));
    }
  }

  #checkIdle(): void {
    if (this.#isClosing && this.#exchanges.size === 0 && this.#waiting.size === 0) this.pump.shutdown();
  }
}

const CLOSED_HERE = "the session was closed";
/** What a PING carries does not matter: answers come in the order of the questions. */
const PING_DATA: Uint8Array = new Uint8Array(8);

function usedUp(cause: Error): ClientError {
  return new ClientError("SESSION_CLOSED", cause.message, { isUnprocessed: true, cause });
}
