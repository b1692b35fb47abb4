import type { KeepAlive } from "./session-options.ts";
import type { Timed, Timetable } from "./timetable.ts";

/** Milliseconds of silence after which a connection may have been lost without a sign: what stands between has forgotten it. */
const SUSPICIOUS = 5_000;

/** The connection whose other end may be gone. */
export interface LivenessOwner {
  readonly timetable: Timetable;
  /** Whether requests are under way. */
  readonly isBusy: boolean;
  /** Asks the server for a sign of life. */
  askForSign(): void;
  /** It did not come. */
  giveUp(): void;
}

/** Finds out that nobody is there any more (RFC 9113 section 6.7). Whatever the server sends is a sign of life. */
export class Liveness implements Timed {
  readonly #owner: LivenessOwner;
  readonly #keepAlive: KeepAlive;
  #heardAt: number;
  /** When a sign was asked for that did not come yet, or -1. */
  #askedAt: number;

  constructor(owner: LivenessOwner, keepAlive: KeepAlive) {
    this.#owner = owner;
    this.#keepAlive = keepAlive;
    this.#heardAt = performance.now();
    this.#askedAt = -1;
    owner.timetable.add(this);
  }

  /** Something came. */
  heard(): void {
    this.#heardAt = performance.now();
    this.#askedAt = -1;
  }

  /** A request begins. */
  used(): void {
    if (this.#askedAt < 0 && performance.now() - this.#heardAt > SUSPICIOUS) this.#ask();
    else this.#owner.timetable.watch(this);
  }

  get dueAt(): number {
    if (this.#askedAt >= 0) return this.#askedAt + this.#keepAlive.timeout;
    return this.#owner.isBusy ? this.#heardAt + this.#keepAlive.interval : Number.POSITIVE_INFINITY;
  }

  expire(): void {
    if (this.#askedAt >= 0) this.#owner.giveUp();
    else this.#ask();
  }

  #ask(): void {
    this.#askedAt = performance.now();
    this.#owner.askForSign();
    this.#owner.timetable.watch(this);
  }
}
