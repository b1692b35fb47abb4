import { ErrorCode } from "../../../frames/error-code.ts";
import type { ServerStream } from "./server-stream.ts";

/** Milliseconds for a client to end a request that nobody reads, once the response is complete. */
const LINGER = 500;
/** Octets of such a request that come before the client is told to stop. */
const MOST_UNWANTED = 16_384;

/**
 * The rest of a request whose response is complete and that nobody reads.
 *
 * A client need not send what nobody reads (RFC 9113 section 8.1), but most are about to end anyway. As long as the
 * stream is not reset, what comes is still held against the rules.
 */
export class UnreadRequest {
  readonly #stream: ServerStream;
  /** The client was told to stop. */
  readonly #stopped: () => void;
  /** Octets that came though nobody reads them. */
  #unwanted: number;
  #timer: NodeJS.Timeout | null;

  constructor(stream: ServerStream, stopped: () => void) {
    this.#stream = stream;
    this.#stopped = stopped;
    this.#unwanted = 0;
    this.#timer = null;
  }

  /** Whether what comes is dropped. */
  get isActive(): boolean {
    return this.#timer !== null;
  }

  /** From now on nobody reads. @param unread - octets that have come already. */
  begin(unread: number): void {
    this.#unwanted = unread;
    this.#timer = setTimeout(() => this.#stop(), LINGER);
    if (unread > MOST_UNWANTED) this.#stop();
  }

  /** Drops octets. @param cost - of the windows, padding included. @param isComplete - whether they are the last. */
  drop(cost: number, isComplete: boolean): void {
    this.#stream.acknowledge(cost);
    this.#unwanted += cost;
    if (this.#unwanted > MOST_UNWANTED && !isComplete) this.#stop();
  }

  /** The stream has ended. */
  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #stop(): void {
    this.#stream.reset(ErrorCode.NO_ERROR);
    this.#stopped();
  }
}
