import { BackOff } from "./back-off.ts";
import { describeEnd, type WorkerEnd, type WorkerProcess, WorkersError } from "./worker-process.ts";
import type { WorkersEvent } from "./workers-event.ts";

export interface CrewOptions {
  readonly size: number;
  /** Milliseconds that a worker has to finish its requests. */
  readonly drainTimeout: number;
  /** Prepares what workers are started with; before the first, and again at each restart. */
  readonly share: () => unknown;
  /** Starts a worker. */
  readonly fork: (shared: unknown) => WorkerProcess;
  readonly observe: (event: WorkersEvent) => void;
}

/** The workers of a primary process: kept at their number, replaced one after the other at a restart, ended together. */
export class Crew {
  readonly #options: CrewOptions;
  /** Those that are to end included. */
  readonly #workers: Set<WorkerProcess>;
  readonly #backOff: BackOff;
  readonly #timers: Set<NodeJS.Timeout>;
  #phase: "starting" | "serving" | "ending";
  #shared: unknown;
  /** How many are to serve: one more while a new one takes the place of an old one. */
  #wanted: number;
  #isRestarting: boolean;
  /** Whether another restart is to follow, since what this one started may be of before. */
  #isRestartDue: boolean;
  #settle: () => void;
  #fail: (error: unknown) => void;

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#workers = new Set();
    this.#backOff = new BackOff();
    this.#timers = new Set();
    this.#phase = "starting";
    this.#shared = undefined;
    this.#wanted = options.size;
    this.#isRestarting = false;
    this.#isRestartDue = false;
    this.#settle = () => {};
    this.#fail = () => {};
  }

  /**
   * Starts the workers and keeps them alive until `end` is called and all are gone.
   *
   * @throws WorkersError if one ends before it is ready at the start, or none can be kept alive later; what `share` throws.
   */
  run(): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      this.#settle = resolve;
      this.#fail = reject;
    });
    this.#start().catch((error: unknown) => this.#giveUp(error));
    return ended;
  }

  /** Replaces every worker: the new one listens before the old one ends. When one cannot, the rest stays as it is. */
  async restart(): Promise<void> {
    this.#isRestartDue = true;
    if (this.#phase !== "serving" || this.#isRestarting) return;
    this.#isRestarting = true;
    while (this.#isRestartDue && this.#phase === "serving") {
      this.#isRestartDue = false;
      await this.#replaceAll();
    }
    this.#isRestarting = false;
  }

  /** Lets every worker finish its requests and end. */
  async end(): Promise<void> {
    if (this.#phase === "ending") return;
    this.#beginEnd();
    await Promise.all(Array.from(this.#workers, (worker) => worker.drain(this.#options.drainTimeout)));
    this.#settle();
  }

  /** Ends every worker at once. */
  kill(): void {
    this.#beginEnd();
    for (const worker of this.#workers) worker.kill();
  }

  // -- The start and the end --------------------------------------------------------------------------------

  /** The first one goes ahead: what is wrong with all is then said once. */
  async #start(): Promise<void> {
    const { size, share, observe } = this.#options;
    this.#shared = await share();
    if (this.#phase === "ending") return;
    const url = await this.#add().ready;
    const others = Array.from({ length: size - 1 }, () => this.#add().ready);
    await Promise.all(others);
    if (this.#phase !== "starting") return;
    this.#phase = "serving";
    observe({ type: "ready", url, workers: size });
    if (this.#isRestartDue) await this.restart();
  }

  #giveUp(error: unknown): void {
    if (this.#phase === "ending") return;
    this.kill();
    const gone = Array.from(this.#workers, (worker) => worker.ended);
    void Promise.all(gone).then(() => this.#fail(error));
  }

  #beginEnd(): void {
    this.#phase = "ending";
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  // -- The number -------------------------------------------------------------------------------------------

  /** How many serve or are about to. */
  get #count(): number {
    let count = 0;
    for (const worker of this.#workers) count += Number(!worker.isDraining);
    return count;
  }

  #add(): WorkerProcess {
    const worker = this.#options.fork(this.#shared);
    this.#workers.add(worker);
    void worker.ended.then((end) => this.#lost(worker, end));
    return worker;
  }

  #lost(worker: WorkerProcess, end: WorkerEnd): void {
    this.#workers.delete(worker);
    if (this.#phase === "ending" || worker.isDraining) return;
    // The start waits for it, and fails.
    if (this.#phase === "starting" && !worker.wasReady) return;
    const delay = this.#backOff.delayAfter(worker.age);
    const isAlone = !Array.from(this.#workers).some((other) => other.isServing);
    if (this.#backOff.isHopeless && isAlone) {
      const message = `workers end as soon as they are started: the last one ${describeEnd(end)}`;
      this.#giveUp(new WorkersError("NONE_LIVES", message, end.exitCode));
      return;
    }
    this.#options.observe({ type: "lost", pid: worker.pid, ...end, delay });
    this.#fillAfter(delay);
  }

  #fillAfter(delay: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#count < this.#wanted) this.#add();
    }, delay);
    this.#timers.add(timer);
  }

  // -- The restart ------------------------------------------------------------------------------------------

  async #replaceAll(): Promise<void> {
    const { share, observe } = this.#options;
    observe({ type: "restarting" });
    try {
      this.#shared = await share();
      for (const worker of Array.from(this.#workers)) {
        if (!worker.isDraining && this.#phase === "serving") await this.#replace(worker);
      }
      if (this.#phase === "serving") observe({ type: "restarted" });
    } catch (error) {
      if (this.#phase === "serving") observe({ type: "restart-failed", error });
    }
  }

  async #replace(old: WorkerProcess): Promise<void> {
    this.#wanted += 1;
    try {
      // There is one too many where one that died was replaced in the meantime.
      if (this.#count < this.#wanted) await this.#add().ready;
    } finally {
      this.#wanted -= 1;
    }
    if (this.#phase === "serving") await old.drain(this.#options.drainTimeout);
  }
}
