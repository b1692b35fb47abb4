import type { Priority } from "../../../fields/priority.ts";
import type { TlsInfo } from "../../tls-info.ts";

/** What `new Headers(…)` takes. */
export type HeadersInput =
  | Headers
  | Readonly<Record<string, string>>
  | readonly (readonly [name: string, value: string])[];

/** Where what an info tells comes from, and what is asked of it goes to. */
export interface InfoSource {
  readonly remoteAddress: string | null;
  readonly remotePort: number | null;
  readonly protocol: FetchInfo["protocol"];
  readonly negotiated: FetchInfo["negotiated"];
  readonly tls: TlsInfo | null;
  readonly streamId: number | null;
  readonly trailers: Promise<Headers>;
  priority: Priority;
  sendEarlyHints(init: HeadersInput): void;
  setTrailers(trailers: HeadersInput | (() => HeadersInput)): void;
  waitUntil(work: PromiseLike<unknown>): void;
}

/** What a request came by, and what a response can have beyond a `Response`: the second argument of a handler. */
export class FetchInfo {
  readonly #source: InfoSource;

  constructor(source: InfoSource) {
    this.#source = source;
  }

  /** The client, as trusted proxies tell, else the other end of the connection. Null if that is gone. */
  get remoteAddress(): string | null {
    return this.#source.remoteAddress;
  }
  /** Null too where proxies tell who the client is: they do not tell its port. */
  get remotePort(): number | null {
    return this.#source.remotePort;
  }

  get protocol(): "h2" | "http/1.1" | "http/1.0" {
    return this.#source.protocol;
  }

  /** How the two sides came to speak it: "http/1.1" where nothing was negotiated. */
  get negotiated(): "alpn" | "upgrade" | "prior-knowledge" | "http/1.1" {
    return this.#source.negotiated;
  }

  get tls(): TlsInfo | null {
    return this.#source.tls;
  }

  /** The stream of HTTP/2, or null. */
  get streamId(): number | null {
    return this.#source.streamId;
  }

  /**
   * The trailers of the request, empty if there are none. They come behind the body, so that whoever waits for them has
   * to read that too. Rejected if the request breaks off before.
   */
  get trailers(): Promise<Headers> {
    return this.#source.trailers;
  }

  /** By what urgency the response is sent at present (RFC 9218): what the client has asked for, or you have set. */
  get priority(): Priority {
    return { ...this.#source.priority };
  }

  /**
   * Sends the response by another priority than the client asked for. Nothing happens in HTTP/1.1.
   * @throws RangeError for an urgency that is not 0 to 7.
   */
  setPriority(priority: Partial<Priority>): void {
    this.#source.priority = { ...this.#source.priority, ...priority };
  }

  /**
   * Sends 103 with these fields, such as `link`, which a browser can act on before the response is there (RFC 8297).
   * Nothing happens once the response has begun, and with a client of HTTP/1.0.
   * @throws TypeError for fields that are not valid.
   */
  earlyHints(init: HeadersInput): void {
    this.#source.sendEarlyHints(init);
  }

  /**
   * Sets trailers of the response, or what makes them when its body is complete. A response that can have no body has no
   * trailers. In HTTP/1.1, where only a chunked body has trailers, this has to be said before the handler returns.
   */
  setTrailers(trailers: HeadersInput | (() => HeadersInput)): void {
    this.#source.setTrailers(trailers);
  }

  /** `close` of the server waits for this, though the response may be over. What it is rejected with is reported. */
  waitUntil(work: PromiseLike<unknown>): void {
    this.#source.waitUntil(work);
  }
}
