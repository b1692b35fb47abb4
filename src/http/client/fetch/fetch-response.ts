import { STATUS_CODES } from "node:http";
import { platform } from "../../fetch/platform.ts";
import type { InformationalResponse, Negotiated } from "../session/client-session.ts";
import type { Fields } from "./outgoing-request.ts";
import type { ResponseBody } from "./response-body.ts";

/** What a response is made of. */
export interface FetchResponseParts {
  /** Of the last request. */
  readonly url: URL;
  readonly isRedirected: boolean;
  readonly type: "basic" | "cors";
  readonly status: number;
  readonly fields: Fields;
  readonly trailers: Promise<Fields>;
  readonly informational: readonly InformationalResponse[];
  readonly protocol: "h2" | "http/1.1";
  readonly negotiated: Negotiated;
  /** What the reader of the trailers gets instead of an error. */
  readonly failure: (error: unknown) => unknown;
}

/** Ends the streams of responses that were forgotten with their bodies unread. */
const FORGOTTEN = new FinalizationRegistry<ResponseBody>((body) => body.abandon());

let isLinked = false;

/**
 * The response to a call of `fetch`: an instance of the platform's `Response` that knows more. A real one is made only for
 * `clone`, `blob` and `formData`.
 */
export class FetchResponse implements Response {
  readonly status: number;
  /** Empty over HTTP/2, which has none (RFC 9113 section 8.3.2). */
  readonly statusText: string;
  /** "cors" if a redirection has led to another origin. */
  readonly type: "basic" | "cors";
  readonly redirected: boolean;
  /** Responses of status 1xx that came before this one, such as 103. */
  readonly informational: readonly InformationalResponse[];
  readonly protocol: "h2" | "http/1.1";
  /** How the two sides came to speak the protocol. */
  readonly negotiated: Negotiated;
  readonly #parts: FetchResponseParts;
  readonly #body: ResponseBody | null;
  /** Has the body since `clone` has made two of it. */
  #real: Response | null;
  #headers: Headers | null;
  #trailers: Promise<Headers> | null;

  /** @param body - null for a response that has none, or with `real`. */
  constructor(parts: FetchResponseParts, body: ResponseBody | null, real: Response | null) {
    if (!isLinked) link();
    this.status = parts.status;
    this.statusText = parts.protocol === "h2" ? "" : (STATUS_CODES[parts.status] ?? "");
    this.type = parts.type;
    this.redirected = parts.isRedirected;
    this.informational = parts.informational;
    this.protocol = parts.protocol;
    this.negotiated = parts.negotiated;
    this.#parts = parts;
    this.#body = body;
    this.#real = real;
    this.#headers = null;
    this.#trailers = null;
    if (body !== null) FORGOTTEN.register(this, body);
  }

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  /** Without the fragment. */
  get url(): string {
    const { href, hash } = this.#parts.url;
    return hash === "" && !href.endsWith("#") ? href : href.slice(0, href.indexOf("#"));
  }

  get headers(): Headers {
    this.#headers ??= new Headers(this.#parts.fields);
    return this.#headers;
  }

  /** What came behind the body: known when that was read. Rejected like the body, if that is cut short. */
  get trailers(): Promise<Headers> {
    this.#trailers ??= this.#trailersToCome();
    return this.#trailers;
  }

  // -- The body ---------------------------------------------------------------------------------------------

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#real !== null) return this.#real.body;
    return this.#body === null ? null : this.#body.stream;
  }

  get bodyUsed(): boolean {
    return this.#real?.bodyUsed ?? this.#body?.isUsed === true;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.#collect()).buffer as ArrayBuffer;
  }

  async blob(): Promise<Blob> {
    return this.#response(await this.#collect()).blob();
  }

  bytes(): Promise<Uint8Array> {
    return this.#collect();
  }

  async formData(): Promise<FormData> {
    return this.#response(await this.#collect()).formData();
  }

  async json(): Promise<unknown> {
    return JSON.parse(DECODER.decode(await this.#collect())) as unknown;
  }

  async text(): Promise<string> {
    return DECODER.decode(await this.#collect());
  }

  /** Another response with the same body. @throws TypeError if that was read, or somebody reads it. */
  clone(): FetchResponse {
    const { Response } = platform();
    if (this.bodyUsed || this.body?.locked === true) {
      throw new TypeError("Response.clone: Body has already been consumed.");
    }
    this.#real ??= new Response(this.body);
    return new FetchResponse(this.#parts, null, this.#real.clone());
  }

  async #collect(): Promise<Uint8Array> {
    if (this.#real !== null) return new Uint8Array(await this.#real.arrayBuffer());
    return this.#body === null ? new Uint8Array(0) : this.#body.collect();
  }

  /** A response of the platform, which knows what the type of the content is. */
  #response(octets: Uint8Array): Response {
    const { Response } = platform();
    const type = this.headers.get("content-type");
    return new Response(octets, { headers: type === null ? {} : { "content-type": type } });
  }

  #trailersToCome(): Promise<Headers> {
    const { trailers, failure } = this.#parts;
    const headers = trailers.then(
      (fields) => new Headers(fields),
      (error) => {
        throw failure(error);
      },
    );
    // Who reads the body learns of the error there.
    headers.catch(() => {});
    return headers;
  }
}

const DECODER = new TextDecoder();

/** Makes what is an instance of ours one of the platform's too. */
function link(): void {
  isLinked = true;
  Object.setPrototypeOf(FetchResponse.prototype, platform().Response.prototype);
}
