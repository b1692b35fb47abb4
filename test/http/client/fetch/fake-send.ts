import type { ClientRequestOptions, SendRequest } from "../../../../src/http/client/pool/client-request.ts";
import type {
  ClientResponse,
  InformationalResponse,
} from "../../../../src/http/client/session/client-session.ts";

/** What a response of the test is made of. */
export interface Script {
  readonly status?: number;
  readonly headers?: [string, string][];
  /** An Error is what the body breaks off with. */
  readonly chunks?: readonly (string | Uint8Array | Error)[];
  /** Whether the body stays open behind its chunks. */
  readonly isOpen?: boolean;
  readonly trailers?: [string, string][];
  readonly informational?: InformationalResponse[];
  readonly protocol?: "h2" | "http/1.1";
}

/** A response in memory, which tells how its body was read. */
export class FakeResponse implements ClientResponse {
  readonly status: number;
  readonly headers: [string, string][];
  readonly informational: InformationalResponse[];
  readonly protocol: "h2" | "http/1.1";
  readonly negotiated: "alpn" | "http/1.1";
  /** How many chunks were asked for. */
  asked: number;
  isCancelled: boolean;
  isRead: boolean;
  readonly #script: Script;
  #fail: (error: unknown) => void;
  #trailers: Promise<[string, string][]> | null;

  constructor(script: Script = {}) {
    this.#script = script;
    this.status = script.status ?? 200;
    this.headers = script.headers ?? [];
    this.informational = script.informational ?? [];
    this.protocol = script.protocol ?? "h2";
    this.negotiated = this.protocol === "h2" ? "alpn" : "http/1.1";
    this.asked = 0;
    this.isCancelled = false;
    this.isRead = false;
    this.#trailers = null;
    this.#fail = () => {};
  }

  /** Not made before somebody wants them, who then has to handle their rejection. */
  get trailers(): Promise<[string, string][]> {
    const { chunks = [], trailers = [] } = this.#script;
    const failure = chunks.find((chunk) => chunk instanceof Error);
    this.#trailers ??= failure === undefined ? Promise.resolve(trailers) : Promise.reject(failure);
    return this.#trailers;
  }

  get body(): AsyncIterableIterator<Uint8Array> {
    const chunks = [...(this.#script.chunks ?? [])];
    const iterator: AsyncIterableIterator<Uint8Array> = {
      [Symbol.asyncIterator]: () => iterator,
      next: () => this.#next(chunks.shift()),
      return: () => {
        this.isCancelled = true;
        this.#fail(new Error("cancelled"));
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    return iterator;
  }

  #next(chunk: string | Uint8Array | Error | undefined): Promise<IteratorResult<Uint8Array>> {
    this.asked++;
    if (chunk instanceof Error) return Promise.reject(chunk);
    if (chunk !== undefined) return Promise.resolve({ done: false, value: Buffer.from(chunk) });
    if (this.#script.isOpen === true) return new Promise((_resolve, reject) => (this.#fail = reject));
    this.isRead = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  async bytes(): Promise<Uint8Array> {
    return Buffer.from(await this.text());
  }

  async text(): Promise<string> {
    let text = "";
    for await (const chunk of this.body) text += String(chunk);
    return text;
  }
}

export interface SentRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly options: ClientRequestOptions;
}

type Answer =
  | FakeResponse
  | Error
  | Promise<ClientResponse>
  | ((request: SentRequest) => Promise<ClientResponse>);

/** Sends nothing, and answers what it was told, the last answer again and again. */
export function fakeSend(...answers: Answer[]): { send: SendRequest; requests: SentRequest[] } {
  const requests: SentRequest[] = [];
  const send: SendRequest = (url, options) => {
    const headers = Object.fromEntries(options.headers ?? []);
    const request = { url: url.href, method: options.method ?? "", headers, options };
    requests.push(request);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) return Promise.reject(answer);
    return typeof answer === "function" ? answer(request) : Promise.resolve(answer as ClientResponse);
  };
  return { send, requests };
}

/** A response that sends elsewhere. */
export function redirection(status: number, location: string, script: Script = {}): FakeResponse {
  return new FakeResponse({ ...script, status, headers: [["location", location]] });
}

/** A promise that the test settles. */
export function deferred<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
} {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<Value>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

/** All of a body as it was sent. */
export async function bodyText({ body }: ClientRequestOptions): Promise<string> {
  const pieces = typeof body === "function" ? body() : body;
  if (pieces === undefined) return "";
  if (pieces instanceof Uint8Array) return String(Buffer.from(pieces));
  let text = "";
  for await (const piece of pieces) text += String(Buffer.from(piece));
  return text;
}
