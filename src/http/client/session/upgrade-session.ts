import type { Socket } from "node:net";
import type { H2Connection } from "../../../connection/connection.ts";
import { requestUpgrade, type UpgradeOutcome } from "../../../node/upgrade-client.ts";
import type { TlsInfo } from "../../tls-info.ts";
import { abortedError, ClientError, negotiationFailure } from "../client-error.ts";
import { type Opening, openCleartext } from "../opening/open-socket.ts";
import type { ClientResponse, Negotiated, RequestOptions, ServerSettings } from "./client-session.ts";
import { Http1Session } from "./http1-session.ts";
import { clientConnection, Http2Session } from "./http2-session.ts";
import type { PooledSession, SessionWatcher } from "./pooled-session.ts";
import { withoutHost } from "./request-fields.ts";
import type { SessionOptions } from "./session-options.ts";

/**
 * A session that asks for h2c by Upgrade. The first request is the one that asks; the others wait until it is clear what
 * is spoken, and then this session does nothing but hand on. A first request that is aborted takes the connection along.
 */
export class UpgradeSession implements PooledSession, SessionWatcher {
  readonly tls: TlsInfo | null;
  watcher: SessionWatcher | null;
  readonly #opening: Opening;
  readonly #socket: Socket;
  readonly #options: SessionOptions;
  #settled: PooledSession | null;
  /** Fulfilled when the request that asks has an answer, whatever it is. */
  #settling: Promise<void> | null;
  /** Makes the error for requests that are not taken any more; null while they are. */
  #refusal: (() => ClientError) | null;

  constructor(opening: Opening, socket: Socket, options: SessionOptions) {
    this.tls = null;
    this.watcher = null;
    this.#opening = opening;
    this.#socket = socket;
    this.#options = options;
    this.#settled = null;
    this.#settling = null;
    this.#refusal = null;
  }

  get protocol(): "h2" | "http/1.1" {
    return this.#settled?.protocol ?? "http/1.1";
  }

  get negotiated(): Negotiated {
    return this.#settled?.negotiated ?? "http/1.1";
  }

  async request(options: RequestOptions = {}): Promise<ClientResponse> {
    if (this.#refusal !== null) throw this.#refusal();
    if (this.#settled !== null) return this.#settled.request(options);
    if (this.#settling === null) return this.#firstRequest(options);
    await this.#settling;
    return this.request(options);
  }

  get settings(): ServerSettings | null {
    return this.#settled?.settings ?? null;
  }

  /** Before the Upgrade is settled, the others wait here. */
  get room(): number {
    if (this.#settled !== null) return this.#settled.room;
    return this.#refusal === null ? Number.POSITIVE_INFINITY : 0;
  }

  get streams(): number {
    return this.#settled?.streams ?? (this.#settling === null ? 0 : 1);
  }

  get isDraining(): boolean {
    return this.#refusal !== null || this.#settled?.isDraining === true;
  }

  get isGone(): boolean {
    return this.#settled?.isGone ?? this.#socket.destroyed;
  }

  keepProcess(keeps: boolean): void {
    if (this.#settled !== null) this.#settled.keepProcess(keeps);
    else if (keeps) this.#socket.ref();
    else this.#socket.unref();
  }

  destroy(): void {
    if (this.#settled !== null) this.#settled.destroy();
    else this.#socket.destroy();
  }

  /** The session that does the work says it for this one. */
  changed(): void {
    this.watcher?.changed(this);
  }

  async ping(): Promise<number> {
    if (this.#settled !== null) return this.#settled.ping();
    throw new ClientError("UNSUPPORTED", "there is no PING before the Upgrade");
  }

  async close(): Promise<void> {
    this.#refusal ??= () =>
      new ClientError("SESSION_CLOSED", "the session was closed", { isUnprocessed: true });
    await this.#settling;
    if (this.#settled !== null) await this.#settled.close();
    else this.#socket.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #firstRequest(options: RequestOptions): Promise<ClientResponse> {
    let settle = (): void => {};
    this.#settling = new Promise((resolve) => {
      settle = resolve;
    });
    // Not awaited before the others may go on: over HTTP/2 it may take its time.
    let response: Promise<ClientResponse>;
    try {
      response = this.#settle(options, await this.#ask(options));
    } catch (error) {
      throw this.#failed(error, options.signal);
    } finally {
      this.#settling = null;
      settle();
      this.changed();
    }
    return response;
  }

  /** @throws TypeError for what cannot be sent, with the connection untouched; NegotiationError. */
  async #ask(options: RequestOptions): Promise<Asked> {
    const { method = "GET", path = "/", signal } = options;
    if (signal?.aborted === true) throw abortedError(signal);
    const connection = clientConnection(this.#options);
    const settings = connection.initiateUpgradeConnection(null, { requestMethod: method }) ?? "";
    const { host, fields } = withoutHost(options);
    const headers = fields.filter(([name]) => name.toLowerCase() !== "content-length");
    const body = options.body === undefined ? {} : { body: await wholeBody(options.body) };
    const { origin, timeout } = this.#opening;
    const abort = (): void => void this.#socket.destroy();
    signal?.addEventListener("abort", abort);
    try {
      const request = { method, path, host: host ?? origin.authority, settings, headers, timeout, ...body };
      return { connection, outcome: await requestUpgrade(this.#socket, request) };
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  #settle(options: RequestOptions, { connection, outcome }: Asked): Promise<ClientResponse> {
    const { origin } = this.#opening;
    if (outcome.protocol === "http/1.1") {
      const session = new Http1Session(origin, null, "http/1.1", () => openCleartext(this.#opening));
      this.#settled = session;
      session.watcher = this;
      return Promise.resolve(session.adopt(outcome.response, options.signal));
    }
    const session = new Http2Session(origin, this.#socket, connection, "upgrade", this.#options);
    this.#settled = session;
    session.watcher = this;
    const response = session.upgradedRequest(options);
    session.pump.start(outcome.octets);
    return response;
  }

  #failed(error: unknown, signal: AbortSignal | undefined): unknown {
    const failure = signal?.aborted === true ? abortedError(signal) : negotiationFailure(error);
    // Who could not even ask leaves the connection to the next request.
    if (this.#socket.destroyed) {
      this.#refusal ??= () =>
        new ClientError("CONNECTION_LOST", "the Upgrade has failed", { cause: failure, isUnprocessed: true });
    }
    return failure;
  }
}

interface Asked {
  readonly connection: H2Connection;
  readonly outcome: UpgradeOutcome;
}

/** Before an Upgrade a body must be sent whole (RFC 7540 section 3.2), so its length must be known. */
async function wholeBody(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of body) pieces.push(piece);
  } catch (error) {
    throw new ClientError("BODY_FAILED", "the body of the request has failed", { cause: error });
  }
  return Buffer.concat(pieces);
}
