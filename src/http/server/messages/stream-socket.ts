import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type PeerCertificate, TLSSocket } from "node:tls";
import { OneTimer } from "../../../node/one-timer.ts";
import type { TlsInfo } from "../../tls-info.ts";
import type { ServerStream } from "../connection/server-stream.ts";

/** How a request came. */
export interface RequestInfo {
  readonly protocol: "h2" | "http/1.1" | "http/1.0";
  /** How the two sides came to speak it: "http/1.1" where nothing was negotiated. */
  readonly negotiated: "alpn" | "upgrade" | "prior-knowledge" | "http/1.1";
  readonly tls: TlsInfo | null;
  /** The stream of HTTP/2, or null. */
  readonly streamId: number | null;
}

/** What a server of `node:http` keeps of its options for the messages. */
export interface MessageOptions {
  readonly joinDuplicateHeaders?: boolean;
  readonly rejectNonStandardBodyWrites?: boolean;
}

/** What a stream's socket hands on. */
export interface StreamSocketOwner {
  /** The application destroys the request. */
  destroyed(error: Error | null): void;
  /** The timeout is over: tells the request, the response and the server. Returns whether one of them has a listener. */
  timedOut(): boolean;
}

/** What `node:http` notes at the socket of a connection while a request is under way. */
interface Transport extends Duplex {
  _httpMessage?: ServerResponse | null;
}

/** Octets that a request holds for an application that does not read. */
const HIGH_WATER_MARK = 65_536;

/**
 * What `request.socket` and `response.socket` are over HTTP/2: the part of a socket that one request has to itself.
 *
 * `node:http` wants a socket of its messages, and so do applications: they ask who is at the other end and whether TLS
 * is between, set a timeout, listen for `close`. Nothing can be written to or read from it.
 */
export class StreamSocket extends EventEmitter {
  readonly info: RequestInfo;
  readonly readableHighWaterMark: number;
  readonly writableHighWaterMark: number;
  /** Always corked: `node:http` would else cork it before each body, and call back to uncork it. */
  readonly writableCorked: number;
  /** `end` of a response writes to it. */
  readonly _writableState: { corked: number };
  /** Set by `assignSocket` of a response. */
  _httpMessage: ServerResponse | null;
  /** Undefined on cleartext, as with `node:http`. Applications behind a proxy that ends TLS set it. */
  encrypted: true | undefined;
  destroyed: boolean;
  timeout: number;
  readonly #transport: Duplex;
  readonly #stream: ServerStream;
  readonly #timer: OneTimer;
  #owner: StreamSocketOwner | null;
  /** What the application has destroyed it with. */
  #error: Error | null;

  constructor(transport: Duplex, stream: ServerStream, info: RequestInfo) {
    super();
    this.info = info;
    this.readableHighWaterMark = HIGH_WATER_MARK;
    this.writableHighWaterMark = HIGH_WATER_MARK;
    this.writableCorked = 1;
    this._writableState = { corked: 1 };
    this._httpMessage = null;
    this.encrypted = transport instanceof TLSSocket ? true : undefined;
    this.destroyed = false;
    this.timeout = 0;
    this.#transport = transport;
    this.#stream = stream;
    this.#timer = new OneTimer();
    this.#owner = null;
    this.#error = null;
  }

  /**
   * Begins. Tools that end servers leave a connection alone while its own socket has a message, as `node:http` notes it,
   * so the transport has one too.
   */
  ownedBy(owner: StreamSocketOwner): void {
    this.#owner = owner;
    (this.#transport as Transport)._httpMessage = this._httpMessage;
  }

  /** Nothing more is to come on the stream: if it was the last one, the connection is idle. */
  release(): void {
    if (this.#stream.pump.connection.openInboundStreams > 0) return;
    (this.#transport as Transport)._httpMessage = null;
  }

  // -- Who is at the other end ------------------------------------------------------------------------------

  get remoteAddress(): string | undefined {
    return this.#tcp.remoteAddress;
  }
  get remotePort(): number | undefined {
    return this.#tcp.remotePort;
  }
  get remoteFamily(): string | undefined {
    return this.#tcp.remoteFamily;
  }
  get localAddress(): string | undefined {
    return this.#tcp.localAddress;
  }
  get localPort(): number | undefined {
    return this.#tcp.localPort;
  }
  get localFamily(): string | undefined {
    return this.#tcp.localFamily;
  }
  address(): object {
    return this.#tcp.address();
  }
  /** The server that has accepted the connection, as `node:http` notes it. */
  get server(): MessageOptions | undefined {
    return (this.#transport as { server?: MessageOptions }).server;
  }

  get authorized(): boolean | undefined {
    return this.#tls?.authorized;
  }
  get alpnProtocol(): string | false | null | undefined {
    return this.#tls?.alpnProtocol;
  }
  get servername(): string | undefined {
    return (this.#tls as { servername?: string } | null)?.servername;
  }
  getPeerCertificate(detailed: boolean = false): PeerCertificate | Record<string, never> {
    return this.#tls?.getPeerCertificate(detailed) ?? {};
  }
  getProtocol(): string | null {
    return this.#tls?.getProtocol() ?? null;
  }
  getCipher(): object | undefined {
    return this.#tls?.getCipher();
  }

  // -- What node:http asks ----------------------------------------------------------------------------------

  get readable(): boolean {
    return !this.destroyed;
  }
  get writable(): boolean {
    return !this.destroyed;
  }
  get writableLength(): number {
    return this.#stream.bufferedAmount;
  }
  cork(): void {}
  uncork(): void {}
  pause(): this {
    return this;
  }
  resume(): this {
    return this;
  }

  // -- What applications do ---------------------------------------------------------------------------------

  /** @throws Error always: what applications write here is HTTP/1.1, and a stream has no place for it. */
  write(): never {
    throw new Error("nothing can be written to the socket of a stream of HTTP/2");
  }

  /** Calls `listener`, and emits "timeout", when the stream has been silent for so long; 0 is never. */
  setTimeout(milliseconds: number, listener?: () => void): this {
    if (listener !== undefined) this.once("timeout", listener);
    this.timeout = milliseconds;
    this.#timer.arm(milliseconds, () => this.#expired());
    return this;
  }

  /** The stream is not silent. */
  touch(): void {
    if (this.timeout > 0 && !this.destroyed) this.#timer.arm(this.timeout, () => this.#expired());
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

  /** Resets the stream. The socket emits the error, to those who listen, and "close". */
  destroy(error?: Error | null): this {
    if (!this.destroyed) this.#error = error ?? null;
    this.#owner?.destroyed(error ?? null);
    return this;
  }
  destroySoon(): void {
    this.destroy();
  }
  /** Tools that drain servers end the socket behind its response: there is no more to it here. */
  end(): this {
    if (this._httpMessage?.writableEnded !== true) this.destroy();
    return this;
  }

  /** The exchange is over; "close" comes when whoever is at work has returned. */
  close(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#timer.disarm();
    process.nextTick(emitClose, this, this.#error);
  }

  /** As with `node:http`, a listener of the socket itself does not save it. */
  #expired(): void {
    const isHandled = this.#owner?.timedOut() === true;
    this.emit("timeout");
    if (!isHandled) this.destroy();
  }

  get #tcp(): Socket {
    return this.#transport as Socket;
  }

  get #tls(): TLSSocket | null {
    return this.#transport instanceof TLSSocket ? this.#transport : null;
  }
}

function emitClose(socket: StreamSocket, error: Error | null): void {
  if (error !== null && socket.listenerCount("error") > 0) socket.emit("error", error);
  socket.emit("close", error !== null);
}
