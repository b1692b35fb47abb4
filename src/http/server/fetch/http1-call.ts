import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import { DEFAULT_PRIORITY, type Priority, parsePriority } from "../../../fields/priority.ts";
import { type TlsInfo, tlsInfo } from "../../tls-info.ts";
import { FetchCall } from "./fetch-call.ts";
import type { FetchApp } from "./fetch-handler.ts";
import { headFields } from "./head-fields.ts";
import { RequestBody } from "./request-body.ts";
import { requestOrigin, requestUrl } from "./request-url.ts";
import { isNamed, type ResponseParts, UNMENTIONED } from "./response-parts.ts";

/** Octets of a request that wait for the application before the client has to. */
const HIGH_WATER_MARK = 65_536;

/** What else of a ServerResponse is used: what `writeContinue` does itself. */
interface ResponseInside extends ServerResponse {
  _writeRaw(text: string, encoding: BufferEncoding): void;
}

/** A request of HTTP/1.1 and its response, as `node:http` has them, in the style of fetch. */
export class Http1Call extends FetchCall {
  readonly body: RequestBody | null;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  /** Null if it is none. */
  readonly #url: string | null;
  readonly #expectsContinue: boolean;
  /** Octets that were received and not read. */
  #waiting: number;
  #hasSentContinue: boolean;

  constructor(app: FetchApp, request: IncomingMessage, response: ServerResponse) {
    super(app);
    this.body = mayHaveBody(request) ? new RequestBody(this) : null;
    this.#request = request;
    this.#response = response;
    this.#url = urlOf(request);
    // Other expectations node:http has refused.
    this.#expectsContinue = request.headers.expect !== undefined && !isVersion10(request);
    this.#waiting = 0;
    this.#hasSentContinue = false;
  }

  /** Asks the handler. */
  start(): void {
    const response = this.#response;
    response.on("error", () => {});
    response.on("drain", () => this.outputDrained());
    response.on("close", () => this.#closed());
    if (this.#url === null) this.answer(400);
    else this.run();
  }

  // -- The request ------------------------------------------------------------------------------------------

  get method(): string {
    return this.#request.method ?? "";
  }
  protected get ownUrl(): string {
    return this.#url as string;
  }
  makeHeaders(): Headers {
    return headersOf(this.#request.rawHeaders);
  }
  protected get isRequestComplete(): boolean {
    return this.body === null || this.#request.complete;
  }
  protected makeTrailers(): Headers {
    return headersOf(this.#request.rawTrailers);
  }

  get protocol(): "http/1.0" | "http/1.1" {
    return isVersion10(this.#request) ? "http/1.0" : "http/1.1";
  }
  get negotiated(): "alpn" | "http/1.1" {
    const { socket } = this.#request;
    return socket instanceof TLSSocket && socket.alpnProtocol === "http/1.1" ? "alpn" : "http/1.1";
  }
  get tls(): TlsInfo | null {
    return tlsInfo(this.#request.socket);
  }
  get streamId(): null {
    return null;
  }
  protected get peerAddress(): string | null {
    return this.#request.socket.remoteAddress ?? null;
  }
  protected get peerPort(): number | null {
    return this.#request.socket.remotePort ?? null;
  }
  get priority(): Priority {
    const { priority } = this.#request.headers;
    return (typeof priority === "string" ? parsePriority(priority) : null) ?? DEFAULT_PRIORITY;
  }
  set priority(_priority: Priority) {}

  // -- The body of the request ------------------------------------------------------------------------------

  beginBody(): void {
    const request = this.#request;
    if (this.#expectsContinue && !this.isHeadSent && !request.complete) {
      this.#hasSentContinue = true;
      this.#response.writeContinue();
    }
    request.on("error", () => {});
    request.on("close", () => {
      if (!request.complete) this.lose();
    });
    request.on("data", (octets: Uint8Array) => this.#receive(octets));
    request.on("end", () => {
      this.body?.end();
      this.requestCompleted();
    });
  }

  #receive(octets: Uint8Array): void {
    this.#waiting += octets.length;
    this.body?.receive(octets, octets.length);
    if (this.#waiting >= HIGH_WATER_MARK) this.#request.pause();
  }

  acknowledgeBody(cost: number): void {
    this.#waiting -= cost;
    if (this.#waiting < HIGH_WATER_MARK && this.#request.isPaused()) this.#request.resume();
  }

  /** `node:http` reads to the end of a request, since the next one stands behind it. */
  dropBody(): void {
    this.#request.resume();
  }

  // -- The response -----------------------------------------------------------------------------------------

  sendHead(parts: ResponseParts, length: number): void {
    const response = this.#response;
    const lines: string[] = [];
    // Only a chunked body has trailers (RFC 9112 section 7.1.2).
    for (const [name, value] of headFields(parts, this.hasTrailers ? UNMENTIONED : length)) {
      // How the body is framed is for node:http to say.
      if (name !== ":status" && !isNamed(name, "transfer-encoding")) lines.push(name, value);
    }
    // A client that still waits for 100 may send its body or not: nobody could tell what comes next.
    if (this.#expectsContinue && !this.#hasSentContinue) response.shouldKeepAlive = false;
    if (parts.statusText === "") response.writeHead(parts.status, lines);
    else response.writeHead(parts.status, parts.statusText, lines);
    this.isHeadSent = true;
  }

  /** Else it would wait for the body. */
  flushHead(): void {
    this.#response.flushHeaders();
  }

  send(octets: Uint8Array): boolean {
    return this.#response.write(octets);
  }

  protected sendEmpty(parts: ResponseParts, length: number): void {
    this.sendHead(parts, length);
    this.#response.end();
  }

  protected sendWhole(parts: ResponseParts, octets: Uint8Array): void {
    this.sendHead(parts, octets.length);
    if (this.hasTrailers) {
      this.#response.write(octets);
      this.sendEnd();
    } else this.#response.end(octets);
  }

  protected sendEnd(): void {
    const trailers = this.takeTrailers();
    if (trailers !== null) this.#response.addTrailers(trailers);
    this.#response.end();
  }

  protected sendInterim(status: number, fields: Headers): void {
    if (isVersion10(this.#request)) return;
    let text = `HTTP/1.1 ${status} Early Hints\r\n`;
    for (const [name, value] of fields) text += `${name}: ${value}\r\n`;
    (this.#response as ResponseInside)._writeRaw(`${text}\r\n`, "latin1");
  }

  // -- The end ----------------------------------------------------------------------------------------------

  protected responded(): void {
    const { body } = this;
    if (body !== null && !this.#request.complete && !body.isBeingRead) body.drop();
  }

  protected breakOff(): void {
    this.#response.destroy();
    this.lose();
  }

  #closed(): void {
    if (!this.#response.writableFinished) this.lose();
  }
}

/** Whether a body follows the head (RFC 9112 section 6.3). */
function mayHaveBody({ headers }: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": coding } = headers;
  return coding !== undefined || (length !== undefined && length !== "0");
}

/** The URL that is asked for (RFC 9112 section 3.3); null if there is none. */
function urlOf(request: IncomingMessage): string | null {
  const { url = "", headers, socket } = request;
  const scheme = socket instanceof TLSSocket ? "https" : "http";
  const isPath = url.startsWith("/") || url === "*";
  if (!isPath) return absoluteUrl(url);
  // Only HTTP/1.0 may be without: node:http has seen to that.
  const host = headers.host ?? `${socket.localAddress}:${socket.localPort}`;
  const origin = requestOrigin(scheme, host);
  return origin === null ? null : requestUrl(origin, url);
}

/** What a proxy is asked for; a server has to take it too (RFC 9112 section 3.2.2). */
function absoluteUrl(target: string): string | null {
  const [, scheme = "", authority = "", path = ""] = /^(https?):\/\/([^/?#]*)(.*)$/i.exec(target) ?? [];
  const origin = requestOrigin(scheme, authority);
  return origin === null ? null : requestUrl(origin, path.startsWith("/") ? path : `/${path}`);
}

function headersOf(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index < lines.length; index += 2) {
    headers.append(lines[index] as string, lines[index + 1] as string);
  }
  return headers;
}

function isVersion10(request: IncomingMessage): boolean {
  return request.httpVersion === "1.0";
}
