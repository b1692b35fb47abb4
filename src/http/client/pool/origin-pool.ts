import { OneTimer } from "../../../node/one-timer.ts";
import { ClientError } from "../client-error.ts";
import type { ClientResponse, RequestOptions } from "../session/client-session.ts";
import type { PooledSession, SessionWatcher } from "../session/pooled-session.ts";
import { QueuedRequest } from "./queued-request.ts";

/** Opens a connection. @param byHttp1 - whether it is to speak HTTP/1.1, whatever else is allowed. */
export type OpenSession = (byHttp1: boolean) => Promise<PooledSession>;

export interface OriginPoolOptions {
  /** Connections that take requests, at most. */
  readonly connections: number;
  /** Milliseconds without a request until a connection is closed; 0 or Infinity for never. */
  readonly idle: number;
}

/** Where a request may not go, if there is a choice, and how it has to go. */
export interface Route {
  /** The session that has failed it. */
  readonly avoid: PooledSession | null;
  readonly byHttp1: boolean;
}

/**
 * The connections to one origin.
 *
 * - A request goes to the oldest connection that has room for it, so that the younger ones become idle again.
 * - While none has room, requests wait in the order in which they came, and one connection after the other is opened, up to
 *   `connections`. What they speak is known with the first one.
 * - A connection that drains takes nothing, and does not count.
 * - An idle connection does not keep the process, and is closed in time.
 */
export class OriginPool implements SessionWatcher {
  readonly #open: OpenSession;
  readonly #options: OriginPoolOptions;
  /** Sessions that take requests, and what closes each when it has been idle. */
  readonly #sessions: Map<PooledSession, OneTimer>;
  /** Sessions that take none any more, but are not gone. */
  readonly #draining: Set<PooledSession>;
  readonly #queue: Set<QueuedRequest>;
  #isOpening: boolean;
  #isClosed: boolean;
  /** Whether HTTP/1.1 is what the server wants. */
  #byHttp1: boolean;
  #isSharing: boolean;

  constructor(open: OpenSession, options: OriginPoolOptions) {
    this.#open = open;
    this.#options = options;
    this.#sessions = new Map();
    this.#draining = new Set();
    this.#queue = new Set();
    this.#isOpening = false;
    this.#isClosed = false;
    this.#byHttp1 = false;
    this.#isSharing = false;
  }

  /** Connections that are there, and under way. */
  get connections(): number {
    return this.#sessions.size + this.#draining.size + (this.#isOpening ? 1 : 0);
  }

  /** Requests that wait for a connection. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Requests under way. */
  get streams(): number {
    let streams = 0;
    for (const session of this.#all()) streams += session.streams;
    return streams;
  }

  /** Whether nothing would be lost with it. */
  get isEmpty(): boolean {
    return this.connections === 0 && this.#queue.size === 0;
  }

  /**
   * Sends a request on one of the connections.
   * @param began - is told which, before anything can fail.
   * @throws ClientError; TypeError or ProtocolError for a request that cannot be sent.
   */
  request(
    options: RequestOptions,
    timeout: number,
    route: Route,
    began: (session: PooledSession) => void,
  ): Promise<ClientResponse> {
    if (route.byHttp1) this.#turnToHttp1();
    const session = this.#queue.size === 0 ? this.#sessionFor(route.avoid) : null;
    if (session !== null) {
      began(session);
      return session.request(options);
    }
    const queued = new QueuedRequest(options, timeout, route.avoid, began, () => this.#queue.delete(queued));
    if (!queued.isOver) this.#queue.add(queued);
    this.#openAnother();
    return queued.response;
  }

  /** Ends the connections when their requests are done, and fails those that wait for one. */
  async close(): Promise<void> {
    this.#takeNoMore();
    const sessions = [...this.#all()];
    await Promise.all(sessions.map((session) => session.close()));
  }

  /** Ends the connections at once. */
  destroy(): void {
    this.#takeNoMore();
    for (const session of [...this.#all()]) session.destroy();
  }

  changed(session: PooledSession): void {
    const idle = this.#sessions.get(session);
    if (session.isGone || (idle !== undefined && session.isDraining)) this.#drop(session);
    else if (idle !== undefined) this.#noteIdle(session, idle);
    this.#share();
  }

  // -- Sharing ----------------------------------------------------------------------------------------------

  /** Gives waiting requests to connections with room. A request that begins may call back, so one round at a time. */
  #share(): void {
    if (this.#isSharing) return;
    this.#isSharing = true;
    try {
      for (const queued of this.#queue) {
        if (!this.#hasRoom) break;
        const session = this.#sessionFor(queued.avoid);
        if (session === null) continue;
        this.#queue.delete(queued);
        queued.start(session);
      }
    } finally {
      this.#isSharing = false;
    }
    this.#openAnother();
  }

  #sessionFor(avoid: PooledSession | null): PooledSession | null {
    for (const session of this.#sessions.keys()) {
      if (session !== avoid && session.room > 0) return session;
    }
    const isLastResort = avoid !== null && !this.#mayOpen && this.#sessions.has(avoid) && avoid.room > 0;
    return isLastResort ? avoid : null;
  }

  get #hasRoom(): boolean {
    for (const { room } of this.#sessions.keys()) if (room > 0) return true;
    return false;
  }

  get #mayOpen(): boolean {
    return this.#sessions.size < this.#options.connections;
  }

  *#all(): Iterable<PooledSession> {
    yield* this.#sessions.keys();
    yield* this.#draining;
  }

  // -- Connections ------------------------------------------------------------------------------------------

  #openAnother(): void {
    if (this.#queue.size === 0 || this.#isOpening || !this.#mayOpen) return;
    this.#isOpening = true;
    this.#open(this.#byHttp1).then(
      (session) => {
        this.#isOpening = false;
        this.#opened(session);
      },
      (error: Error) => {
        this.#isOpening = false;
        this.#failWaiting(error);
      },
    );
  }

  #opened(session: PooledSession): void {
    if (this.#isClosed) {
      session.destroy();
      return;
    }
    this.#take(session);
    this.#share();
  }

  #takeNoMore(): void {
    this.#isClosed = true;
    const error = new ClientError("SESSION_CLOSED", "the client was closed", { isUnprocessed: true });
    for (const queued of [...this.#queue]) queued.fail(error);
  }

  /** With another connection there is still something to wait for. */
  #failWaiting(error: Error): void {
    if (this.#sessions.size > 0) return;
    for (const queued of [...this.#queue]) queued.fail(error);
  }

  #take(session: PooledSession): void {
    const idle = new OneTimer(false);
    this.#sessions.set(session, idle);
    session.watcher = this;
    if (session.isDraining) this.#drop(session);
    else this.#noteIdle(session, idle);
  }

  #drop(session: PooledSession): void {
    const idle = this.#sessions.get(session);
    idle?.disarm();
    this.#sessions.delete(session);
    if (session.isGone) this.#draining.delete(session);
    else this.#draining.add(session);
    session.keepProcess(session.streams > 0);
  }

  #noteIdle(session: PooledSession, idle: OneTimer): void {
    const isIdle = session.streams === 0;
    session.keepProcess(!isIdle);
    if (!isIdle) idle.disarm();
    else if (!idle.isArmed) idle.arm(this.#options.idle, () => void session.close());
  }

  /** What does not speak HTTP/1.1 finishes what it has. */
  #turnToHttp1(): void {
    if (this.#byHttp1) return;
    this.#byHttp1 = true;
    for (const session of [...this.#sessions.keys()]) {
      if (session.protocol === "http/1.1") continue;
      this.#drop(session);
      void session.close();
    }
  }
}
