import { ErrorCode } from "../frames/error-code.ts";
import { LARGEST_STREAM_ID } from "../frames/limits.ts";
import { judge, StreamInput } from "../streams/stream-state.ts";
import { checkFrameLength, checkOctets } from "./caller-checks.ts";
import type { Output } from "./output.ts";
import { type ConnectionState, NO_GOAWAY } from "./state.ts";

const NOTHING = new Uint8Array(0);
/** Octets of GOAWAY before the debug data. */
const GOAWAY_LENGTH = 8;
/** The PING that tells when the peer has seen our first GOAWAY: "shutdown" in ASCII. */
const SHUTDOWN_PING: Uint8Array = Uint8Array.of(0x73, 0x68, 0x75, 0x74, 0x64, 0x6f, 0x77, 0x6e);

/** GOAWAY of ours: at once, or in the two graceful steps (RFC 9113 section 6.8). */
export class Shutdown {
  readonly #state: ConnectionState;
  readonly #output: Output;
  /** Whether the first step was done and the second is due when the PING comes back. */
  isWaiting: boolean;

  constructor(state: ConnectionState, output: Output) {
    this.#state = state;
    this.#output = output;
    this.isWaiting = false;
  }

  /** Sends GOAWAY. It may be repeated; the last stream never grows. */
  close(options: { errorCode?: number; additionalData?: Uint8Array | null; lastStreamId?: number }): void {
    const { errorCode = ErrorCode.NO_ERROR, lastStreamId = this.#state.streams.highestInbound } = options;
    const additionalData = options.additionalData ?? NOTHING;
    checkOctets(additionalData);
    this.#state.assertAlive();
    checkFrameLength(this.#state, GOAWAY_LENGTH + additionalData.length);
    this.#send(lastStreamId, errorCode, additionalData);
    this.isWaiting = false;
    if (errorCode !== ErrorCode.NO_ERROR) this.#state.isTerminated = true;
  }

  /** Begins the graceful steps. */
  begin(): void {
    this.#state.assertAlive();
    if (this.#state.sentGoaway !== NO_GOAWAY) return;
    if (this.#state.isClient) {
      this.#send(this.#state.streams.highestInbound, ErrorCode.NO_ERROR, NOTHING);
      return;
    }
    this.#send(LARGEST_STREAM_ID, ErrorCode.NO_ERROR, NOTHING);
    this.#output.ping(SHUTDOWN_PING);
    this.isWaiting = true;
  }

  /**
   * Takes the answer to a PING, and ends the wait if it is the one. At once, so that the frames behind it meet the
   * last GOAWAY whether or not they came in the same chunk.
   */
  receiveAnswer(pingData: Uint8Array): void {
    if (isShutdownPing(pingData)) this.finish();
  }

  /** The second step: the last GOAWAY, with the last stream that was seen. */
  finish(): void {
    if (!this.isWaiting || this.#state.isTerminated) return;
    this.isWaiting = false;
    this.#send(this.#state.streams.highestInbound, ErrorCode.NO_ERROR, NOTHING);
  }

  #send(lastStreamId: number, errorCode: number, additionalData: Uint8Array): void {
    const { sentGoaway } = this.#state;
    const last = sentGoaway === NO_GOAWAY ? lastStreamId : Math.min(sentGoaway, lastStreamId);
    this.#output.goaway(last, errorCode, additionalData);
    this.#state.sentGoaway = last;
    this.#dropAbove(last);
  }

  /** Streams of the peer that our GOAWAY names as not taken: neither side says anything more on them. */
  #dropAbove(last: number): void {
    const { streams } = this.#state;
    for (const stream of Array.from(streams.live())) {
      if (streams.isOutbound(stream.id) || stream.id <= last) continue;
      streams.enter(stream, judge(stream.state, StreamInput.SEND_RST_STREAM));
    }
  }
}

function isShutdownPing(data: Uint8Array): boolean {
  return SHUTDOWN_PING.every((octet, index) => data[index] === octet);
}
