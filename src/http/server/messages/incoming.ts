import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { HeaderField } from "../../../hpack/header-field.ts";
import { Inflow } from "../connection/inflow.ts";
import type { ServerStream } from "../connection/server-stream.ts";
import type { StreamSocket } from "./stream-socket.ts";

const CONTROL: unique symbol = Symbol("h2wire.incoming");

/** What else of an IncomingMessage is used; `node:http` itself fills it the same way. */
interface MessageInside extends IncomingMessage {
  _consuming: boolean;
  _dump(): void;
  joinDuplicateHeaders: boolean;
  _addHeaderLines(lines: readonly string[], count: number): void;
  [CONTROL]: Incoming;
}

/**
 * A real `http.IncomingMessage` over a stream.
 *
 * What differs is in methods of the object itself, not of a class, because frameworks replace prototypes.
 */
export class Incoming {
  readonly message: IncomingMessage;
  /** Whether the peer's half has ended. */
  isComplete: boolean;
  readonly #inside: MessageInside;
  readonly #inflow: Inflow;
  #trailers: readonly HeaderField[] | null;

  /** @param fields - the whole head, pseudo-header fields in front. @param hasBody - whether the stream goes on. */
  constructor(stream: ServerStream, socket: StreamSocket, fields: readonly HeaderField[], hasBody: boolean) {
    this.#inside = makeMessage(socket, fields, hasBody);
    this.#inside[CONTROL] = this;
    this.message = this.#inside;
    this.isComplete = !hasBody;
    this.#inflow = new Inflow(stream, this.message);
    this.#trailers = null;
    if (this.isComplete) this.#end();
  }

  /** Whether the application has begun to read. */
  get isConsumed(): boolean {
    return this.#inside._consuming;
  }

  /** @param cost - octets of the windows, padding included. */
  receiveData(octets: Uint8Array, cost: number): void {
    this.#inflow.receive(octets, cost);
  }

  receiveTrailers(fields: readonly HeaderField[]): void {
    this.#trailers = fields;
  }

  /** The peer's half has ended. */
  receiveEnd(): void {
    if (this.isComplete) return;
    this.isComplete = true;
    if (this.#inflow.isEmpty) this.#end();
  }

  /** Nothing more will come: the message fails, unless the application has read all of it. */
  abort(error: Error): void {
    if (!this.message.destroyed) this.message.destroy(error);
    this.release();
  }

  /** Nobody has begun to read, and the response is done: what is here is dropped. @returns what that cost the windows. */
  dump(): number {
    const cost = this.release();
    this.#inside._dump();
    this.#end();
    return cost;
  }

  /** The message wants more. */
  read(): void {
    this.#inflow.read();
    if (this.isComplete && this.#inflow.isEmpty) this.#end();
  }

  /** Gives back the window of what nobody will read. @returns how much that is. */
  release(): number {
    return this.#inflow.release();
  }

  #end(): void {
    const { message } = this;
    if (message.complete || message.destroyed) return;
    message.complete = true;
    if (this.#trailers !== null) {
      const lines = rawLines(this.#trailers);
      // As the message is complete, they go where trailers go.
      this.#inside._addHeaderLines(lines, lines.length);
    }
    message.push(null);
  }
}

function makeMessage(socket: StreamSocket, fields: readonly HeaderField[], hasBody: boolean): MessageInside {
  const message = new IncomingMessage(socket as unknown as Socket) as MessageInside;
  message.httpVersionMajor = 2;
  message.httpVersionMinor = 0;
  message.httpVersion = "2.0";
  message.joinDuplicateHeaders = socket.server?.joinDuplicateHeaders ?? false;
  message._read = readMessage;
  message._destroy = destroyMessage;
  const lines = requestLines(message, fields);
  // Body parsers see a body only behind one of the two.
  if (hasBody && !lines.includes("content-length")) lines.push("transfer-encoding", "chunked");
  message._addHeaderLines(lines, lines.length);
  return message;
}

/** Takes the pseudo-header fields, which come first, into the message; returns the others, with Host for `:authority`. */
function requestLines(message: IncomingMessage, fields: readonly HeaderField[]): string[] {
  const lines: string[] = [];
  for (const { name, value } of fields) {
    if (name === ":method") message.method = value;
    else if (name === ":path") message.url = value;
    else if (name === ":authority") lines.push("host", value);
    else if (name === "host" && lines[0] === "host") continue;
    else if (!name.startsWith(":")) lines.push(name, value);
  }
  return lines;
}

function rawLines(fields: readonly HeaderField[]): string[] {
  const lines: string[] = [];
  for (const { name, value } of fields) lines.push(name, value);
  return lines;
}

function readMessage(this: IncomingMessage, size: number): void {
  // It notes that somebody reads.
  IncomingMessage.prototype._read.call(this, size);
  (this as MessageInside)[CONTROL].read();
}

/** As `node:http` does it, except that the stream is reset where that destroys the connection. */
function destroyMessage(
  this: IncomingMessage,
  error: Error | null,
  done: (error?: Error | null) => void,
): void {
  (this as MessageInside)[CONTROL].release();
  if (!this.readableEnded || !this.complete) {
    this.aborted = true;
    this.emit("aborted");
    this.socket.destroy(error ?? undefined);
  }
  process.nextTick(done, this.listenerCount("error") === 0 ? null : error);
}
