import { canonicalOrigin } from "../fields/origin.ts";

/**
 * The origins that a server wants its connection used for (RFC 8336 section 2.3).
 *
 * Nothing is kept on a connection that has no initial origin. That is one that ORIGIN must not count on: in
 * cleartext, or to a proxy (section 2.2).
 */
export class OriginSet {
  readonly #initial: string | null;
  readonly #limit: number;
  #origins: Set<string> | null;

  /**
   * @param initial - the origin that was connected to, in canonical form, or null.
   * @param limit - the most origins to keep.
   */
  constructor(initial: string | null, limit: number) {
    this.#initial = initial;
    this.#limit = limit;
    this.#origins = null;
  }

  /** Null as long as no ORIGIN came. */
  get origins(): ReadonlySet<string> | null {
    return this.#origins;
  }

  /** Takes up the entries of an ORIGIN frame. What is no origin is passed over (section 2.2). */
  add(entries: readonly string[]): void {
    if (this.#initial === null) return;
    this.#origins ??= new Set([this.#initial]);
    for (const entry of entries) {
      // A client may use another connection for an origin that finds no room here (section 4).
      if (this.#origins.size >= this.#limit) return;
      const origin = canonicalOrigin(entry);
      if (origin !== null) this.#origins.add(origin);
    }
  }

  /** The server does not answer for this origin: its response was a 421 (section 2.3). */
  remove(scheme: string, authority: string): void {
    const origin = this.#origins === null ? null : canonicalOrigin(`${scheme}://${authority}`);
    if (origin !== null) this.#origins?.delete(origin);
  }

  /** Whether the server has no say over `entry`, as far as is known here (section 2.4). */
  excludes(entry: string): boolean {
    return this.#origins !== null && !this.#origins.has(canonicalOrigin(entry) ?? "");
  }
}
