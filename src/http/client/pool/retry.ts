import { setTimeout as wait } from "node:timers/promises";
import { ErrorCode } from "../../../frames/error-code.ts";
import { abortedError, ClientError, type ClientErrorCode } from "../client-error.ts";

/** When a request is sent again. */
export interface RetryOptions {
  /** How often at most: 5 unless given; 0 for never. */
  readonly attempts: number;
  /**
   * Whether a request with an idempotent method (RFC 9110 section 9.2.2) is sent again when the connection was lost before
   * its response: true unless given.
   */
  readonly idempotent: boolean;
}

export const DEFAULT_RETRY: RetryOptions = { attempts: 5, idempotent: true };

/** What is decided about a request that has failed. */
export interface Verdict {
  /** Milliseconds until it is sent again. */
  readonly pause: number;
  /** Whether HTTP/1.1 is what the server wants. */
  readonly byHttp1: boolean;
}

/** A request that has failed. */
export interface Failure {
  readonly error: unknown;
  readonly method: string;
  /** Whether its body can be sent from the beginning. */
  readonly isWhole: boolean;
  /** How often it was sent again before. */
  readonly retries: number;
}

/** Ends of a connection: the next one may do better. */
const LOST: ReadonlySet<ClientErrorCode> = new Set([
  "CONNECTION_LOST",
  "GOAWAY",
  "SESSION_CLOSED",
  "UNRESPONSIVE",
]);

/** Refusals by which the server, or our own side, says that nothing was done with the request. */
const REFUSED: ReadonlySet<ClientErrorCode> = new Set([...LOST, "STREAM_RESET", "PROTOCOL_ERROR"]);

const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Retries without a pause. */
const AT_ONCE = 2;
/** Milliseconds of the first pause; each next one is twice as long. */
const FIRST_PAUSE = 50;

/**
 * Whether a request is sent again, and when; null for never.
 *
 * - **Surely not processed** (RFC 9113 section 8.7: above the last stream of GOAWAY, REFUSED_STREAM, or never sent): again,
 *   whatever the method.
 * - **The connection lost before the response**: again if the method is idempotent (RFC 9110 section 9.2.2).
 * - **HTTP_1_1_REQUIRED** (RFC 9113 section 7): again, over HTTP/1.1.
 * - Nothing else, and nothing whose body cannot be sent from its beginning.
 */
export function verdict(failure: Failure, { attempts, idempotent }: RetryOptions): Verdict | null {
  const { error, method, isWhole, retries } = failure;
  if (!(error instanceof ClientError) || !isWhole || retries >= attempts) return null;
  if (error.errorCode === ErrorCode.HTTP_1_1_REQUIRED && REFUSED.has(error.code)) {
    return { pause: 0, byHttp1: true };
  }
  const isRefused = error.isUnprocessed && REFUSED.has(error.code);
  const isLost = idempotent && LOST.has(error.code) && IDEMPOTENT.has(method);
  return isRefused || isLost ? { pause: pauseBefore(retries), byHttp1: false } : null;
}

/** Waits, unless the request is aborted. @throws ClientError "ABORTED". */
export async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (milliseconds === 0) return;
  try {
    await wait(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw abortedError(signal);
  }
}

/** Who waits does so at random lengths, so that many do not come back at the same moment. */
function pauseBefore(retries: number): number {
  if (retries < AT_ONCE) return 0;
  return FIRST_PAUSE * 2 ** (retries - AT_ONCE) * (0.5 + Math.random());
}
