import { ErrorCode } from "../frames/error-code.ts";
import { ConnectionFault } from "../frames/fault.ts";
import type { H2Event } from "./events.ts";
import type { Inbound } from "./inbound.ts";
import type { Timeouts } from "./limits.ts";
import type { Receiver } from "./receiver.ts";
import type { Shutdown } from "./shutdown.ts";
import { type ConnectionState, NO_GOAWAY } from "./state.ts";

/** Not running. */
const OFF = Number.POSITIVE_INFINITY;

/**
 * When something must have happened. Nothing here waits: `watch` notes since when each condition holds, `next`
 * says when the first of them will have held too long, `handle` acts on those that have. All in milliseconds of
 * the configuration's clock.
 */
export class Deadlines {
  readonly #state: ConnectionState;
  readonly #inbound: Inbound;
  readonly #receiver: Receiver;
  readonly #shutdown: Shutdown;
  readonly #timeouts: Timeouts;
  readonly #due: Record<keyof Timeouts, number>;
  /** What grows when the peer does something: a deadline that it answers starts anew. */
  #acknowledgements: number;
  #blocksBegun: number;
  /** Grows with each stream: a connection that was used between two looks was not idle. */
  #streamsSeen: number;

  constructor(state: ConnectionState, inbound: Inbound, receiver: Receiver, shutdown: Shutdown) {
    this.#state = state;
    this.#inbound = inbound;
    this.#receiver = receiver;
    this.#shutdown = shutdown;
    this.#timeouts = state.configuration.timeouts;
    this.#due = { preface: OFF, settingsAck: OFF, fieldBlock: OFF, shutdownPing: OFF, drain: OFF, idle: OFF };
    this.#acknowledgements = 0;
    this.#blocksBegun = 0;
    this.#streamsSeen = 0;
  }

  /** Notes which conditions hold. To be called after anything that may change them. */
  watch(): void {
    const { streams, isClosing, isFinished, sentGoaway, unacknowledgedSettings } = this.#state;
    const now = this.#state.clock();
    const { isStarted } = this.#inbound.settings;
    this.#restartAnswered();
    this.#run("preface", !isStarted && !isFinished, now);
    this.#run("settingsAck", isStarted && unacknowledgedSettings > 0 && !isFinished, now);
    this.#run("fieldBlock", this.#inbound.isInFieldBlock && !isFinished, now);
    this.#run("shutdownPing", this.#shutdown.isWaiting && !isFinished, now);
    this.#run("drain", sentGoaway !== NO_GOAWAY && !isFinished, now);
    this.#run("idle", streams.size === 0 && isStarted && !isClosing && !isFinished, now);
  }

  /** When `handle` should be called, or infinity. */
  next(): number {
    const { preface, settingsAck, fieldBlock, shutdownPing, drain, idle } = this.#due;
    return Math.min(preface, settingsAck, fieldBlock, shutdownPing, drain, idle);
  }

  /** Acts on what is overdue. */
  handle(events: H2Event[]): void {
    const now = this.#state.clock();
    if (this.#take("shutdownPing", now)) this.#shutdown.finish();
    if (this.#take("idle", now)) this.#shutdown.begin();
    for (const { timeout, errorCode, reason } of FATAL) {
      if (!this.#take(timeout, now)) continue;
      this.#receiver.terminate(new ConnectionFault(errorCode, reason, `timeout ${timeout}`), events);
    }
  }

  #restartAnswered(): void {
    const { streams, acknowledgedSettings } = this.#state;
    if (acknowledgedSettings !== this.#acknowledgements) {
      this.#acknowledgements = acknowledgedSettings;
      this.#due.settingsAck = OFF;
    }
    if (this.#inbound.blocksBegun !== this.#blocksBegun) {
      this.#blocksBegun = this.#inbound.blocksBegun;
      this.#due.fieldBlock = OFF;
    }
    if (streams.highestInbound + streams.highestOutbound !== this.#streamsSeen) {
      this.#streamsSeen = streams.highestInbound + streams.highestOutbound;
      this.#due.idle = OFF;
    }
  }

  #run(name: keyof Timeouts, holds: boolean, now: number): void {
    if (!holds) this.#due[name] = OFF;
    else if (this.#due[name] === OFF) this.#due[name] = now + this.#timeouts[name];
  }

  #take(name: keyof Timeouts, now: number): boolean {
    if (this.#due[name] > now) return false;
    this.#due[name] = OFF;
    return true;
  }
}

interface FatalTimeout {
  readonly timeout: keyof Timeouts;
  readonly errorCode: number;
  readonly reason: string;
}

const FATAL: readonly FatalTimeout[] = [
  {
    timeout: "preface",
    errorCode: ErrorCode.PROTOCOL_ERROR,
    reason: "the peer did not start with preface and SETTINGS in time",
  },
  {
    timeout: "settingsAck",
    errorCode: ErrorCode.SETTINGS_TIMEOUT,
    reason: "the peer did not acknowledge SETTINGS in time",
  },
  {
    timeout: "fieldBlock",
    errorCode: ErrorCode.ENHANCE_YOUR_CALM,
    reason: "a field block was not completed in time",
  },
  { timeout: "drain", errorCode: ErrorCode.NO_ERROR, reason: "the streams did not end in time" },
];
