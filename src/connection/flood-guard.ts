import { ErrorCode } from "../frames/error-code.ts";
import { ConnectionFault } from "../frames/fault.ts";
import type { Budget, Limits } from "./limits.ts";

/** A bucket of tokens that fills with the clock. */
class TokenBucket {
  readonly #budget: Budget;
  #tokens: number;
  #filledAt: number;

  constructor(budget: Budget, now: number) {
    this.#budget = budget;
    this.#tokens = budget.burst;
    this.#filledAt = now;
  }

  /** Takes one; false if none is left. `now` in milliseconds. */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #fill(now: number): void {
    // A clock that steps back gives nothing and takes nothing.
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(this.#budget.burst, this.#tokens + (elapsed * this.#budget.perSecond) / 1000);
    this.#filledAt = now;
  }
}

type BudgetName = "resetsReceived" | "resetsProvoked" | "streamsRefused" | "emptyData" | "uselessFrames";

/**
 * Counts what a peer can do for free and what costs us something. Each method throws a `ConnectionFault` with
 * ENHANCE_YOUR_CALM when its limit is passed; the name of the limit stands in the fault.
 */
export class FloodGuard {
  readonly #limits: Limits;
  readonly #clock: () => number;
  readonly #buckets: Map<BudgetName, TokenBucket>;
  #unsentAcknowledgements: number;
  #windowUpdates: number;
  #dataFramesSent: number;

  constructor(limits: Limits, clock: () => number) {
    this.#limits = limits;
    this.#clock = clock;
    this.#buckets = new Map();
    this.#unsentAcknowledgements = 0;
    this.#windowUpdates = 0;
    this.#dataFramesSent = 0;
  }

  /** Takes one from a budget. */
  spend(name: BudgetName): void {
    const now = this.#clock();
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#limits[name], now);
      this.#buckets.set(name, bucket);
    }
    if (!bucket.take(now)) throw calm(`more than the budget allows`, name);
  }

  /** A SETTINGS or PING acknowledgement was produced. */
  acknowledged(): void {
    this.#unsentAcknowledgements++;
    if (this.#unsentAcknowledgements > this.#limits.unsentAcknowledgements) {
      throw calm("too many acknowledgements wait to be sent", "unsentAcknowledgements");
    }
  }

  /** A DATA frame goes out, which deserves WINDOW_UPDATE frames. */
  dataSent(): void {
    this.#dataFramesSent++;
  }

  /** A WINDOW_UPDATE came, on a connection that has seen `streams` streams. */
  windowUpdated(streams: number): void {
    this.#windowUpdates++;
    const deserved = 2 * (streams + 10 * this.#dataFramesSent);
    if (this.#windowUpdates > this.#limits.windowUpdates + deserved) {
      throw calm("more WINDOW_UPDATE frames than the DATA that was sent explains", "windowUpdates");
    }
  }

  /** The output was handed over. */
  outputTaken(): void {
    this.#unsentAcknowledgements = 0;
  }
}

/** ENHANCE_YOUR_CALM with the name of the limit. */
export function calm(reason: string, limit: keyof Limits): ConnectionFault {
  return new ConnectionFault(ErrorCode.ENHANCE_YOUR_CALM, reason, `limit ${limit}`);
}
