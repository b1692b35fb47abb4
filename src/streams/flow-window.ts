/**
 * All arithmetic of flow control (RFC 9113 sections 5.2 and 6.9). Nobody else adds to or subtracts from a
 * window. A window is counted in octets, at most 2^31 - 1, and may be negative after SETTINGS made it smaller.
 */

const LARGEST_WINDOW = 0x7fffffff;

/** What the peer lets us send. */
export class SendWindow {
  #available: number;

  constructor(initial: number) {
    this.#available = initial;
  }

  /** Octets that may be sent now; negative after the peer made its initial window smaller. */
  get available(): number {
    return this.#available;
  }

  /** Takes `octets` that are about to be sent; the caller made sure that they fit. */
  consume(octets: number): void {
    this.#available -= octets;
  }

  /**
   * Opens by a WINDOW_UPDATE, or moves by a change of SETTINGS_INITIAL_WINDOW_SIZE. False, and nothing
   * changed, if the window would pass 2^31 - 1 (section 6.9.1).
   */
  adjust(delta: number): boolean {
    if (this.#available + delta > LARGEST_WINDOW) return false;
    this.#available += delta;
    return true;
  }
}

/**
 * What we let the peer send, and when an update is worth a frame.
 *
 * The rule is the one of hyper-h2: an update goes out when half of the window was processed, or when the peer
 * is at zero and more than a kibioctet (or a quarter of a small window) was processed. It never opens the
 * window beyond its largest size.
 */
export class ReceiveWindow {
  #size: number;
  #available: number;
  #processed: number;

  constructor(size: number) {
    this.#size = size;
    this.#available = size;
    this.#processed = 0;
  }

  /** Octets that the peer may send now; negative after we made the initial window smaller. */
  get available(): number {
    return this.#available;
  }

  /** The largest size the window is kept at. */
  get size(): number {
    return this.#size;
  }

  /** Counts received octets. False if the peer sent more than it was allowed; a frame without octets always may. */
  receive(octets: number): boolean {
    this.#available -= octets;
    return this.#available >= 0 || octets === 0;
  }

  /** Counts octets that the application is done with; returns the increment to send now, or 0. */
  acknowledge(octets: number): number {
    this.#processed += octets;
    const half = Math.floor(this.#size / 2);
    const isStarved = this.#available === 0 && this.#processed > Math.min(1024, Math.floor(this.#size / 4));
    if (this.#processed < half && !isStarved) return 0;
    const increment = Math.min(this.#processed, this.#size - this.#available);
    this.#processed = 0;
    this.#available += increment;
    return increment;
  }

  /** Opens by hand; the new size becomes the largest one. False, and nothing changed, beyond 2^31 - 1. */
  open(increment: number): boolean {
    if (this.#available + increment > LARGEST_WINDOW) return false;
    this.#available += increment;
    this.#size = Math.max(this.#size, this.#available);
    return true;
  }

  /** Moves with a change of our SETTINGS_INITIAL_WINDOW_SIZE. False, and nothing changed, beyond 2^31 - 1. */
  adjust(delta: number): boolean {
    if (this.#available + delta > LARGEST_WINDOW) return false;
    this.#available += delta;
    this.#size += delta;
    return true;
  }
}
