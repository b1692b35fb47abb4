import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type TlsInfo, tlsInfo } from "../../tls-info.ts";
import { abortedError, ClientError, negotiationFailure } from "../client-error.ts";
import type { Origin } from "../opening/origin.ts";
import {
  CLOSE_TIMEOUT,
  type ClientResponse,
  type InformationalResponse,
  type RequestOptions,
} from "./client-session.ts";
import { type Explain, fieldPairs, http1Response } from "./http1-response.ts";
import type { PooledSession, SessionWatcher } from "./pooled-session.ts";
import { withoutHost } from "./request-fields.ts";

/** Connections at once: what browsers allow themselves for an origin. */
const MOST_CONNECTIONS = 6;

/**
 * A session over HTTP/1.1, which is spoken by `node:http`. A connection carries one request at a time, so there may be
 * several; the first one is the one that was negotiated.
 */
export class Http1Session implements PooledSession {
  readonly protocol: "http/1.1";
  readonly negotiated: "alpn" | "http/1.1";
  readonly tls: TlsInfo | null;
  readonly settings: null;
  watcher: SessionWatcher | null;
  readonly #origin: Origin;
  readonly #agent: OriginAgent;
  /** Requests whose responses are not read to the end. */
  readonly #running: Set<Running>;
  #isClosed: boolean;
  /** Whether what was running at the end has had its time. */
  #isCutOff: boolean;
  #noteIdle: () => void;

  /**
   * @param first - a connection that is there already, or null.
   * @param open - opens another one.
   */
  constructor(
    origin: Origin,
    first: Duplex | null,
    negotiated: "alpn" | "http/1.1",
    open: () => Promise<Duplex>,
  ) {
    this.protocol = "http/1.1";
    this.negotiated = negotiated;
    this.tls = first === null ? null : tlsInfo(first);
    this.settings = null;
    this.watcher = null;
    this.#origin = origin;
    this.#agent = new OriginAgent(first, open);
    this.#running = new Set();
    this.#isClosed = false;
    this.#isCutOff = false;
    this.#noteIdle = () => {};
  }

  get room(): number {
    return this.#isClosed ? 0 : Number.POSITIVE_INFINITY;
  }

  get streams(): number {
    return this.#running.size;
  }

  get isDraining(): boolean {
    return this.#isClosed;
  }

  get isGone(): boolean {
    return this.#isCutOff;
  }

  /** Idle connections of `node:http` never keep it. */
  keepProcess(): void {}

  async request(options: RequestOptions = {}): Promise<ClientResponse> {
    if (this.#isClosed) throw closedError({ isUnprocessed: true });
    if (options.signal?.aborted === true) throw abortedError(options.signal);
    const { host, fields } = withoutHost(options);
    const isStreamed = options.body !== undefined && !(options.body instanceof Uint8Array);
    if (isStreamed) fields.push(["transfer-encoding", "chunked"]);
    const request = httpRequest({
      agent: this.#agent,
      method: options.method ?? "GET",
      path: options.path ?? "/",
      headers: ["host", host ?? this.#origin.authority, ...fields.flat()],
      setHost: false,
    });
    return this.#exchange(request, options);
  }

  async ping(): Promise<number> {
    throw new ClientError("UNSUPPORTED", "HTTP/1.1 has no PING");
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#running.size > 0) await this.#untilIdle();
    this.destroy();
  }

  destroy(): void {
    this.#isClosed = true;
    this.#isCutOff = true;
    for (const running of this.#running) running.destroy(closedError({}));
    this.#agent.destroy();
    this.watcher?.changed(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #untilIdle(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, CLOSE_TIMEOUT);
      this.#noteIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Takes over the response to a request that was not of this session. */
  adopt(message: IncomingMessage, signal: AbortSignal | undefined): ClientResponse {
    this.#track(message, signal);
    return http1Response(message, [], this.negotiated, this.#explainer(signal));
  }

  #exchange(request: ClientRequest, options: RequestOptions): Promise<ClientResponse> {
    this.#track(request, options.signal);
    const response = responseTo(request, this.negotiated, this.#explainer(options.signal));
    void sendBody(request, options.body);
    return response;
  }

  /** Ends it when the signal says so, and notes when it is over. */
  #track(running: Running, signal: AbortSignal | undefined): void {
    const abort = (): void => void running.destroy(abortedError(signal));
    this.#running.add(running);
    signal?.addEventListener("abort", abort);
    running.on("close", () => {
      signal?.removeEventListener("abort", abort);
      this.#running.delete(running);
      if (this.#running.size === 0) this.#noteIdle();
      this.watcher?.changed(this);
    });
  }

  /** `node:http` says the same whatever has ended a request. */
  #explainer(signal: AbortSignal | undefined): Explain {
    return (error) => {
      if (error instanceof ClientError) return error;
      if (signal?.aborted === true) return abortedError(signal);
      const failure = negotiationFailure(error);
      if (failure instanceof ClientError) return failure;
      if (this.#isCutOff) return closedError({});
      return new ClientError("CONNECTION_LOST", "the connection was lost", { cause: error ?? undefined });
    };
  }
}

type Running = ClientRequest | IncomingMessage;

/** The response to a request of `node:http`, when its head is there. */
function responseTo(
  request: ClientRequest,
  negotiated: "alpn" | "http/1.1",
  explain: Explain,
): Promise<ClientResponse> {
  const informational: InformationalResponse[] = [];
  request.on("information", ({ statusCode, rawHeaders }) => {
    informational.push({ status: statusCode, headers: fieldPairs(rawHeaders) });
  });
  return new Promise((resolve, reject) => {
    request.on("response", (message) => resolve(http1Response(message, informational, negotiated, explain)));
    request.on("error", (error) => reject(explain(error)));
  });
}

/** A failure of the request is told by its "error" event. */
async function sendBody(request: ClientRequest, body: RequestOptions["body"]): Promise<void> {
  if (body === undefined || body instanceof Uint8Array) {
    request.end(body);
    return;
  }
  try {
    for await (const piece of body) {
      if (request.destroyed) return;
      if (!request.write(piece)) await drainedOrClosed(request);
    }
    request.end();
  } catch (error) {
    request.destroy(new ClientError("BODY_FAILED", "the body of the request has failed", { cause: error }));
  }
}

function drainedOrClosed(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      request.off("drain", done).off("close", done);
      resolve();
    };
    request.on("drain", done).on("close", done);
  });
}

function closedError(details: { isUnprocessed?: boolean }): ClientError {
  return new ClientError("SESSION_CLOSED", "the session was closed", details);
}

/** Keeps the connections of one origin, beginning with one that exists. */
class OriginAgent extends Agent {
  #first: Duplex | null;
  readonly #open: () => Promise<Duplex>;

  constructor(first: Duplex | null, open: () => Promise<Duplex>) {
    super({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
    this.#first = first;
    this.#open = open;
  }

  override createConnection(
    _options: unknown,
    connected: (error: Error | null, socket?: Duplex) => void,
  ): Duplex | undefined {
    const first = this.#first;
    this.#first = null;
    if (first !== null && !first.destroyed) return first;
    this.#open().then((socket) => connected(null, socket), connected);
    return undefined;
  }

  override destroy(): void {
    this.#first?.destroy();
    super.destroy();
  }
}
