import type { Server as Http1Server, IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { H2Configuration } from "../../connection/configuration.ts";
import { H2Connection } from "../../connection/connection.ts";
import type { DataReceived, H2Event } from "../../connection/events.ts";
import { HeaderField } from "../../hpack/header-field.ts";
import type { NegotiatedHttp2 } from "../../node/negotiate-server.ts";
import { Pump, type PumpHandler, type PumpOptions } from "../../node/pump.ts";
import type { ReceivedUpgrade } from "../../node/upgrade-server.ts";
import { type TlsInfo, tlsInfo } from "../tls-info.ts";
import { abortedError, Exchange, type ExchangeOwner } from "./exchange.ts";
import { ServerStream } from "./server-stream.ts";
import { StreamSocket } from "./stream-socket.ts";

/** What the connections of a server share. */
export interface ServerConnectionOwner {
  /** Requests are dispatched as its "request" events. */
  readonly dispatcher: Http1Server;
  /** An error that the application let escape. */
  report(error: unknown, request: IncomingMessage | null): void;
  closed(connection: ServerConnection): void;
}

/** One connection of HTTP/2: events of the engine to the exchanges they belong to, by stream. */
export class ServerConnection implements PumpHandler, ExchangeOwner {
  readonly #owner: ServerConnectionOwner;
  readonly #pump: Pump;
  readonly #negotiated: "alpn" | "upgrade" | "prior-knowledge";
  readonly #tls: TlsInfo | null;
  readonly #exchanges: Map<number, Exchange>;
  /** Exchanges that want to know when output was taken. */
  #awaiting: Exchange[];

  constructor(
    owner: ServerConnectionOwner,
    socket: Duplex,
    negotiated: "alpn" | "upgrade" | "prior-knowledge",
    configuration: H2Configuration,
    options: PumpOptions,
  ) {
    this.#owner = owner;
    this.#pump = new Pump(socket, new H2Connection(configuration), this, options);
    this.#negotiated = negotiated;
    this.#tls = tlsInfo(socket);
    this.#exchanges = new Map();
    this.#awaiting = [];
  }

  /** Starts HTTP/2; after an Upgrade the request that asked for it is the first one. */
  start(negotiated: NegotiatedHttp2 | ReceivedUpgrade): void {
    const { connection } = this.#pump;
    if (negotiated.how === "upgrade") {
      connection.initiateUpgradeConnection(negotiated.settings);
      this.#openUpgraded(negotiated);
    } else connection.initiateConnection();
    this.#pump.start(negotiated.octets);
  }

  /** Requests and responses under way. */
  get streams(): number {
    return this.#exchanges.size;
  }

  /** Ends it gracefully. */
  shutdown(): void {
    this.#pump.shutdown();
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
      this.#failed("streamId" in event ? this.#exchanges.get(event.streamId) : undefined, error);
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
        this.#failed(exchange, error);
      }
    }
  }

  /** Requests that are not complete never will be. */
  inputEnded(): void {
    for (const exchange of this.#exchanges.values()) {
      if (!exchange.isComplete) exchange.destroyed(null);
    }
  }

  closed(): void {
    this.#abortAll();
    this.#awaiting = [];
    this.#owner.closed(this);
  }

  #receive(event: H2Event): void {
    switch (event.type) {
      case "RequestReceived":
        this.#dispatch(this.#open(event.streamId, event.headers, event.streamEnded === null));
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
        this.#exchanges.get(event.streamId)?.abort(abortedError());
        return;
      case "ConnectionTerminated":
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
    this.#exchanges.delete(exchange.stream.id);
  }

  #openUpgraded({ fields, body }: ReceivedUpgrade): void {
    const head = fields.map(([name, value]) => new HeaderField(name, value));
    const exchange = this.#open(1, head, body.length > 0);
    exchange.receiveBody(body);
    exchange.receiveEnd();
    this.#dispatch(exchange);
  }

  #open(streamId: number, fields: readonly HeaderField[], hasBody: boolean): Exchange {
    const stream = new ServerStream(streamId, this.#pump);
    const socket = new StreamSocket(this.#pump.socket, stream, {
      protocol: "h2",
      negotiated: this.#negotiated,
      tls: this.#tls,
      streamId,
    });
    const exchange = new Exchange(this, stream, socket, fields, hasBody);
    this.#exchanges.set(streamId, exchange);
    return exchange;
  }

  #dispatch(exchange: Exchange): void {
    try {
      dispatchRequest(this.#owner.dispatcher, exchange.request, exchange.response);
    } catch (error) {
      this.#failed(exchange, error);
    }
  }

  #failed(exchange: Exchange | undefined, error: unknown): void {
    this.#owner.report(error, exchange?.request ?? null);
    exchange?.fail(error instanceof Error ? error : new Error(String(error)));
  }

  #abortAll(): void {
    for (const exchange of this.#exchanges.values()) exchange.abort(abortedError());
  }
}

/**
 * Emits what a server of `node:http` emits for a request, so that whatever listens to one, or has put itself between,
 * sees those of HTTP/2 too.
 */
function dispatchRequest(server: Http1Server, request: IncomingMessage, response: ServerResponse): void {
  const { expect } = request.headers;
  if (request.method === "CONNECT") {
    response.writeHead(501).end();
  } else if (expect === undefined) {
    server.emit("request", request, response);
  } else if (expect.toLowerCase() !== "100-continue") {
    if (!server.emit("checkExpectation", request, response)) response.writeHead(417).end();
  } else if (!server.emit("checkContinue", request, response)) {
    response.writeContinue();
    server.emit("request", request, response);
  }
}
