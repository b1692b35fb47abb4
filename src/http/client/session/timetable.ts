import { OneTimer } from "../../../node/one-timer.ts";

/** Something that has to happen in time. */
export interface Timed {
  /** When it is too late, in milliseconds of `performance.now`; Infinity while nothing is waited for. */
  readonly dueAt: number;
  /** It is too late, unless something has happened that nobody told: then `dueAt` moves. */
  expire(): void;
}

/**
 * The deadlines of a session, with one timer for all. Most of them move away before they come near, or are met, and then
 * nothing is done: the timer rings too early, and looks again. It does not keep the process; what is waited for does.
 */
export class Timetable {
  readonly #timed: Set<Timed>;
  readonly #timer: OneTimer;
  #ringsAt: number;

  constructor() {
    this.#timed = new Set();
    this.#timer = new OneTimer(false);
    this.#ringsAt = Number.POSITIVE_INFINITY;
  }

  add(timed: Timed): void {
    this.#timed.add(timed);
    this.watch(timed);
  }

  /** Its deadline may have come nearer. */
  watch(timed: Timed): void {
    const { dueAt } = timed;
    if (dueAt < this.#ringsAt) this.#ringAt(dueAt);
  }

  delete(timed: Timed): void {
    this.#timed.delete(timed);
  }

  /** Nothing is waited for any more. */
  close(): void {
    this.#timed.clear();
    this.#timer.disarm();
  }

  #ringAt(dueAt: number): void {
    this.#ringsAt = dueAt;
    // Node's clock of timers runs up to a millisecond ahead.
    this.#timer.arm(Math.ceil(Math.max(1, dueAt - performance.now())), () => this.#ring());
  }

  #ring(): void {
    this.#ringsAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (const timed of [...this.#timed]) if (timed.dueAt <= now) timed.expire();
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAt } of this.#timed) next = Math.min(next, dueAt);
    if (next < this.#ringsAt) this.#ringAt(next);
  }
}
