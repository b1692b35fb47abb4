import { OneTimer } from "../../../node/one-timer.ts";

/** Work that goes on behind responses, for which the end of the server waits. */
export class Background {
  readonly #report: (error: unknown) => void;
  readonly #pending: Set<Promise<void>>;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
    this.#pending = new Set();
  }

  /** @param work - what it is rejected with is reported. */
  add(work: PromiseLike<unknown>): void {
    const pending = Promise.resolve(work).then(
      () => {},
      (error: unknown) => this.#report(error),
    );
    this.#pending.add(pending);
    void pending.then(() => this.#pending.delete(pending));
  }

  /** Waits until nothing is at work, but no longer than so many milliseconds; Infinity is for ever. */
  async idle(timeout: number): Promise<void> {
    if (this.#pending.size === 0) return;
    const timer = new OneTimer();
    const late = new Promise<true>((resolve) => {
      timer.arm(Math.max(1, timeout), () => resolve(true));
    });
    let isLate = false;
    while (this.#pending.size > 0 && !isLate) {
      isLate = await Promise.race([late, Promise.all(this.#pending).then(() => false)]);
    }
    timer.disarm();
  }
}
