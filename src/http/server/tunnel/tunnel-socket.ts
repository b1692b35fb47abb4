import { Duplex } from "node:stream";
import { OneTimer } from "../../../node/one-timer.ts";
import { Inflow } from "../connection/inflow.ts";
import type { ServerStream } from "../connection/server-stream.ts";
import type { MessageOptions, RequestInfo } from "../messages/stream-socket.ts";

export type Callback = (error?: Error | null) => void;

/** What the application does to the socket of a tunnel. */
export interface TunnelSocketOwner {
  /** `done` is called when all of it was handed to the transport, or never will be. */
  write(chunks: readonly Uint8Array[], done: Callback): void;
  end(done: Callback): void;
  /** It is of no use any more, for whatever reason. */
  destroyed(error: Error | null): void;
}

/** Octets that are kept for an application that does not read, and that it may write before it is told to wait. */
const HIGH_WATER_MARK = 65_536;

/** What a socket is asked about its two ends, and about TLS. The connection answers. */
const ASKED_OF_TRANSPORT = [
  "address",
  "remoteAddress",
  "remotePort",
  "remoteFamily",
  "localAddress",
  "localPort",
  "localFamily",
  "encrypted",
  "authorized",
  "authorizationError",
  "alpnProtocol",
  "servername",
  "getCipher",
  "getProtocol",
  "getPeerCertificate",
  "getPeerX509Certificate",
];

/**
 * A stream of HTTP/2 as a socket: what listeners of "connect" and "upgrade" get. The application reads what the client
 * sends in DATA; what it writes is the response of HTTP/1.1 first (see `WrittenResponse`), and then octets of DATA.
 *
 * Each half ends by itself, as with the sockets of `node:http`: `end` sends END_STREAM, END_STREAM of the client is the
 * event "end". `destroy` resets the stream. Octets stay unacknowledged until the application reads, so that the
 * client's window closes.
 */
export class TunnelSocket extends Duplex {
  readonly info: RequestInfo;
  readonly connecting: boolean;
  readonly pending: boolean;
  timeout: number;
  /** Octets that the client sent, and that were written, the response of HTTP/1.1 included. */
  bytesRead: number;
  bytesWritten: number;
  readonly #transport: Duplex;
  readonly #timer: OneTimer;
  #owner: TunnelSocketOwner | null;
  readonly #inflow: Inflow;
  /** Whether the client's half has ended. */
  #isComplete: boolean;

  constructor(transport: Duplex, stream: ServerStream, info: RequestInfo) {
    super({ allowHalfOpen: true, highWaterMark: HIGH_WATER_MARK });
    this.info = info;
    this.connecting = false;
    this.pending = false;
    this.timeout = 0;
    this.bytesRead = 0;
    this.bytesWritten = 0;
    this.#transport = transport;
    this.#timer = new OneTimer();
    this.#owner = null;
    this.#inflow = new Inflow(stream, this);
    this.#isComplete = false;
  }

  static {
    for (const name of ASKED_OF_TRANSPORT) {
      Object.defineProperty(TunnelSocket.prototype, name, {
        configurable: true,
        get(this: TunnelSocket): unknown {
          const answer: unknown = Reflect.get(this.#transport, name);
          return typeof answer === "function" ? answer.bind(this.#transport) : answer;
        },
      });
    }
  }

  ownedBy(owner: TunnelSocketOwner): void {
    this.#owner = owner;
  }

  // -- From the client --------------------------------------------------------------------------------------

  /** @param cost - octets of the windows, padding included. */
  receive(octets: Uint8Array, cost: number): void {
    this.touch();
    this.bytesRead += octets.length;
    this.#inflow.receive(octets, cost);
  }

  receiveEnd(): void {
    this.#isComplete = true;
    if (this.#inflow.isEmpty && !this.destroyed) this.push(null);
  }

  /** Nothing more will come. What came before can still be read, by whoever reads up to the event "close". */
  abort(error: Error): void {
    if (this.destroyed) return;
    this.#inflow.flush();
    this.destroy(error);
  }

  /** Gives back the windows of what nobody will read. @returns how much that is. */
  release(): number {
    return this.#inflow.release();
  }

  // -- What a Duplex is made of -----------------------------------------------------------------------------

  override _read(): void {
    this.#inflow.read();
    if (this.#isComplete && this.#inflow.isEmpty) this.push(null);
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: Callback): void {
    this.#write([chunk], done);
  }

  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], done: Callback): void {
    this.#write(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: Callback): void {
    if (this.#owner === null) done();
    else this.#owner.end(done);
  }

  /** An error that nobody listens for would end the process, and a client can provoke one at any time. */
  override _destroy(error: Error | null, done: Callback): void {
    this.#timer.disarm();
    this.release();
    this.#owner?.destroyed(error);
    process.nextTick(done, this.listenerCount("error") === 0 ? null : error);
  }

  #write(chunks: readonly Uint8Array[], done: Callback): void {
    for (const chunk of chunks) this.bytesWritten += chunk.length;
    if (this.#owner === null) done();
    else this.#owner.write(chunks, done);
  }

  // -- What a socket has besides ----------------------------------------------------------------------------

  /** The server that has accepted the connection, as `node:http` notes it. */
  get server(): MessageOptions | undefined {
    return (this.#transport as { server?: MessageOptions }).server;
  }

  get readyState(): string {
    if (this.readable) return this.writable ? "open" : "readOnly";
    return this.writable ? "writeOnly" : "closed";
  }

  /** Calls `listener`, and emits "timeout", when the stream has been silent for so long; 0 is never. */
  setTimeout(milliseconds: number, listener?: () => void): this {
    if (listener !== undefined) this.once("timeout", listener);
    this.timeout = milliseconds;
    this.#timer.arm(milliseconds, () => this.emit("timeout"));
    return this;
  }

  /** The stream is not silent. */
  touch(): void {
    if (this.timeout > 0 && !this.destroyed) this.#timer.arm(this.timeout, () => this.emit("timeout"));
  }

  /** Destroys the socket when all that was written has gone. */
  destroySoon(): void {
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy()).end();
  }
  resetAndDestroy(): this {
    return this.destroy();
  }

  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
