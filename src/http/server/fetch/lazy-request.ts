import { platform } from "../../fetch/platform.ts";
import type { RequestBody } from "./request-body.ts";

/** What a request is made of, each part when it is asked for. */
export interface RequestSource {
  readonly method: string;
  readonly url: string;
  readonly body: RequestBody | null;
  readonly signal: AbortSignal;
  makeHeaders(): Headers;
}

const DECODER = new TextDecoder();
/** The real request in the place of a lazy one. */
let materialised: (request: LazyRequest) => Request;
let isLinked = false;

/**
 * A `Request` that costs nothing until it is touched.
 *
 * It is an instance of the platform's class by its prototypes, without having run that one's constructor. Everything it
 * has is its own; a real one is made for `clone` and `formData`, and where the platform itself looks inside: see
 * `lendInside`.
 */
export class LazyRequest implements Request {
  readonly #source: RequestSource;
  #url: string | null;
  #headers: Headers | null;
  #real: Request | null;

  constructor(source: RequestSource) {
    if (!isLinked) link();
    this.#source = source;
    this.#url = null;
    this.#headers = null;
    this.#real = null;
  }

  get method(): string {
    return this.#source.method;
  }

  get url(): string {
    this.#url ??= this.#source.url;
    return this.#url;
  }

  get headers(): Headers {
    this.#headers ??= this.#source.makeHeaders();
    return this.#headers;
  }

  get signal(): AbortSignal {
    return this.#source.signal;
  }

  get body(): ReadableStream<Uint8Array> | null {
    const real = this.#reader;
    return real === null ? (this.#source.body?.stream ?? null) : real.body;
  }

  get bodyUsed(): boolean {
    const real = this.#reader;
    return real === null ? this.#source.body?.isUsed === true : real.bodyUsed;
  }

  /** The real request if that is where the body is read: `clone` has made two of its stream. */
  get #reader(): Request | null {
    return hasNoContent(this.method) ? null : this.#real;
  }

  // -- The body, whole --------------------------------------------------------------------------------------

  text(): Promise<string> {
    return this.#read((octets) => DECODER.decode(octets));
  }

  json(): Promise<unknown> {
    return this.#read((octets) => JSON.parse(DECODER.decode(octets)) as unknown);
  }

  /** The octets are the caller's alone. */
  bytes(): Promise<Uint8Array> {
    return this.#read((octets) => new Uint8Array(octets));
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#read((octets) => new Uint8Array(octets).buffer);
  }

  blob(): Promise<Blob> {
    const type = this.headers.get("content-type");
    const headers: Record<string, string> = type === null ? {} : { "content-type": type };
    const { Response } = platform();
    // The type of a Blob is what is left of Content-Type when it was parsed.
    return this.#read((octets) => new Response(octets, { headers }).blob());
  }

  formData(): Promise<FormData> {
    return watched(Promise.resolve().then(() => this.#materialise().formData()));
  }

  #read<Result>(convert: (octets: Uint8Array) => Result | Promise<Result>): Promise<Result> {
    return watched(this.#collect().then(convert));
  }

  #collect(): Promise<Uint8Array> {
    const real = this.#reader;
    if (real !== null) return real.arrayBuffer().then((buffer) => new Uint8Array(buffer));
    return this.#source.body?.collect() ?? Promise.resolve(NOTHING);
  }

  // -- What has always the same value on a server -----------------------------------------------------------

  get cache(): "default" {
    return "default";
  }
  get credentials(): "same-origin" {
    return "same-origin";
  }
  get destination(): "" {
    return "";
  }
  get duplex(): "half" {
    return "half";
  }
  get integrity(): string {
    return "";
  }
  get isHistoryNavigation(): boolean {
    return false;
  }
  get isReloadNavigation(): boolean {
    return false;
  }
  get keepalive(): boolean {
    return false;
  }
  get mode(): "cors" {
    return "cors";
  }
  get redirect(): "follow" {
    return "follow";
  }
  get referrer(): string {
    return "about:client";
  }
  get referrerPolicy(): "" {
    return "";
  }

  // -- A real one -------------------------------------------------------------------------------------------

  /** @throws TypeError if the body was read, or for a method that no `Request` of the platform has, such as TRACE. */
  clone(): Request {
    return this.#materialise().clone();
  }

  /**
   * A real request that shares the body. GET and HEAD have none there: the platform refuses it.
   *
   * @throws TypeError for a method that no `Request` of the platform has.
   */
  #materialise(): Request {
    if (this.#real !== null) return this.#real;
    const { method, headers, signal } = this;
    const { Request } = platform();
    const body = hasNoContent(method) ? null : this.body;
    this.#real = new Request(this.url, { method, headers, signal, body, duplex: "half" });
    return this.#real;
  }

  static {
    materialised = (request) => request.#materialise();
  }
}

const NOTHING = new Uint8Array(0);

/** A client that goes must not end a process whose application has not come to wait for its request yet. */
function watched<Result>(result: Promise<Result>): Promise<Result> {
  result.catch(() => {});
  return result;
}

/** Whether a `Request` of the platform refuses a body with this method. */
function hasNoContent(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

function link(): void {
  isLinked = true;
  const { Request } = platform();
  Object.setPrototypeOf(LazyRequest.prototype, Request.prototype);
  lendInside(Request);
}

/**
 * Lets `new Request(lazy)` and `fetch(lazy)` find what they look for inside. Node up to 22 keeps it in properties under
 * symbols, which can be lent from a real request; later ones keep it in private fields, which cannot.
 */
function lendInside(PlatformRequest: typeof Request): void {
  for (const symbol of Object.getOwnPropertySymbols(new PlatformRequest("http://localhost"))) {
    Object.defineProperty(LazyRequest.prototype, symbol, {
      get(this: LazyRequest): unknown {
        return (materialised(this) as unknown as Record<symbol, unknown>)[symbol];
      },
    });
  }
}
