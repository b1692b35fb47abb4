import { Readable } from "node:stream";
import { platform } from "../../fetch/platform.ts";
import type { HeadersInput } from "./fetch-info.ts";
import {
  type FieldPair,
  isNamed,
  isNullBodyStatus,
  type ResponseParts,
  UNKNOWN,
  usedBody,
} from "./response-parts.ts";

/** What may be a body. */
export type ResponseBody = ConstructorParameters<typeof Response>[0] | ReadableStream | ArrayBuffer | null;

/** How a response is made, apart from its body. */
export interface LazyResponseInit {
  /** 200 to 599: 200 unless given. */
  readonly status?: number;
  /** Is sent in HTTP/1.1 only. */
  readonly statusText?: string;
  readonly headers?: HeadersInput;
}

/** What a response of ours is made of; null for anything else. @throws TypeError if its body was read already. */
export let lazyParts: (value: unknown) => ResponseParts | null;

let isLinked = false;
const TEXT_TYPE: FieldPair = ["content-type", "text/plain;charset=UTF-8"];
const FORM_TYPE: FieldPair = ["content-type", "application/x-www-form-urlencoded;charset=UTF-8"];
const JSON_TYPE: FieldPair = ["content-type", "application/json"];
const NO_FIELDS: readonly FieldPair[] = [];
const TEXT_FIELDS: readonly FieldPair[] = [TEXT_TYPE];

/**
 * A `Response` that keeps what it is given and is sent from there; a real one is made only if somebody looks at the body
 * before. It has the interface of the platform's class and is an instance of it.
 *
 * It differs in three things. Octets are kept by reference, so that they must not change until they were sent. What is
 * wrong with header fields is found when they are looked at or sent. One whose body is no stream may be sent repeatedly.
 */
export class LazyResponse implements Response {
  readonly status: number;
  readonly statusText: string;
  readonly #body: unknown;
  readonly #fields: readonly FieldPair[];
  #headers: Headers | null;
  #real: Response | null;

  /**
   * @throws RangeError for a status that is not 200 to 599, TypeError for a body with a status that has none, and for a
   * stream that is locked.
   */
  constructor(body: ResponseBody = null, init: LazyResponseInit = {}) {
    if (!isLinked) link();
    this.status = checkedStatus(init.status ?? 200);
    this.statusText = init.statusText === undefined ? "" : String(init.statusText);
    this.#body = body;
    this.#headers = null;
    this.#real = null;
    if (body !== null && isNullBodyStatus(this.status)) {
      throw new TypeError(`a Response with status ${this.status} has no body`);
    }
    const kind = kindOf(body);
    this.#fields = withDefault(fieldPairs(init.headers), typeOf(kind, body));
    if (kind === Kind.OTHER) this.#becomeReal();
    else if (kind === Kind.STREAM && (body as ReadableStream).locked) throw usedBody();
  }

  /** @throws TypeError for what JSON has not, such as a function, or a value within itself. */
  static json(data: unknown, init: LazyResponseInit = {}): LazyResponse {
    const text = JSON.stringify(data) as string | undefined;
    if (text === undefined) throw new TypeError("the value cannot be written as JSON");
    return new LazyResponse(text, { ...init, headers: withDefault(fieldPairs(init.headers), JSON_TYPE) });
  }

  /** @param status - 301, 302, 303, 307 or 308. @throws RangeError for another one, TypeError for what is no URL. */
  static redirect(url: string | URL, status: number = 302): LazyResponse {
    const location = new URL(url).href;
    if (!REDIRECTIONS.includes(status)) throw new RangeError(`${status} is no status of a redirection`);
    return new LazyResponse(null, { status, headers: [["location", location]] });
  }

  /** The platform's, which stands for a failure of the network and cannot be sent. */
  static error(): Response {
    return platform().Response.error();
  }

  get ok(): boolean {
    return this.status < 300;
  }
  get redirected(): boolean {
    return false;
  }
  get type(): "default" {
    return "default";
  }
  get url(): string {
    return "";
  }

  get headers(): Headers {
    this.#headers ??= new Headers(this.#fields as [string, string][]);
    return this.#headers;
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#real === null && this.#body instanceof ReadableStream) return this.#body;
    return this.#materialise().body;
  }

  get bodyUsed(): boolean {
    if (this.#real !== null) return this.#real.bodyUsed;
    return this.#body instanceof ReadableStream && isDisturbed(this.#body);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#materialise().arrayBuffer();
  }
  async blob(): Promise<Blob> {
    return this.#materialise().blob();
  }
  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.arrayBuffer());
  }
  async formData(): Promise<FormData> {
    return this.#materialise().formData();
  }
  async json(): Promise<unknown> {
    return this.#materialise().json();
  }
  async text(): Promise<string> {
    return this.#materialise().text();
  }

  /** A response of the platform. @throws TypeError if the body was read, or somebody reads it. */
  clone(): Response {
    return this.#materialise().clone();
  }

  #materialise(): Response {
    this.#real ??= this.#make(this.headers);
    return this.#real;
  }

  /** Only the platform knows what this kind of body is, and its type. */
  #becomeReal(): void {
    this.#real = this.#make(new Headers(this.#fields as [string, string][]));
    this.#headers = this.#real.headers;
  }

  #make(headers: Headers): Response {
    const { Response } = platform();
    const { status, statusText } = this;
    return new Response(this.#body as ConstructorParameters<typeof Response>[0] & string, {
      status,
      statusText,
      headers,
    });
  }

  /** Everything for the way out. Fields that somebody has looked at may have been changed. */
  #parts(): ResponseParts {
    const { status, statusText } = this;
    const fields = this.#headers === null ? this.#fields : [...this.#headers];
    const real = this.#real;
    if (real !== null && (real.bodyUsed || real.body?.locked === true)) throw usedBody();
    const body = this.#body;
    const kind = kindOf(body);
    if (kind === Kind.STREAM || kind === Kind.OTHER) {
      if (this.bodyUsed) throw usedBody();
      return { status, statusText, fields, body: this.body, length: UNKNOWN };
    }
    if (kind === Kind.BLOB) {
      const { size } = body as Blob;
      return { status, statusText, fields, body: (body as Blob).stream(), length: size };
    }
    const octets = octetsOf(kind, body);
    return { status, statusText, fields, body: octets, length: octets === null ? 0 : octets.length };
  }

  static {
    lazyParts = (value) => (isObject(value) && #fields in value ? value.#parts() : null);
  }
}

const REDIRECTIONS: readonly number[] = [301, 302, 303, 307, 308];

const Kind = { NONE: 0, TEXT: 1, OCTETS: 2, BUFFER: 3, STREAM: 4, BLOB: 5, FORM: 6, OTHER: 7 } as const;
type Kind = (typeof Kind)[keyof typeof Kind];

function kindOf(body: unknown): Kind {
  if (typeof body === "string") return Kind.TEXT;
  if (body === null) return Kind.NONE;
  if (body instanceof Uint8Array) return Kind.OCTETS;
  if (body instanceof ReadableStream) return Kind.STREAM;
  if (body instanceof ArrayBuffer) return Kind.BUFFER;
  if (body instanceof Blob) return Kind.BLOB;
  return body instanceof URLSearchParams ? Kind.FORM : Kind.OTHER;
}

function octetsOf(kind: Kind, body: unknown): Uint8Array | null {
  if (kind === Kind.NONE) return null;
  if (kind === Kind.OCTETS) return body as Uint8Array;
  if (kind === Kind.BUFFER) return new Uint8Array(body as ArrayBuffer);
  return Buffer.from(String(body));
}

/** What Content-Type says of a body unless the application does. */
function typeOf(kind: Kind, body: unknown): FieldPair | null {
  if (kind === Kind.TEXT) return TEXT_TYPE;
  if (kind === Kind.FORM) return FORM_TYPE;
  return kind === Kind.BLOB && (body as Blob).type !== "" ? ["content-type", (body as Blob).type] : null;
}

function withDefault(fields: readonly FieldPair[], type: FieldPair | null): readonly FieldPair[] {
  if (type === null) return fields;
  if (fields.length === 0) return type === TEXT_TYPE ? TEXT_FIELDS : [type];
  for (const [name] of fields) if (isNamed(name, "content-type")) return fields;
  return [...fields, type];
}

function fieldPairs(headers: HeadersInput | undefined): readonly FieldPair[] {
  if (headers === undefined || headers === null) return NO_FIELDS;
  if (Symbol.iterator in headers) return Array.from(headers, ([name, value]) => [name, String(value)]);
  const fields: FieldPair[] = [];
  for (const name of Object.keys(headers)) fields.push([name, String(headers[name])]);
  return fields;
}

function checkedStatus(status: number): number {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw new RangeError(`the status of a Response is 200 to 599, not ${status}`);
}

function isDisturbed(stream: ReadableStream): boolean {
  return Readable.isDisturbed(stream as unknown as Readable);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Makes what is an instance of ours one of the platform's too. */
function link(): void {
  isLinked = true;
  Object.setPrototypeOf(LazyResponse.prototype, platform().Response.prototype);
}
