import type { Duplex } from "node:stream";
import type { H2Connection } from "../connection/connection.ts";
import type { H2Event } from "../connection/events.ts";
import { ErrorCode } from "../frames/error-code.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { OneTimer } from "./one-timer.ts";
import type { PumpHandler, PumpOptions } from "./pump-handler.ts";

export type { PumpHandler, PumpOptions } from "./pump-handler.ts";

/** Octets of queued body that are cut into frames at once; they bound what waits in the socket. */
const BUDGET = 262_144;
/** Octets received while the socket takes no output, beyond which it is not read either. */
const MOST_UNANSWERED = 1_048_576;
const PREFACE_TIMEOUT = 10_000;
/** Milliseconds for the peer to answer the PING of a graceful end. */
const SHUTDOWN_TIMEOUT = 1_000;
/** Milliseconds without output when nothing more will come, and for the last of it when all streams are done. */
const DRAIN_TIMEOUT = 30_000;
/** Milliseconds from our last octet to the end of the transport, and for a connection that ended by an error in all. */
const GRACE = 1_000;
/** Milliseconds that a peer may send without reading, once it has sent too much. */
const STALL_TIMEOUT = 30_000;
const LATE = "the peer's preface did not arrive in time";
const STALLED = "the peer sends and does not read";
const NOTHING = new Uint8Array(0);
const RENEGOTIATION = "ERR_TLS_RENEGOTIATION_DISABLED";

/**
 * The one loop between a socket and a connection: octets in, events to the handler, output to the socket.
 *
 * - **Start.** Give the commands that begin the connection, then call `start`, with the octets that were read before.
 *   From then on the socket is the pump's alone.
 * - **In.** Every chunk goes into the engine at once, and its events go to the handler one by one. The octets of a chunk
 *   are never written again, so a handler may keep the views that `DataReceived` carries.
 * - **Out.** What is commanded while the events of a chunk are dealt with leaves in one write behind it. What is commanded
 *   at other times needs a `flushSoon`, and leaves in one write at the end of the turn.
 * - **Back-pressure.** While the socket takes nothing, nothing is produced: queued bodies stay in the engine, and who
 *   feeds them waits for `StreamDrained`. Reading goes on, because WINDOW_UPDATE, PING and RST_STREAM count even then, up
 *   to a mebioctet without an answer.
 * - **End.** When `connection.isFinished` and everything was written, GOAWAY included, the transport is ended, and destroyed
 *   at the latest a second after it took the last octet. A connection that an error ended has a second in all.
 * - **Errors.** None goes uncaught. Those of the socket reach `closed`. If the handler throws, the peer gets a GOAWAY with
 *   INTERNAL_ERROR, and `closed` gets the error.
 *
 * - **Time.** What the engine waits for (`nextDeadline`) ends in time if it was given a `clock`; so an idle connection of a
 *   server is shut down, and a peer that does not acknowledge SETTINGS is told so.
 *
 * It holds at most two timers at a time: one for the engine's deadlines, one for the transport's.
 */
export class Pump {
  readonly socket: Duplex;
  readonly connection: H2Connection;
  readonly #handler: PumpHandler;
  readonly #prefaceTimeout: number;
  /** Whether a flush will come without being asked for. */
  #isFlushDue: boolean;
  /** Whether the socket has enough to do until it drains. */
  #isBlocked: boolean;
  /** Octets received while it is blocked. */
  #unanswered: number;
  /** Whether the peer has sent anything that means something. */
  #isOpen: boolean;
  /** Whether the graceful end waits for requests that are on their way. */
  #isShuttingDown: boolean;
  /** Whether the peer's GOAWAY is to be answered by ours when all is done. */
  #owesGoaway: boolean;
  #isInputEnded: boolean;
  /** Whether an error ends the connection. */
  #hasFailed: boolean;
  #isFinishing: boolean;
  /** Whether the socket was ended or destroyed. */
  #isEnded: boolean;
  /** The first one, which is the cause of the others. */
  #error: Error | null;
  readonly #timer: OneTimer;
  /** Wakes the engine, at `#wakesAt` of its clock. */
  readonly #alarm: OneTimer;
  #wakesAt: number;

  constructor(socket: Duplex, connection: H2Connection, handler: PumpHandler, options: PumpOptions = {}) {
    this.socket = socket;
    this.connection = connection;
    this.#handler = handler;
    this.#prefaceTimeout = options.prefaceTimeout ?? PREFACE_TIMEOUT;
    this.#isFlushDue = false;
    this.#isBlocked = false;
    this.#unanswered = 0;
    this.#isOpen = false;
    this.#isShuttingDown = false;
    this.#owesGoaway = false;
    this.#isInputEnded = false;
    this.#hasFailed = false;
    this.#isFinishing = false;
    this.#isEnded = false;
    this.#error = null;
    this.#timer = new OneTimer();
    this.#alarm = new OneTimer();
    this.#wakesAt = Number.POSITIVE_INFINITY;
  }

  /** Takes the socket over. @param octets - what was read from it before; they go in first. */
  start(octets: Uint8Array = NOTHING): void {
    const { socket } = this;
    if (socket.destroyed) {
      process.nextTick(Pump.#closeNow, this);
      return;
    }
    socket.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    socket.on("drain", () => this.#drained());
    socket.on("end", () => this.#inputEnded());
    socket.on("error", (error: Error) => this.#socketFailed(error));
    socket.on("close", () => Pump.#closeNow(this));
    this.#arm(this.#prefaceTimeout, () => this.destroy(new NegotiationError("TIMEOUT", LATE)));
    this.#receive(octets);
    socket.resume();
  }

  /** Says that commands were given outside of `receiveEvent`: they are sent when this turn ends. */
  flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    process.nextTick(Pump.#flushNow, this);
  }

  /**
   * Ends the connection gracefully: no new streams; the ones that are open go on, and so do requests that are
   * on their way already (RFC 9113 section 6.8).
   */
  shutdown(): void {
    const { connection } = this;
    if (this.#isEnded || this.#isShuttingDown || connection.isFinished) return;
    connection.shutdown();
    if (!connection.config.clientSide) {
      this.#isShuttingDown = true;
      this.#arm(SHUTDOWN_TIMEOUT, () => this.#stopWaiting());
    }
    this.flushSoon();
  }

  /** Drops the transport at once. @param error - what `closed` is to get. */
  destroy(error: Error | null = null): void {
    this.#error ??= error;
    this.#isEnded = true;
    this.socket.destroy();
  }

  // -- In ---------------------------------------------------------------------------------------------------

  #receive(chunk: Uint8Array): void {
    if (this.#isEnded) return;
    if (this.#isBlocked) this.#countUnanswered(chunk.length);
    this.#isFlushDue = true;
    this.#dispatch(this.connection.receiveData(chunk));
    Pump.#flushNow(this);
  }

  #dispatch(events: readonly H2Event[]): void {
    if (events.length === 0) return;
    if (!this.#isOpen && !this.#isShuttingDown) this.#timer.disarm();
    this.#isOpen = true;
    try {
      for (const event of events) {
        if (event.type === "ConnectionTerminated") this.#noteEnd(event.initiator === "local");
        else if (event.type === "PingAckReceived" && this.#isShuttingDown) this.#requestsArrived();
        this.#handler.receiveEvent(event);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #noteEnd(isByUs: boolean): void {
    if (isByUs) this.#hasFailed = true;
    else this.#owesGoaway = true;
  }

  #countUnanswered(octets: number): void {
    this.#unanswered += octets;
    if (this.#unanswered <= MOST_UNANSWERED) return;
    this.socket.pause();
    if (!this.#timer.isArmed) this.#arm(STALL_TIMEOUT, () => this.destroy(new Error(STALLED)));
  }

  #inputEnded(): void {
    if (this.#isEnded) return;
    this.#isFlushDue = true;
    this.#isShuttingDown = false;
    this.#isInputEnded = true;
    this.#arm(DRAIN_TIMEOUT, () => this.destroy());
    try {
      this.#handler.inputEnded();
    } catch (error) {
      this.#fail(error);
    }
    this.#sayGoaway(ErrorCode.NO_ERROR);
    Pump.#flushNow(this);
  }

  /** The handler has thrown: what it was about to do nobody knows. */
  #fail(error: unknown): void {
    this.#error ??= error instanceof Error ? error : new Error(String(error));
    this.#hasFailed = true;
    this.#sayGoaway(ErrorCode.INTERNAL_ERROR);
  }

  // -- Out --------------------------------------------------------------------------------------------------

  /** Static, so that no flush needs a closure. */
  static #flushNow(pump: Pump): void {
    pump.#isFlushDue = false;
    pump.#send();
    if (pump.connection.isFinished && !pump.#isShuttingDown) pump.#finish();
    else pump.#setAlarm();
  }

  #send(): void {
    let isFirst = true;
    while (!this.#isBlocked && !this.#isEnded) {
      const chunks = this.connection.takeChunks(BUDGET);
      if (chunks.length > 0) this.#write(chunks);
      else if (!isFirst) return;
      isFirst = false;
      this.#taken();
    }
  }

  #write(chunks: readonly Uint8Array[]): void {
    const { socket } = this;
    if (chunks.length === 1) {
      this.#isBlocked = !socket.write(chunks[0]);
      return;
    }
    socket.cork();
    for (const chunk of chunks) this.#isBlocked = !socket.write(chunk);
    socket.uncork();
  }

  #taken(): void {
    this.#isFlushDue = true;
    if (this.#isInputEnded && !this.#isFinishing) this.#arm(DRAIN_TIMEOUT, () => this.destroy());
    try {
      this.#handler.outputTaken();
    } catch (error) {
      this.#fail(error);
    }
    this.#dispatch(this.connection.takeEvents());
    this.#isFlushDue = false;
  }

  /** What waits is sent in the next turn: a peer that reads fast must not keep this process from everything else. */
  #drained(): void {
    this.#isBlocked = false;
    if (this.#unanswered > MOST_UNANSWERED) this.#readAgain();
    this.#unanswered = 0;
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(Pump.#flushNow, this);
  }

  #readAgain(): void {
    this.socket.resume();
    if (!this.#isShuttingDown && !this.connection.isFinished) this.#timer.disarm();
  }

  /** A socket that refused to renegotiate TLS is still open, and the peer is told (RFC 9113 section 9.2.1). */
  #socketFailed(error: Error): void {
    this.#error ??= error;
    if (this.socket.destroyed || (error as NodeJS.ErrnoException).code !== RENEGOTIATION) return;
    this.#hasFailed = true;
    this.#sayGoaway(ErrorCode.PROTOCOL_ERROR);
    this.flushSoon();
  }

  // -- Time -------------------------------------------------------------------------------------------------

  /** Deadlines mostly move away, so an alarm that rings too early is cheaper than one that is set anew each time. */
  #setAlarm(): void {
    const { connection } = this;
    const due = connection.nextDeadline;
    if (due >= this.#wakesAt || this.#isEnded) return;
    this.#wakesAt = due;
    // Never 0, which would be never.
    this.#alarm.arm(Math.max(1, due - (connection.config.clock?.() ?? due)), () => this.#wake());
  }

  #wake(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    if (this.#isEnded) return;
    this.#isFlushDue = true;
    this.#dispatch(this.connection.handleDeadline());
    Pump.#flushNow(this);
  }

  // -- The end ----------------------------------------------------------------------------------------------

  /** The peer has answered the PING, and the engine has said its last GOAWAY. */
  #requestsArrived(): void {
    this.#isShuttingDown = false;
    this.#timer.disarm();
  }

  #stopWaiting(): void {
    this.#isShuttingDown = false;
    this.#sayGoaway(ErrorCode.NO_ERROR);
    this.flushSoon();
  }

  #sayGoaway(errorCode: number): void {
    this.#owesGoaway = false;
    try {
      this.connection.closeConnection({ errorCode });
    } catch {
      // An error has ended the connection already, and its GOAWAY was the last one.
    }
  }

  /** All streams are done: says good-bye, and ends the transport when that was written. */
  #finish(): void {
    if (this.#isEnded) return;
    if (!this.#isFinishing) this.#arm(this.#hasFailed ? GRACE : DRAIN_TIMEOUT, () => this.destroy());
    this.#isFinishing = true;
    if (this.#owesGoaway) this.#sayGoaway(ErrorCode.NO_ERROR);
    this.#send();
    if (this.#isBlocked || this.#isEnded) return;
    this.#isEnded = true;
    this.socket.end(() => {
      if (!this.#hasFailed) this.#arm(GRACE, () => this.destroy());
    });
  }

  static #closeNow(pump: Pump): void {
    pump.#isEnded = true;
    pump.#timer.disarm();
    pump.#alarm.disarm();
    try {
      pump.#handler.closed(pump.#error);
    } catch {
      // Nobody is left to tell.
    }
  }

  #arm(milliseconds: number, action: () => void): void {
    if (!this.socket.destroyed) this.#timer.arm(milliseconds, action);
  }
}
