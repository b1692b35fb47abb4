import type { IncomingMessage, Server as NodeServer, ServerResponse } from "node:http";
import type { DataReceived } from "../../../connection/events.ts";
import { ErrorCode } from "../../../frames/error-code.ts";
import type { HeaderField } from "../../../hpack/header-field.ts";
import { abortedError, type Exchange, type ExchangeOwner, type Opening } from "../connection/exchange.ts";
import type { ServerStream } from "../connection/server-stream.ts";
import { UnreadRequest } from "../connection/unread-request.ts";
import { Incoming } from "./incoming.ts";
import type { ErrorReport } from "./listener.ts";
import { Outgoing } from "./outgoing.ts";
import { StreamSocket, type StreamSocketOwner } from "./stream-socket.ts";

/** What exchanges in the style of `node:http` share. */
export interface MessageDispatch {
  /** Requests are dispatched as its "request" events. */
  readonly server: NodeServer;
  readonly report: ErrorReport;
}

/** A request and its response as objects of `node:http`: what the one does to the other, and how both end. */
export class MessageExchange implements Exchange, StreamSocketOwner {
  readonly stream: ServerStream;
  readonly #dispatch: MessageDispatch;
  readonly #owner: ExchangeOwner;
  readonly #socket: StreamSocket;
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  readonly #unread: UnreadRequest;
  #isAwaitingOutput: boolean;
  /** Whether both sides are done. */
  #isOver: boolean;

  constructor(dispatch: MessageDispatch, opening: Opening) {
    const { stream, transport, negotiated, tls } = opening;
    this.stream = stream;
    this.#dispatch = dispatch;
    this.#owner = opening.owner;
    this.#socket = new StreamSocket(transport, stream, {
      protocol: "h2",
      negotiated,
      tls,
      streamId: stream.id,
    });
    this.#unread = new UnreadRequest(stream, () => this.#end());
    this.#isAwaitingOutput = false;
    this.#isOver = false;
    this.#incoming = new Incoming(stream, this.#socket, opening.fields, opening.hasBody);
    this.#outgoing = new Outgoing(stream, this.#socket, this.request, () => this.#awaitOutput());
    this.#socket.ownedBy(this);
    if (dispatch.server.timeout > 0) this.#socket.setTimeout(dispatch.server.timeout);
  }

  get request(): IncomingMessage {
    return this.#incoming.message;
  }

  get response(): ServerResponse {
    return this.#outgoing.message;
  }

  get isComplete(): boolean {
    return this.#incoming.isComplete;
  }

  start(): void {
    dispatchRequest(this.#dispatch.server, this.request, this.response);
  }

  // -- From the peer ----------------------------------------------------------------------------------------

  receiveData(event: DataReceived): void {
    if (this.#unread.isActive) {
      this.#unread.drop(event.flowControlledLength, this.isComplete);
      return;
    }
    this.#socket.touch();
    this.#incoming.receiveData(event.data, event.flowControlledLength);
  }

  receiveBody(octets: Uint8Array): void {
    this.#incoming.receiveData(octets, 0);
  }

  receiveTrailers(fields: readonly HeaderField[]): void {
    this.#incoming.receiveTrailers(fields);
  }

  receiveEnd(): void {
    this.#incoming.receiveEnd();
    if (this.#socket.destroyed) this.#end();
  }

  drained(): void {
    this.#socket.touch();
    this.#outgoing.drained();
  }

  abort(error: Error): void {
    if (this.#isOver) return;
    const isUnread = this.#unread.isActive;
    this.#end();
    // The application has had its end of the request.
    if (isUnread) return;
    if (!this.#socket.destroyed) {
      this.#socket.close();
      this.#outgoing.abort(error);
    }
    this.#incoming.abort(error);
  }

  cancel(): void {
    this.destroyed(null);
  }

  // -- From the application ---------------------------------------------------------------------------------

  /** `destroy` of the request, the response or their socket. */
  destroyed(error: Error | null): void {
    if (this.#isOver) return;
    this.stream.reset(error === null ? ErrorCode.CANCEL : ErrorCode.INTERNAL_ERROR);
    this.abort(error ?? abortedError());
  }

  timedOut(): boolean {
    const isRequestTold = !this.request.complete && this.request.emit("timeout", this.#socket);
    const isResponseTold = this.response.emit("timeout", this.#socket);
    return this.#dispatch.server.emit("timeout", this.#socket) || isResponseTold || isRequestTold;
  }

  fail(error: unknown): void {
    this.#dispatch.report(error, this.request);
    if (this.#socket.destroyed || this.#outgoing.answerError()) return;
    this.destroyed(error instanceof Error ? error : new Error(String(error)));
  }

  // -- The end ----------------------------------------------------------------------------------------------

  #awaitOutput(): void {
    if (this.#isAwaitingOutput) return;
    this.#isAwaitingOutput = true;
    this.stream.pump.flushSoon();
    this.#owner.awaitOutput(this);
  }

  outputTaken(): boolean {
    this.#isAwaitingOutput = false;
    const isTaken = this.#outgoing.outputTaken();
    // Callbacks may have written, and wait again.
    if (this.#isAwaitingOutput) return true;
    this.#isAwaitingOutput = !isTaken;
    if (isTaken && this.#outgoing.hasEnded && !this.#socket.destroyed) this.#responded();
    return isTaken;
  }

  /** The whole response was sent. What nobody has begun to read of the request is not wanted any more. */
  #responded(): void {
    this.#socket.close();
    if (this.isComplete) this.#end();
    if (this.#incoming.isConsumed) return;
    const unread = this.#incoming.dump();
    if (!this.#isOver) this.#unread.begin(unread);
  }

  #end(): void {
    this.#unread.end();
    this.#isOver = true;
    this.stream.isOver = true;
    this.#socket.release();
    this.#owner.forget(this);
  }
}

/**
 * Emits what a server of `node:http` emits for a request, so that whatever listens to one, or has put itself between,
 * sees those of HTTP/2 too.
 */
function dispatchRequest(server: NodeServer, request: IncomingMessage, response: ServerResponse): void {
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
