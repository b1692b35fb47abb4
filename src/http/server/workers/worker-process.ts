import { kindOf, type Order, type Report } from "./messages.ts";

/** What is used of a `cluster.Worker`. */
export interface Child {
  readonly process: { readonly pid?: number | undefined; kill(signal: NodeJS.Signals): unknown };
  send(message: Order, callback: () => void): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "exit", listener: (exitCode: number | null, signal: string | null) => void): unknown;
}

/** How a worker ended: with an exit code, or by a signal. */
export interface WorkerEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** Why `runWorkers` failed; the strings are stable. */
export type WorkersErrorCode =
  /** A worker ended before it was ready. */
  | "START_FAILED"
  /** Workers end as soon as they are started, one after the other, and none is left. */
  | "NONE_LIVES";

/** A worker has ended too soon, or no worker can be kept alive. */
export class WorkersError extends Error {
  readonly code: WorkersErrorCode;
  /** That of the worker; null if a signal ended it. */
  readonly exitCode: number | null;

  constructor(code: WorkersErrorCode, message: string, exitCode: number | null) {
    super(message);
    this.name = "WorkersError";
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** Milliseconds beyond the deadline until a worker that should have ended is killed. */
const PATIENCE = 5_000;

/** A worker as the primary process sees it. */
export class WorkerProcess {
  /** The URL that it listens at. Rejected with WorkersError if it ends before it listens. */
  readonly ready: Promise<string>;
  readonly ended: Promise<WorkerEnd>;
  readonly #child: Child;
  readonly #shared: unknown;
  readonly #born: number;
  #isReady: boolean;
  #isDraining: boolean;
  #hasEnded: boolean;
  #settleReady: (url: string) => void;
  #failReady: (error: Error) => void;
  #settleEnded: (end: WorkerEnd) => void;

  /** @param shared - what it gets for its start. */
  constructor(child: Child, shared: unknown) {
    this.#child = child;
    this.#shared = shared;
    this.#born = performance.now();
    this.#isReady = false;
    this.#isDraining = false;
    this.#hasEnded = false;
    this.#settleReady = () => {};
    this.#failReady = () => {};
    this.#settleEnded = () => {};
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = resolve;
      this.#failReady = reject;
    });
    this.ended = new Promise((resolve) => {
      this.#settleEnded = resolve;
    });
    // Not everybody waits for it.
    this.ready.catch(() => {});
    child.on("message", (message) => this.#hear(message));
    child.on("exit", (exitCode, signal) => this.#end({ exitCode, signal }));
    // Without a process there is no exit.
    child.on("error", () => child.process.pid === undefined && this.#end({ exitCode: null, signal: null }));
  }

  get pid(): number {
    return this.#child.process.pid ?? 0;
  }

  /** Whether it serves: it listens, and was not told to end. */
  get isServing(): boolean {
    return this.#isReady && !this.#isDraining && !this.#hasEnded;
  }

  /** Whether it has ever listened. */
  get wasReady(): boolean {
    return this.#isReady;
  }

  /** Whether it was told to end. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Milliseconds since it was started. */
  get age(): number {
    return performance.now() - this.#born;
  }

  /** Lets it finish its requests; kills it when it takes much longer than the deadline, and at once if it has none yet. */
  drain(deadline: number): Promise<WorkerEnd> {
    if (this.#isDraining || this.#hasEnded) return this.ended;
    this.#isDraining = true;
    if (!this.#isReady) {
      this.kill();
      return this.ended;
    }
    this.#send({ h2wire: "drain", deadline });
    const timer = setTimeout(() => this.kill(), deadline + PATIENCE);
    void this.ended.then(() => clearTimeout(timer));
    return this.ended;
  }

  kill(): void {
    this.#isDraining = true;
    this.#child.process.kill("SIGKILL");
  }

  #hear(message: unknown): void {
    switch (kindOf(message) as Report["h2wire"] | null) {
      case "hello":
        this.#send({ h2wire: "start", shared: this.#shared });
        return;
      case "ready":
        this.#isReady = true;
        this.#settleReady((message as { readonly url: string }).url);
        return;
      case "closed":
        // What `node:cluster` sent before has come back by now, and is with another worker.
        this.#send({ h2wire: "leave" });
        return;
      case null:
    }
  }

  #send(order: Order): void {
    // It may have gone; then its end is on its way.
    this.#child.send(order, () => {});
  }

  #end(end: WorkerEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const message = `a worker ended before it was ready: ${describeEnd(end)}`;
    this.#failReady(new WorkersError("START_FAILED", message, end.exitCode));
    this.#settleEnded(end);
  }
}

export function describeEnd({ exitCode, signal }: WorkerEnd): string {
  if (signal !== null) return `by ${signal}`;
  return exitCode === null ? "it could not be started" : `with exit code ${exitCode}`;
}
