import type { Priority } from "../../../fields/priority.ts";
import type { TlsInfo } from "../../tls-info.ts";
import { type Forwarded, forwardedBy, UNTOLD } from "../port/forwarded.ts";
import type { FetchApp } from "./fetch-handler.ts";
import { FetchInfo, type HeadersInput, type InfoSource } from "./fetch-info.ts";
import { LateHeaders } from "./late-headers.ts";
import { LazyRequest, type RequestSource } from "./lazy-request.ts";
import { cancelBody, discard, partsOf } from "./parts-of.ts";
import type { BodySource, RequestBody } from "./request-body.ts";
import { hasNoContent, lengthWithoutContent, type ResponseParts } from "./response-parts.ts";
import { type ResponseSink, StreamSender } from "./stream-sender.ts";

/** How far a response has come. */
const Phase = {
  /** The handler is at work, or the one for errors. */
  ASKED: 0,
  /** There is a response, whose body is being sent. */
  ANSWERED: 1,
  /** All of it was handed over. */
  ENDED: 2,
  /** Nothing can be sent any more. */
  LOST: 3,
} as const;
type Phase = (typeof Phase)[keyof typeof Phase];

type Trailers = HeadersInput | (() => HeadersInput);

/**
 * One request and its response: the handler is asked, its response is sent, what goes wrong is answered for. How the
 * message travels is for the protocols below, which extend this.
 */
export abstract class FetchCall implements RequestSource, BodySource, InfoSource, ResponseSink {
  readonly #app: FetchApp;
  #request: LazyRequest | null;
  /** Null until somebody asks. */
  #forwarded: Forwarded | null;
  #phase: Phase;
  /** Whether the handler has failed, so that the one for errors is asked no more. */
  #hasFailed: boolean;
  /** Why it is lost: what whoever waits for something of the client gets. Null while it is not. */
  #loss: DOMException | null;
  #controller: AbortController | null;
  #sender: StreamSender | null;
  #requestTrailers: LateHeaders | null;
  #trailers: Trailers | null;
  protected isHeadSent: boolean;

  constructor(app: FetchApp) {
    this.#app = app;
    this.#request = null;
    this.#forwarded = null;
    this.#phase = Phase.ASKED;
    this.#hasFailed = false;
    this.#loss = null;
    this.#controller = null;
    this.#sender = null;
    this.#requestTrailers = null;
    this.#trailers = null;
    this.isHeadSent = false;
  }

  // -- What a protocol has to say ---------------------------------------------------------------------------

  abstract readonly method: string;
  /** As it came, whatever proxies say. */
  protected abstract readonly ownUrl: string;
  abstract readonly body: RequestBody | null;
  /** The other end of the connection. */
  protected abstract readonly peerAddress: string | null;
  protected abstract readonly peerPort: number | null;
  abstract readonly protocol: FetchInfo["protocol"];
  abstract readonly negotiated: FetchInfo["negotiated"];
  abstract readonly tls: TlsInfo | null;
  abstract readonly streamId: number | null;
  abstract priority: Priority;
  abstract makeHeaders(): Headers;
  abstract beginBody(): void;
  abstract acknowledgeBody(cost: number): void;
  abstract dropBody(): void;
  abstract sendHead(parts: ResponseParts, length: number): void;
  abstract flushHead(): void;
  abstract send(octets: Uint8Array): boolean;

  /** Whether the request is complete, and if so what its trailers are. */
  protected abstract readonly isRequestComplete: boolean;
  protected abstract makeTrailers(): Headers;
  /** A response without content. */
  protected abstract sendEmpty(parts: ResponseParts, length: number): void;
  /** A response whose whole body is there. */
  protected abstract sendWhole(parts: ResponseParts, octets: Uint8Array): void;
  /** The body is complete. */
  protected abstract sendEnd(): void;
  protected abstract sendInterim(status: number, fields: Headers): void;
  /** The response was handed over. */
  protected abstract responded(): void;
  /** Breaks off: the client notices that the response is not complete. */
  protected abstract breakOff(): void;

  // -- The client, as trusted proxies tell of it ------------------------------------------------------------

  get url(): string {
    const { scheme, host } = this.#toldByProxies();
    if (scheme === null && host === null) return this.ownUrl;
    const url = new URL(this.ownUrl);
    const [, port = ""] = /:(\d+)$/.exec(host ?? url.host) ?? [];
    // A setter of a URL leaves a port that the other scheme, or host, brought with it.
    if (scheme !== null) url.protocol = scheme;
    if (host !== null) url.host = host;
    url.port = port;
    return url.href;
  }

  get remoteAddress(): string | null {
    return this.#toldByProxies().address ?? this.peerAddress;
  }

  get remotePort(): number | null {
    return this.#toldByProxies().address === null ? this.peerPort : null;
  }

  #toldByProxies(): Forwarded {
    if (this.#forwarded === null) {
      const { proxies } = this.#app;
      if (proxies === null) return UNTOLD;
      const headers = this.makeHeaders();
      this.#forwarded = forwardedBy(proxies, this.peerAddress, (name) => headers.get(name));
    }
    return this.#forwarded;
  }

  // -- The way of a request ---------------------------------------------------------------------------------

  /** Asks the handler. Nothing it does comes back from here. */
  protected run(): void {
    const request = new LazyRequest(this);
    this.#request = request;
    try {
      this.#await(this.#app.fetch(request, new FetchInfo(this)));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Answers without asking anybody. */
  protected answer(status: number): void {
    this.#phase = Phase.ASKED;
    this.#trailers = null;
    this.#answer({ status, statusText: "", fields: [], body: null, length: 0 });
  }

  #await(result: unknown): void {
    if (!isPromise(result)) this.#respond(result);
    else {
      result.then(
        (response) => this.#respond(response),
        (error: unknown) => this.fail(error),
      );
    }
  }

  #respond(response: unknown): void {
    if (this.#phase !== Phase.ASKED) {
      discard(response);
      return;
    }
    try {
      this.#answer(partsOf(response));
    } catch (error) {
      this.fail(error);
    }
  }

  #answer(parts: ResponseParts): void {
    const { body, status } = parts;
    this.#phase = Phase.ANSWERED;
    const isEmpty = hasNoContent(this.method, status);
    if (isEmpty || (body === null && this.#trailers === null)) {
      cancelBody(body);
      this.#trailers = null;
      this.sendEmpty(parts, lengthWithoutContent(this.method, parts));
      this.#ended();
    } else if (body instanceof ReadableStream) {
      this.#sender = new StreamSender(this, parts);
      this.#sender.start();
    } else {
      this.sendWhole(parts, body ?? NOTHING);
      this.#ended();
    }
  }

  /** The stream of the response is complete. */
  finish(): void {
    this.#sender = null;
    this.sendEnd();
    this.#ended();
  }

  #ended(): void {
    this.#phase = Phase.ENDED;
    this.responded();
  }

  /** Whether all of the response was handed over. */
  protected get hasEnded(): boolean {
    return this.#phase === Phase.ENDED;
  }

  /** More output is welcome. */
  protected outputDrained(): void {
    this.#sender?.drained();
  }

  // -- What goes wrong --------------------------------------------------------------------------------------

  /** The application has failed: it is told, and the client gets status 500 or what the application wants, or a break. */
  fail(error: unknown): void {
    // It was told that the client is gone, and passes that on.
    if (error === this.#loss) return;
    this.#app.report(error, this.#request);
    if (this.#phase >= Phase.ENDED) return;
    this.#sender?.cancel(error);
    this.#sender = null;
    if (this.isHeadSent) this.breakOff();
    else this.#answerError(error);
  }

  #answerError(error: unknown): void {
    const askError = this.#app.error;
    if (askError === null || this.#hasFailed) {
      this.answer(500);
      return;
    }
    this.#hasFailed = true;
    this.#phase = Phase.ASKED;
    try {
      this.#await(askError(error));
    } catch (other) {
      this.fail(other);
    }
  }

  /** Nothing will come of it any more, by whose fault ever. Who waits is told. */
  protected lose(): void {
    if (this.#loss !== null) return;
    const loss = new DOMException("The request was broken off", "AbortError");
    this.#loss = loss;
    this.#phase = Phase.LOST;
    this.#sender?.cancel(loss);
    this.#sender = null;
    this.body?.fail(loss);
    this.#requestTrailers?.fail(loss);
    this.#controller?.abort(loss);
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#loss !== null) this.#controller.abort(this.#loss);
    }
    return this.#controller.signal;
  }

  // -- Beyond request and response --------------------------------------------------------------------------

  get trailers(): Promise<Headers> {
    if (this.#requestTrailers === null) {
      this.#requestTrailers = new LateHeaders();
      if (this.isRequestComplete) this.requestCompleted();
      else if (this.#loss !== null) this.#requestTrailers.fail(this.#loss);
    }
    return this.#requestTrailers.promise;
  }

  /** The request is there to its end, trailers included. */
  protected requestCompleted(): void {
    this.#requestTrailers?.settle(this.makeTrailers());
  }

  setTrailers(trailers: Trailers): void {
    this.#trailers = trailers;
  }

  /** Whether trailers are to follow the body. */
  protected get hasTrailers(): boolean {
    return this.#trailers !== null;
  }

  /** The trailers of the response, or null. They may be made only now. */
  protected takeTrailers(): [name: string, value: string][] | null {
    const trailers = typeof this.#trailers === "function" ? this.#trailers() : this.#trailers;
    return trailers === null ? null : [...new Headers(trailers as Record<string, string>)];
  }

  sendEarlyHints(init: HeadersInput): void {
    const fields = new Headers(init as Record<string, string>);
    if (!this.isHeadSent && this.#phase < Phase.ENDED) this.sendInterim(103, fields);
  }

  waitUntil(work: PromiseLike<unknown>): void {
    this.#app.background.add(work);
  }
}

const NOTHING = new Uint8Array(0);

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
