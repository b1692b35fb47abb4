import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ServerStream } from "../connection/server-stream.ts";
import { type FieldPair, givenFields, responseFields } from "./response-fields.ts";
import type { MessageOptions, StreamSocket } from "./stream-socket.ts";

type Callback = (error?: Error | null) => void;

/** A callback of `write` or `end`, and how much of the body must have gone before. */
interface Waiting {
  readonly position: number;
  readonly callback: Callback;
}

const CONTROL: unique symbol = Symbol("h2wire.outgoing");

/** What else of a ServerResponse is used and overridden: what stands between its methods and the octets. */
interface ResponseInside extends ServerResponse {
  _header: string | null;
  finished: boolean;
  readonly _hasBody: boolean;
  _sent100: boolean;
  _storeHeader(firstLine: string, headers: unknown): void;
  _send(data: string | Uint8Array, encoding?: BufferEncoding | null, callback?: Callback | null): boolean;
  _finish(): void;
  _flush(): void;
  _flushOutput(): boolean;
  _implicitHeader(): void;
  [CONTROL]: Outgoing;
}

/** Its declared type leaves out the options. */
const Response = ServerResponse as unknown as new (
  request: IncomingMessage,
  options: MessageOptions,
) => ResponseInside;

/**
 * A real `http.ServerResponse` over a stream.
 *
 * `writeHead`, `write` and `end` are those of `node:http`; what they lead to, a head as text and octets for a socket, is
 * replaced. The replacements are methods of the object itself, not of a class, because frameworks replace prototypes.
 *
 * The head leaves with the first octets of the body, so that a response without a body is one frame.
 */
export class Outgoing {
  readonly message: ServerResponse;
  readonly #inside: ResponseInside;
  readonly #stream: ServerStream;
  /** Asks for `outputTaken` at the next write to the socket. */
  readonly #awaitOutput: () => void;
  /** The head, while it waits. */
  #head: FieldPair[] | null;
  isHeadSent: boolean;
  /** Whether the application has said all. */
  hasEnded: boolean;
  #trailers: FieldPair[] | null;
  /** Octets of the body so far. */
  #length: number;
  /** In the order of their positions. */
  readonly #waiting: Waiting[];

  constructor(stream: ServerStream, socket: StreamSocket, request: IncomingMessage, awaitOutput: () => void) {
    this.#stream = stream;
    this.#awaitOutput = awaitOutput;
    this.#head = null;
    this.isHeadSent = false;
    this.hasEnded = false;
    this.#trailers = null;
    this.#length = 0;
    this.#waiting = [];
    const { rejectNonStandardBodyWrites = false } = socket.server ?? {};
    this.#inside = new Response(request, { rejectNonStandardBodyWrites });
    this.#inside[CONTROL] = this;
    this.message = Object.assign(this.#inside, OVERRIDES);
    this.message.assignSocket(socket as unknown as Socket);
  }

  /** Calls back for what was handed to the socket. @returns whether that is all that the application wrote. */
  outputTaken(): boolean {
    const taken = this.#length - this.#stream.bufferedAmount;
    let next = this.#waiting[0];
    while (next !== undefined && next.position <= taken) {
      this.#waiting.shift();
      next.callback();
      next = this.#waiting[0];
    }
    return next === undefined;
  }

  /** More is welcome again: emits "drain" if the application was told to wait. */
  drained(): void {
    if (!this.message.writableEnded && !this.message.destroyed) this.#inside._flush();
  }

  /** Answers with status 500 and nothing else, if no head was sent yet. @returns whether it was possible. */
  answerError(): boolean {
    if (this.isHeadSent) return false;
    this.#head = [
      [":status", "500"],
      ["content-length", "0"],
    ];
    this.#trailers = null;
    this.message.statusCode = 500;
    this.#inside.finished = true;
    this.end();
    this.#awaitOutput();
    return true;
  }

  /** Nothing can be sent any more. */
  abort(error: Error): void {
    this.message.destroyed = true;
    const waiting = this.#waiting.splice(0);
    // The last one of a response that has ended would emit "finish".
    if (this.hasEnded) waiting.pop();
    for (const { callback } of waiting) callback(error);
  }

  // -- What the message's methods lead to -------------------------------------------------------------------

  storeHead(headers: unknown): void {
    this.#head = responseFields(this.message, headers);
  }

  sendHead(endStream: boolean = false): void {
    if (this.isHeadSent || this.#head === null) return;
    this.#stream.sendHead(this.#head, endStream);
    this.isHeadSent = true;
    this.#head = null;
  }

  send(octets: Uint8Array, callback: Callback | null): boolean {
    let isWelcome = true;
    if (octets.length > 0) {
      this.sendHead();
      this.#length += octets.length;
      isWelcome = this.#stream.queue(octets);
    }
    if (callback !== null) {
      this.#waiting.push({ position: this.#length, callback });
      this.#awaitOutput();
    }
    return isWelcome;
  }

  /** An interim response (RFC 9110 section 15.2). */
  sendInterim(status: number, fields: readonly FieldPair[], callback: Callback | undefined): void {
    if (this.isHeadSent) return;
    this.#stream.sendHead([[":status", String(status)], ...fields], false);
    if (callback !== undefined) this.send(NOTHING, callback);
  }

  addTrailers(fields: FieldPair[]): void {
    this.#trailers = fields;
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    // Where there is no body there is nothing that trailers could follow.
    const trailers = this.#inside._hasBody ? this.#trailers : null;
    if (!this.isHeadSent && trailers === null) {
      this.sendHead(true);
      return;
    }
    this.sendHead();
    this.#stream.end(trailers);
  }
}

const NOTHING = new Uint8Array(0);

const OVERRIDES: ThisType<ResponseInside> & Partial<ResponseInside> = {
  _storeHeader(firstLine, headers) {
    this[CONTROL].storeHead(headers);
    // Whoever asks whether the head was written looks here.
    this._header = `${firstLine}\r\n`;
  },

  _send(data, encoding, callback) {
    const octets = typeof data === "string" ? Buffer.from(data, encoding ?? "utf8") : data;
    return this[CONTROL].send(octets, callback ?? null);
  },

  /** The last thing that `end` does. */
  _finish() {
    this[CONTROL].end();
    (ServerResponse.prototype as ResponseInside)._finish.call(this);
  },

  /** Asked when output may go on: nothing waits here, so "drain" can be emitted. */
  _flushOutput() {
    return true;
  },

  flushHeaders() {
    if (this._header === null) this._implicitHeader();
    this[CONTROL].sendHead();
  },

  addTrailers(trailers) {
    this[CONTROL].addTrailers(givenFields(trailers));
  },

  writeContinue(callback) {
    this._sent100 = true;
    this[CONTROL].sendInterim(100, [], callback);
  },

  writeProcessing() {
    this[CONTROL].sendInterim(102, [], undefined);
  },

  writeEarlyHints(hints, callback) {
    const { link, ...others } = hints;
    const links = (Array.isArray(link) ? link : [link ?? ""]).filter((one) => one !== "");
    if (links.length === 0) return;
    const fields = givenFields({ link: links.join(", "), ...others });
    this[CONTROL].sendInterim(103, fields, callback);
  },
};
