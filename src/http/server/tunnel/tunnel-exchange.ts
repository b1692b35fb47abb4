import type { IncomingMessage, Server as NodeServer } from "node:http";
import type { DataReceived } from "../../../connection/events.ts";
import { DEFAULT_PRIORITY, parsePriority } from "../../../fields/priority.ts";
import { ErrorCode } from "../../../frames/error-code.ts";
import type { HeaderField } from "../../../hpack/header-field.ts";
import { abortedError, type Exchange, type ExchangeOwner, type Opening } from "../connection/exchange.ts";
import type { ServerStream } from "../connection/server-stream.ts";
import { UnreadRequest } from "../connection/unread-request.ts";
import type { ErrorReport } from "../messages/listener.ts";
import { tunnelRequest } from "./tunnel-request.ts";
import { type Callback, TunnelSocket, type TunnelSocketOwner } from "./tunnel-socket.ts";
import type { TunnelEvent } from "./tunnel-style.ts";
import { WrittenResponse } from "./written-response.ts";

/** A request for a tunnel, and the tunnel: what a stream and the socket of a listener do to each other. */
export class TunnelExchange implements Exchange, TunnelSocketOwner {
  readonly stream: ServerStream;
  /** Whether the client's half has ended. */
  isComplete: boolean;
  readonly #server: NodeServer;
  readonly #report: ErrorReport;
  readonly #event: TunnelEvent;
  readonly #owner: ExchangeOwner;
  readonly #urgency: number;
  readonly #socket: TunnelSocket;
  readonly #request: IncomingMessage;
  readonly #response: WrittenResponse;
  /** What the client sends behind a refusal. */
  readonly #unread: UnreadRequest;
  /** Of the socket's write, or end, that is under way. */
  #done: Callback | null;
  #isAwaitingOutput: boolean;
  /** Whether both sides are done. */
  #isOver: boolean;

  constructor(server: NodeServer, report: ErrorReport, event: TunnelEvent, opening: Opening) {
    const { stream, transport, negotiated, tls, fields } = opening;
    this.stream = stream;
    this.isComplete = !opening.hasBody;
    this.#server = server;
    this.#report = report;
    this.#event = event;
    this.#owner = opening.owner;
    this.#urgency = urgencyOf(fields);
    this.#socket = new TunnelSocket(transport, stream, {
      protocol: "h2",
      negotiated,
      tls,
      streamId: stream.id,
    });
    this.#request = tunnelRequest(this.#socket, fields);
    this.#response = new WrittenResponse(stream, event);
    this.#unread = new UnreadRequest(stream, () => this.#end());
    this.#done = null;
    this.#isAwaitingOutput = false;
    this.#isOver = false;
    this.#socket.ownedBy(this);
    if (this.isComplete) this.#socket.receiveEnd();
  }

  start(): void {
    this.#server.emit(this.#event, this.#request, this.#socket, Buffer.alloc(0));
  }

  // -- From the client --------------------------------------------------------------------------------------

  receiveData(event: DataReceived): void {
    if (this.#unread.isActive) this.#unread.drop(event.flowControlledLength, this.isComplete);
    else this.#socket.receive(event.data, event.flowControlledLength);
  }

  /** A request by Upgrade is never one for a tunnel. */
  receiveBody(): void {}

  /** They can only come before the tunnel is open, and mean nothing to it. */
  receiveTrailers(): void {}

  receiveEnd(): void {
    this.isComplete = true;
    this.#socket.receiveEnd();
    if (this.#response.hasEnded && !this.#isAwaitingOutput) this.#end();
  }

  drained(): void {
    this.#socket.touch();
  }

  abort(error: Error): void {
    if (this.#isOver) return;
    this.#end();
    this.#socket.abort(error);
  }

  cancel(): void {
    this.stream.reset(ErrorCode.CANCEL);
    this.abort(abortedError());
  }

  // -- From the application ---------------------------------------------------------------------------------

  write(chunks: readonly Uint8Array[], done: Callback): void {
    const wasTunnel = this.#response.isTunnel;
    try {
      for (const chunk of chunks) this.#response.write(chunk);
    } catch (error) {
      this.#refuseResponse(error, done);
      return;
    }
    if (this.#response.isTunnel && !wasTunnel) this.#takeTurns();
    this.#awaitOutput(done);
  }

  /** An end without any response is a refusal too, in which there is nothing to say. */
  end(done: Callback): void {
    if (this.#response.isEmpty) {
      this.#socket.destroy();
      done();
      return;
    }
    try {
      this.#response.end();
      this.#awaitOutput(done);
    } catch (error) {
      this.#refuseResponse(error, done);
    }
  }

  destroyed(error: Error | null): void {
    const done = this.#done;
    this.#done = null;
    done?.(error ?? abortedError());
    if (this.#isOver) return;
    if (this.#response.hasEnded && !this.#response.isTunnel) {
      this.#linger();
      return;
    }
    // A proxy says so that the other end of the tunnel has failed (RFC 9113 section 8.5).
    const hasFailed = error !== null && this.#event === "connect";
    this.stream.reset(hasFailed ? ErrorCode.CONNECT_ERROR : ErrorCode.CANCEL);
    this.#end();
  }

  /** A listener has thrown, of "connect" and "upgrade" or of the socket. */
  fail(error: unknown): void {
    this.#report(error, this.#request);
    if (this.#isOver) return;
    if (this.#response.answer(500)) {
      this.#socket.destroy();
      return;
    }
    this.stream.reset(ErrorCode.INTERNAL_ERROR);
    this.abort(error instanceof Error ? error : new Error(String(error)));
  }

  /** What was written is no response: the client gets status 500, if no head was sent yet, else a reset. */
  #refuseResponse(error: unknown, done: Callback): void {
    this.#report(error, this.#request);
    if (!this.#response.answer(500)) this.stream.reset(ErrorCode.INTERNAL_ERROR);
    done(error as Error);
  }

  /** One tunnel that has much to say must not silence the others (RFC 9218 section 11). */
  #takeTurns(): void {
    if (this.stream.isOver) return;
    const priority = { urgency: this.#urgency, incremental: true };
    this.stream.pump.connection.setPriority(this.stream.id, priority);
  }

  // -- Output, and the end ----------------------------------------------------------------------------------

  /** Calls `done` when all that is queued was taken; the octets are the application's again then. */
  #awaitOutput(done: Callback): void {
    if (this.#isOver) {
      done();
      return;
    }
    this.#done = done;
    if (this.#isAwaitingOutput) return;
    this.#isAwaitingOutput = true;
    this.stream.pump.flushSoon();
    this.#owner.awaitOutput(this);
  }

  outputTaken(): boolean {
    if (this.stream.bufferedAmount > 0) return false;
    this.#isAwaitingOutput = false;
    this.#socket.touch();
    const done = this.#done;
    this.#done = null;
    done?.();
    if (this.#response.hasEnded && !this.#isAwaitingOutput) this.#responded();
    return true;
  }

  /** All was sent. What the client still sends is for the tunnel, if there is one. */
  #responded(): void {
    if (!this.#response.isTunnel) this.#linger();
    else if (this.isComplete) this.#end();
  }

  /** The response has refused the tunnel, and nobody reads what the client sends. */
  #linger(): void {
    if (this.#isOver || this.#unread.isActive) return;
    if (this.isComplete) this.#end();
    else this.#unread.begin(this.#socket.release());
    if (!this.#socket.destroyed) this.#socket.destroySoon();
  }

  #end(): void {
    this.#unread.end();
    this.#isOver = true;
    this.stream.isOver = true;
    this.#owner.forget(this);
  }
}

/** The urgency that the client has asked for (RFC 9218 section 4.1). */
function urgencyOf(fields: readonly HeaderField[]): number {
  const field = fields.find(({ name }) => name === "priority");
  const priority = field === undefined ? null : parsePriority(field.value);
  return (priority ?? DEFAULT_PRIORITY).urgency;
}
