const LONGEST_TIMER = 2_147_483_647;

/** At most one thing that is to happen later: what is armed last counts. */
export class OneTimer {
  #timeout: NodeJS.Timeout | null;

  constructor() {
    this.#timeout = null;
  }

  get isArmed(): boolean {
    return this.#timeout !== null;
  }

  /** @param milliseconds - 0 and Infinity mean never. */
  arm(milliseconds: number, action: () => void): void {
    this.disarm();
    if (milliseconds === 0 || milliseconds > LONGEST_TIMER) return;
    this.#timeout = setTimeout(() => {
      this.#timeout = null;
      action();
    }, milliseconds);
  }

  disarm(): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout = null;
  }
}
