import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { IDLE_GRACE, SHUTDOWN_DEADLINE } from "../port/port-server.ts";
import { Crew } from "./crew.ts";
import type { Serving } from "./retire.ts";
import { work } from "./work.ts";
import { WorkerProcess } from "./worker-process.ts";
import type { WorkersEvent } from "./workers-event.ts";

export interface WorkersOptions<Shared> {
  /** How many processes serve; "auto", and so it is unless given, for one a core. */
  readonly workers?: number | "auto";
  /**
   * Starts a server of `createServer` or of `serve`, in a worker. It has to be told to listen; all workers share one port.
   * @param shared - what `share` returned, in the main process.
   */
  readonly start: (shared: Shared) => Serving | Promise<Serving>;
  /** Prepares in the main process, once before the start and at each restart, what all workers get. It goes through JSON. */
  readonly share?: () => Shared | Promise<Shared>;
  /** Milliseconds that requests under way have when a worker is to end: 30,000 unless given. */
  readonly drainTimeout?: number;
  /** Milliseconds for a request on connections that have none when a worker is to end: see `ShutdownOptions`. */
  readonly idleGrace?: number;
  /** Ends all, as SIGTERM does. */
  readonly signal?: AbortSignal;
  /** Is told in the main process what happens to the workers. */
  readonly observe?: (event: WorkersEvent) => void;
}

/** Is set in the environment of our workers, and not in those of other programs that use `node:cluster`. */
const MARK = "H2WIRE_WORKER";

/**
 * Serves with several processes at one port, by `node:cluster`. The program is to call this in the same way in the main
 * process and in the workers, which run it again.
 *
 * SIGTERM and SIGINT let all requests finish, and a second one ends at once. SIGHUP replaces one worker after the other,
 * a new one listening before an old one ends, so that no request is lost. A worker that dies is replaced.
 *
 * @returns In the main process: when all workers have ended. In a worker: when its requests are done.
 * @throws WorkersError if a worker cannot start, or workers end as soon as they are started; RangeError for a number of
 * workers that is none; in a worker what `start` throws.
 */
export function runWorkers<Shared = undefined>(options: WorkersOptions<Shared>): Promise<void> {
  const { drainTimeout = SHUTDOWN_DEADLINE, idleGrace = IDLE_GRACE } = options;
  if (cluster.isPrimary) return lead(options, drainTimeout);
  if (process.env[MARK] === undefined) {
    return Promise.reject(new Error("runWorkers was called in a worker of another program"));
  }
  const start = options.start as (shared: unknown) => Serving | Promise<Serving>;
  return work(start, drainTimeout, idleGrace);
}

async function lead<Shared>(options: WorkersOptions<Shared>, drainTimeout: number): Promise<void> {
  const { share = () => undefined, observe = () => {}, signal } = options;
  const crew = new Crew({
    size: sizeOf(options.workers ?? "auto"),
    drainTimeout,
    share,
    fork: (shared) => new WorkerProcess(cluster.fork({ [MARK]: "1" }), shared),
    observe,
  });
  const end = (name: NodeJS.Signals | null): void => {
    observe({ type: "ending", signal: name });
    void crew.end();
  };
  const abort = (): void => end(null);
  const ignoreSignals = receiveSignals(crew, end);
  signal?.addEventListener("abort", abort);
  try {
    const ended = crew.run();
    if (signal?.aborted === true) abort();
    await ended;
  } finally {
    signal?.removeEventListener("abort", abort);
    ignoreSignals();
  }
}

function sizeOf(workers: number | "auto"): number {
  if (workers === "auto") return availableParallelism();
  if (Number.isInteger(workers) && workers >= 1) return workers;
  throw new RangeError(`workers must be a whole number above 0, or "auto", not ${workers}`);
}

/** @returns what makes it end. */
function receiveSignals(crew: Crew, end: (signal: NodeJS.Signals) => void): () => void {
  let isEnding = false;
  const receive = (signal: NodeJS.Signals): void => {
    if (!isEnding) {
      isEnding = true;
      end(signal);
      return;
    }
    ignore();
    crew.kill();
    // Nobody listens to it any more.
    process.kill(process.pid, signal);
  };
  const restart = (): void => void crew.restart();
  const ignore = (): void => {
    process.off("SIGINT", receive).off("SIGTERM", receive).off("SIGHUP", restart);
  };
  process.on("SIGINT", receive).on("SIGTERM", receive).on("SIGHUP", restart);
  return ignore;
}
