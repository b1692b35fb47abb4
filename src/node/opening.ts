/**
 * Waiting on a socket before it is known who will own it.
 *
 * The contract that every negotiation of this folder inherits:
 * - While the promise is pending the socket belongs to the function, which listens for `error`, `end` and
 *   `close`, so that no failure goes uncaught.
 * - When the promise is fulfilled the listeners are gone and the socket is the caller's. They leave in the same
 *   run of microtasks in which the caller's `await` continues: who attaches listeners at once misses nothing.
 * - When the promise is rejected the socket is destroyed, or ended after a client that has ended its half was told.
 */
import type { Duplex } from "node:stream";
import { ByteQueue } from "../bytes/byte-queue.ts";
import type { Deadline } from "./deadline.ts";
import { endWith } from "./last-words.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { TemporaryListeners } from "./temporary-listeners.ts";

export interface Opening<Decision> {
  /** What the octets meant; undefined when the deadline came first. */
  readonly decision: Decision | undefined;
  /** All octets that were read, with the ones that the caller had before in front. */
  readonly octets: Uint8Array;
}

/**
 * Reads until `decide` has an answer. The socket is paused then: later octets wait inside it.
 *
 * @param octets - what was read from the socket before.
 * @param decide - is shown all octets so far, each time that more came; undefined asks for more.
 * @param lastWords - the answer to a peer that ends its half first; none unless given.
 * @throws NegotiationError `CLOSED` when the connection ends first.
 */
export async function readOpening<Decision>(
  socket: Duplex,
  octets: Uint8Array,
  deadline: Deadline,
  decide: (octets: Uint8Array) => Decision | undefined,
  lastWords: Uint8Array | null = null,
): Promise<Opening<Decision>> {
  const decision = decide(octets);
  if (decision !== undefined) return { decision, octets };
  const read = new Collected(octets);
  const start: Start<Opening<Decision>> = (listeners, settle) => {
    const finish = (decision: Decision | undefined): void => {
      socket.pause();
      settle({ decision, octets: read.octets });
    };
    listeners.on("data", (chunk: Uint8Array) => {
      read.append(chunk);
      const decision = decide(read.octets);
      if (decision !== undefined) finish(decision);
    });
    socket.resume();
    return () => finish(undefined);
  };
  return whileOwned(socket, deadline, start, lastWords);
}

/**
 * Waits for an event of the socket, reading nothing.
 *
 * @returns whether the event came before the deadline.
 * @throws NegotiationError `CLOSED` when the connection ends first.
 */
export async function happensInTime(socket: Duplex, event: string, deadline: Deadline): Promise<boolean> {
  return whileOwned<boolean>(socket, deadline, (listeners, settle) => {
    listeners.on(event, () => settle(true));
    return () => settle(false);
  });
}

/** Attaches what is special to a wait. @returns what is to be done at the deadline. */
type Start<Value> = (
  listeners: TemporaryListeners,
  settle: (value: Value) => void,
  fail: (error: NegotiationError) => void,
) => () => void;

/** Keeps the contract above around any wait. @param lastWords - see `readOpening`. */
export async function whileOwned<Value>(
  socket: Duplex,
  deadline: Deadline,
  start: Start<Value>,
  lastWords: Uint8Array | null = null,
): Promise<Value> {
  const listeners = new TemporaryListeners(socket);
  let stopWatch = (): void => {};
  try {
    if (socket.destroyed || socket.readableEnded) throw closed();
    const value = await new Promise<Value>((resolve, reject) => {
      listeners.on("error", (error: Error) => reject(closed(error)));
      for (const event of ["end", "close"]) listeners.on(event, () => reject(closed()));
      stopWatch = deadline.watch(start(listeners, resolve, reject));
    });
    // Between the event that settled the promise and this line the socket may have broken.
    if (socket.destroyed) throw closed();
    return value;
  } catch (error) {
    if (lastWords !== null && socket.readableEnded && socket.writable) endWith(socket, lastWords);
    else abandon(socket);
    throw error;
  } finally {
    stopWatch();
    listeners.removeAll();
  }
}

/** Destroys a socket that nobody owns any more; what it has to say about that concerns nobody. */
export function abandon(socket: Duplex): void {
  socket.on("error", () => {});
  socket.destroy();
}

function closed(cause?: Error): NegotiationError {
  const detail = cause === undefined ? "" : `: ${cause.message}`;
  return new NegotiationError(
    "CLOSED",
    `the connection ended before a protocol was agreed on${detail}`,
    cause,
  );
}

/** Octets in one piece, however they came. */
class Collected {
  octets: Uint8Array;
  readonly #queue: ByteQueue;

  constructor(octets: Uint8Array) {
    this.octets = octets;
    this.#queue = new ByteQueue();
    this.append(octets);
  }

  append(chunk: Uint8Array): void {
    this.#queue.push(chunk);
    this.#queue.detach();
    this.octets = this.#queue.octets.subarray(this.#queue.position, this.#queue.end);
  }
}
