import type { H2Configuration } from "../../../connection/configuration.ts";
import { H2Connection } from "../../../connection/connection.ts";
import type { DataReceived, H2Event } from "../../../connection/events.ts";
import { HeaderField } from "../../../hpack/header-field.ts";
import type { NegotiatedHttp2 } from "../../../node/negotiate-server.ts";
import { Pump, type PumpHandler, type PumpOptions } from "../../../node/pump.ts";
import type { ReceivedUpgrade } from "../../../node/upgrade-server.ts";
import { type TlsInfo, tlsInfo } from "../../tls-info.ts";
import type { ConnectionRecord } from "../observe/records.ts";
import type { ServerWatch } from "../observe/server-watch.ts";
import {
  abortedError,
  type Exchange,
  type ExchangeOwner,
  type ExchangeStyle,
  type Negotiation,
} from "./exchange.ts";
import { ServerStream } from "./server-stream.ts";

/** What the connections of a server share. */
export interface ServerConnectionOwner {
  readonly open: ExchangeStyle;
  readonly watch: ServerWatch;
  /** The first request has come on a connection that was to end behind it. */
  asked(): void;
  closed(connection: ServerConnection): void;
}

/** One connection of HTTP/2: events of the engine to the exchanges they belong to, by stream. */
export class ServerConnection implements PumpHandler, ExchangeOwner {
  readonly #owner: ServerConnectionOwner;
  readonly #pump: Pump;
  readonly #record: ConnectionRecord;
  readonly #negotiated: Negotiation;
  readonly #tls: TlsInfo | null;
  readonly #exchanges: Map<number, Exchange>;
  /** Exchanges that want to know when output was taken. */
  #awaiting: Exchange[];
  /** Whether it is to end when its first request has come. */
  #endsBehindRequest: boolean;
  #isEnding: boolean;

  constructor(
    owner: ServerConnectionOwner,
    record: ConnectionRecord,
    negotiated: Negotiation,
    configuration: H2Configuration,
    options: PumpOptions,
  ) {
    this.#owner = owner;
    this.#record = record;
    this.#pump = new Pump(record.socket, new H2Connection(configuration), this, options);
    this.#negotiated = negotiated;
    this.#tls = tlsInfo(record.socket);
    this.#exchanges = new Map();
    this.#awaiting = [];
    this.#endsBehindRequest = false;
    this.#isEnding = false;
  }

  /** Starts HTTP/2; after an Upgrade the request that asked for it is the first one. */
  start(negotiated: NegotiatedHttp2 | ReceivedUpgrade): void {
    const { connection } = this.#pump;
    if (negotiated.how === "upgrade") {
      connection.initiateUpgradeConnection(negotiated.settings);
      this.#startUpgraded(negotiated);
    } else connection.initiateConnection();
    this.#pump.start(negotiated.octets);
  }

  /** Requests and responses under way. */
  get streams(): number {
    return this.#exchanges.size;
  }

  /** Whether a request has come. */
  get isUsed(): boolean {
    return this.#record.requests > 0;
  }

  /** Ends it gracefully. */
  shutdown(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#pump.shutdown();
  }

  /** The same, but not before the first request: one that meets a GOAWAY would have to be sent again. */
  shutdownBehindRequest(): void {
    if (this.isUsed) this.shutdown();
    else this.#endsBehindRequest = true;
  }

  destroy(): void {
    this.#pump.destroy();
  }

  // -- From the pump ----------------------------------------------------------------------------------------

  /** What the application throws in an event of its request ends that request. */
  receiveEvent(event: H2Event): void {
    try {
      this.#receive(event);
    } catch (error) {
      const exchange = "streamId" in event ? this.#exchanges.get(event.streamId) : undefined;
      if (exchange === undefined) throw error;
      exchange.fail(error);
    }
  }

  outputTaken(): void {
    if (this.#awaiting.length === 0) return;
    const exchanges = this.#awaiting;
    this.#awaiting = [];
    for (const exchange of exchanges) {
      try {
        if (!exchange.outputTaken()) this.#awaiting.push(exchange);
      } catch (error) {
        exchange.fail(error);
      }
    }
  }

  /** Requests that are not complete never will be. */
  inputEnded(): void {
    for (const exchange of this.#exchanges.values()) {
      if (!exchange.isComplete) exchange.cancel();
    }
  }

  closed(error: Error | null): void {
    this.#abortAll();
    this.#awaiting = [];
    this.#owner.watch.closed(this.#record, error);
    this.#owner.closed(this);
  }

  #receive(event: H2Event): void {
    switch (event.type) {
      case "RequestReceived":
        this.#start(this.#open(event.streamId, event.headers, event.streamEnded === null));
        return;
      case "DataReceived":
        this.#receiveData(event);
        return;
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
        this.#owner.watch.reset(this.#record, event);
        this.#exchanges.get(event.streamId)?.abort(abortedError());
        return;
      case "ConnectionTerminated":
        this.#owner.watch.terminated(this.#record, event);
        // By the peer's GOAWAY nothing that is open ends.
        if (event.initiator === "local") this.#abortAll();
        return;
      default:
    }
  }

  #receiveData(event: DataReceived): void {
    const exchange = this.#exchanges.get(event.streamId);
    if (exchange !== undefined) exchange.receiveData(event);
    else this.#pump.connection.acknowledgeReceivedData(event.flowControlledLength, event.streamId);
  }

  // -- Exchanges --------------------------------------------------------------------------------------------

  awaitOutput(exchange: Exchange): void {
    this.#awaiting.push(exchange);
  }

  forget(exchange: Exchange): void {
    const { stream } = exchange;
    if (!this.#exchanges.delete(stream.id) || stream.record === null) return;
    stream.record.isAborted = !stream.hasEnded;
    this.#owner.watch.ended(this.#record, stream.record);
  }

  #startUpgraded({ fields, body }: ReceivedUpgrade): void {
    const head = fields.map(([name, value]) => new HeaderField(name, value));
    const exchange = this.#open(1, head, body.length > 0);
    exchange.receiveBody(body);
    exchange.receiveEnd();
    this.#start(exchange);
  }

  #open(streamId: number, fields: readonly HeaderField[], hasBody: boolean): Exchange {
    const record = this.#owner.watch.requested(this.#record, streamId, fields);
    const exchange = this.#owner.open({
      owner: this,
      stream: new ServerStream(streamId, this.#pump, record),
      transport: this.#pump.socket,
      negotiated: this.#negotiated,
      tls: this.#tls,
      fields,
      hasBody,
    });
    this.#exchanges.set(streamId, exchange);
    if (this.#endsBehindRequest && !this.#isEnding) {
      this.shutdown();
      this.#owner.asked();
    }
    return exchange;
  }

  #start(exchange: Exchange): void {
    try {
      exchange.start();
    } catch (error) {
      exchange.fail(error);
    }
  }

  #abortAll(): void {
    for (const exchange of this.#exchanges.values()) exchange.abort(abortedError());
  }
}
