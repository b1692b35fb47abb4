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

  /** Waits until nothing is at work, but no longer than so many milliseconds. */
  async idle(timeout: number): Promise<void> {
    if (this.#pending.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<true>((resolve) => {
      timer = setTimeout(resolve, timeout, true);
    });
    let isLate = false;
    while (this.#pending.size > 0 && !isLate) {
      isLate = await Promise.race([late, Promise.all(this.#pending).then(() => false)]);
    }
    clearTimeout(timer);
  }
}
