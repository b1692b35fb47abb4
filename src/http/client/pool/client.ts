import { abortedError, ClientError } from "../client-error.ts";
import { type CommonOptions, type ResolvedOptions, resolveOptions } from "../client-options.ts";
import { openSession } from "../opening/open-session.ts";
import { parseOrigin } from "../opening/origin.ts";
import { CLOSE_TIMEOUT, type ClientResponse, type RequestOptions } from "../session/client-session.ts";
import type { PooledSession } from "../session/pooled-session.ts";
import type { ClientRequestOptions } from "./client-request.ts";
import { OriginPool, type Route } from "./origin-pool.ts";
import { ReplayableBody } from "./replayable-body.ts";
import { DEFAULT_RETRY, pauseFor, type RetryOptions, verdict } from "./retry.ts";

export interface ClientOptions extends CommonOptions {
  /** Connections to one origin that take requests at once: 6 unless given. */
  readonly connections?: number;
  /** Milliseconds without a request until a connection is closed: 30,000 unless given; 0 or Infinity for never. */
  readonly idleTimeout?: number;
  readonly retry?: Partial<RetryOptions>;
}

/** What a client has to do at the moment. */
export interface ClientStats {
  /** Origins with connections, or requests that wait for one. */
  readonly origins: number;
  /** Connections that are there, or being opened. */
  readonly connections: number;
  /** Requests on connections. */
  readonly streams: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
}

const DEFAULT_CONNECTIONS = 6;
const DEFAULT_IDLE_TIMEOUT = 30_000;
/** Origins for which it is not worth looking. */
const FEW_ORIGINS = 16;

/**
 * A client for any number of origins. It keeps connections, shares them between requests, and sends again what can be sent
 * again safely. Each request settles exactly once, whatever the server does.
 */
export class Client {
  readonly #options: ResolvedOptions;
  readonly #poolOptions: { readonly connections: number; readonly idle: number };
  readonly #retry: RetryOptions;
  readonly #pools: Map<string, OriginPool>;
  #pruneAt: number;
  /** Requests that have not got the head of their response. */
  #unsettled: number;
  #isClosed: boolean;
  #noteSettled: () => void;

  /** @throws TypeError or RangeError for options that have not their type or range. */
  constructor(options: ClientOptions = {}) {
    const connections = options.connections ?? DEFAULT_CONNECTIONS;
    if (!(connections >= 1)) throw new RangeError(`connections must be 1 or more, not ${connections}`);
    this.#options = resolveOptions(options);
    this.#poolOptions = { connections, idle: options.idleTimeout ?? DEFAULT_IDLE_TIMEOUT };
    this.#retry = { ...DEFAULT_RETRY, ...options.retry };
    this.#pools = new Map();
    this.#pruneAt = FEW_ORIGINS;
    this.#unsettled = 0;
    this.#isClosed = false;
    this.#noteSettled = () => {};
  }

  /**
   * Sends a request, again if that is safe (see `RetryOptions`).
   *
   * @param url - of http or https; the fragment does not matter.
   * @returns the response as soon as its head is there.
   * @throws ClientError; TypeError or ProtocolError for a request that cannot be sent.
   */
  async request(url: string | URL, options: ClientRequestOptions = {}): Promise<ClientResponse> {
    const target = new URL(url);
    const origin = parseOrigin(target);
    if (this.#isClosed) throw closedError();
    this.#unsettled++;
    try {
      return await this.#send(`${origin.scheme}://${origin.authority}`, requestTo(target, options), options);
    } finally {
      this.#unsettled--;
      if (this.#unsettled === 0) this.#noteSettled();
    }
  }

  stats(): ClientStats {
    let [connections, streams, waiting] = [0, 0, 0];
    this.#prune();
    for (const pool of this.#pools.values()) {
      connections += pool.connections;
      streams += pool.streams;
      waiting += pool.waiting;
    }
    return { origins: this.#pools.size, connections, streams, waiting };
  }

  /**
   * Takes no more requests, waits up to five seconds for those under way and their responses, then ends the connections. What
   * is left then fails as "SESSION_CLOSED".
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#untilSettled();
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    this.destroy();
  }

  /** Ends everything at once; what is under way fails as "SESSION_CLOSED". */
  destroy(): void {
    this.#isClosed = true;
    for (const pool of this.#pools.values()) pool.destroy();
    this.#pools.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #send(
    origin: string,
    request: RequestOptions,
    { body: given, signal }: ClientRequestOptions,
  ): Promise<ClientResponse> {
    const body = new ReplayableBody(given);
    const timeout = request.timeouts?.headers ?? this.#options.timeouts.headers;
    let route: Route = { avoid: null, byHttp1: false };
    for (let retries = 0; ; retries++) {
      let last: PooledSession | null = null;
      try {
        const whole = body.take();
        const attempt = whole === undefined ? request : { ...request, body: whole };
        return await this.#poolFor(origin).request(attempt, timeout, route, (session) => {
          last = session;
        });
      } catch (error) {
        const { method = "GET" } = request;
        const isGivenUp = this.#isClosed || signal?.aborted === true;
        const decided = isGivenUp
          ? null
          : verdict({ error, method, isWhole: body.isWhole, retries }, this.#retry);
        if (decided === null) throw labelled(error, origin);
        await pauseFor(decided.pause, signal);
        if (signal?.aborted === true) throw abortedError(signal);
        if (this.#isClosed) throw labelled(error, origin);
        route = { avoid: last, byHttp1: decided.byHttp1 };
      }
    }
  }

  #poolFor(origin: string): OriginPool {
    const known = this.#pools.get(origin);
    if (known !== undefined) return known;
    if (this.#pools.size >= this.#pruneAt) this.#prune();
    const target = parseOrigin(origin);
    const pool = new OriginPool(
      (byHttp1) => openSession(target, this.#optionsFor(byHttp1)),
      this.#poolOptions,
    );
    this.#pools.set(origin, pool);
    return pool;
  }

  #optionsFor(byHttp1: boolean): ResolvedOptions {
    return byHttp1 ? { ...this.#options, negotiation: "http/1.1" } : this.#options;
  }

  /** Forgets origins that have nothing any more; again when there are twice as many as are left. */
  #prune(): void {
    for (const [origin, pool] of this.#pools) if (pool.isEmpty) this.#pools.delete(origin);
    this.#pruneAt = 2 * this.#pools.size + FEW_ORIGINS;
  }

  #untilSettled(): Promise<void> {
    if (this.#unsettled === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, CLOSE_TIMEOUT);
      this.#noteSettled = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function requestTo(url: URL, { body: _body, ...options }: ClientRequestOptions): RequestOptions {
  return { ...options, path: `${url.pathname}${url.search}` };
}

function closedError(): ClientError {
  return new ClientError("SESSION_CLOSED", "the client was closed", { isUnprocessed: true });
}

function labelled(error: unknown, origin: string): unknown {
  if (error instanceof ClientError) error.origin ??= origin;
  return error;
}
