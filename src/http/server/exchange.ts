import type { IncomingMessage, ServerResponse } from "node:http";
import type { DataReceived } from "../../connection/events.ts";
import { ErrorCode } from "../../frames/error-code.ts";
import type { HeaderField } from "../../hpack/header-field.ts";
import { Incoming } from "./incoming.ts";
import { Outgoing } from "./outgoing.ts";
import type { ServerStream } from "./server-stream.ts";
import type { StreamSocket, StreamSocketOwner } from "./stream-socket.ts";

/** Milliseconds for a client to end a request that nobody reads, once the response is complete. */
const LINGER = 500;
/** Octets of such a request that come before the client is told to stop. */
const MOST_UNWANTED = 16_384;

/** The connection that an exchange belongs to. */
export interface ExchangeOwner {
  /** Asks for `outputTaken` at the next write to the socket. */
  awaitOutput(exchange: Exchange): void;
  /** Neither side will send anything more. */
  forget(exchange: Exchange): void;
}

/** A request and its response on one stream: what the one does to the other, and how both end. */
export class Exchange implements StreamSocketOwner {
  readonly stream: ServerStream;
  readonly #owner: ExchangeOwner;
  readonly #socket: StreamSocket;
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  #isAwaitingOutput: boolean;
  /** Octets of the request that came though nobody reads it. */
  #unwanted: number;
  /** Runs while the response is complete, and the request is neither read nor complete. */
  #lingering: NodeJS.Timeout | null;
  /** Whether both sides are done. */
  #isOver: boolean;

  constructor(
    owner: ExchangeOwner,
    stream: ServerStream,
    socket: StreamSocket,
    fields: readonly HeaderField[],
    hasBody: boolean,
  ) {
    this.stream = stream;
    this.#owner = owner;
    this.#socket = socket;
    this.#isAwaitingOutput = false;
    this.#unwanted = 0;
    this.#lingering = null;
    this.#isOver = false;
    this.#incoming = new Incoming(stream, socket, fields, hasBody);
    this.#outgoing = new Outgoing(stream, socket, this.request, () => this.#awaitOutput());
    socket.ownedBy(this);
  }

  get request(): IncomingMessage {
    return this.#incoming.message;
  }

  get response(): ServerResponse {
    return this.#outgoing.message;
  }

  /** Whether the peer's half has ended. */
  get isComplete(): boolean {
    return this.#incoming.isComplete;
  }

  // -- From the peer ----------------------------------------------------------------------------------------

  receiveData(event: DataReceived): void {
    if (this.#lingering !== null) {
      this.#dropData(event.flowControlledLength);
      return;
    }
    this.#socket.touch();
    this.#incoming.receiveData(event.data, event.flowControlledLength);
  }

  /** The body of a request that came by Upgrade, which no window was charged for. */
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

  /** The stream is gone before its time: by the peer, with its connection, or by us. */
  abort(error: Error): void {
    if (this.#isOver) return;
    const isLingering = this.#lingering !== null;
    this.#end();
    // The application has had its end of the request.
    if (isLingering) return;
    if (!this.#socket.destroyed) {
      this.#socket.close();
      this.#outgoing.abort(error);
    }
    this.#incoming.abort(error);
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
    return this.response.emit("timeout", this.#socket) || isRequestTold;
  }

  /** The listener has thrown: status 500 if nothing was said yet, else the stream is reset. */
  fail(error: Error): void {
    if (this.#socket.destroyed || this.#outgoing.answerError()) return;
    this.destroyed(error);
  }

  // -- The end ----------------------------------------------------------------------------------------------

  #awaitOutput(): void {
    if (this.#isAwaitingOutput) return;
    this.#isAwaitingOutput = true;
    this.stream.pump.flushSoon();
    this.#owner.awaitOutput(this);
  }

  /** @returns whether it need not be told again, or has asked for that itself. */
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
    if (!this.#incoming.isConsumed) this.#dropRequest();
  }

  /**
   * A client need not send what nobody reads (RFC 9113 section 8.1), but most are about to end anyway. As long as the
   * stream is not reset, what comes is still held against the rules.
   */
  #dropRequest(): void {
    this.#unwanted = this.#incoming.dump();
    if (this.#isOver) return;
    this.#lingering = setTimeout(() => this.#stopRequest(), LINGER);
    if (this.#unwanted > MOST_UNWANTED) this.#stopRequest();
  }

  #dropData(cost: number): void {
    this.stream.acknowledge(cost);
    this.#unwanted += cost;
    if (this.#unwanted > MOST_UNWANTED && !this.isComplete) this.#stopRequest();
  }

  #stopRequest(): void {
    this.stream.reset(ErrorCode.NO_ERROR);
    this.#end();
  }

  #end(): void {
    if (this.#lingering !== null) clearTimeout(this.#lingering);
    this.#lingering = null;
    this.#isOver = true;
    this.stream.isOver = true;
    this.#owner.forget(this);
  }
}

/** What `node:http` says when the other side is gone. */
export function abortedError(): Error {
  return Object.assign(new Error("aborted"), { code: "ECONNRESET" });
}
