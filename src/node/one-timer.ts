const LONGEST_TIMER = 2_147_483_647;

/** At most one thing that is to happen later: what is armed last counts. */
export class OneTimer {
  readonly #keepsAlive: boolean;
  #timeout: NodeJS.Timeout | null;

  /** @param keepsAlive - whether the process stays for its sake. */
  constructor(keepsAlive: boolean = true) {
    this.#keepsAlive = keepsAlive;
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
    if (!this.#keepsAlive) this.#timeout.unref();
  }

  disarm(): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout = null;
  }
}
