import { DEFAULT_WINDOW_SIZE } from "../frames/limits.ts";

/** How much a scripted peer may send (RFC 9113 section 5.2). Only bodies that it sends by the rules are counted. */
export class PeerWindows {
  #initial: number;
  #connection: number;
  /** By stream: what was granted, less what was sent. */
  readonly #changes: Map<number, number>;

  constructor() {
    this.#initial = DEFAULT_WINDOW_SIZE;
    this.#connection = DEFAULT_WINDOW_SIZE;
    this.#changes = new Map();
  }

  /** The other side's SETTINGS_INITIAL_WINDOW_SIZE. */
  begin(initial: number): void {
    this.#initial = initial;
  }

  /** A WINDOW_UPDATE came; stream 0 is the connection. */
  grant(streamId: number, increment: number): void {
    if (streamId === 0) this.#connection += increment;
    else this.#changes.set(streamId, this.#changeOf(streamId) + increment);
  }

  spend(streamId: number, octets: number): void {
    this.#connection -= octets;
    this.#changes.set(streamId, this.#changeOf(streamId) - octets);
  }

  /** Octets that may be sent on a stream now. */
  available(streamId: number): number {
    return Math.min(this.#connection, this.#initial + this.#changeOf(streamId));
  }

  #changeOf(streamId: number): number {
    return this.#changes.get(streamId) ?? 0;
  }
}
