import cluster from "node:cluster";
import { once } from "node:events";
import { stopListening } from "../port/node-server.ts";
import { kindOf, type Report } from "./messages.ts";
import { nodeServerOf, retire, type Serving } from "./retire.ts";

/**
 * Serves in a worker, from the order to start until the requests are done after the order to end. SIGTERM, and the death of
 * the main process, are such orders too.
 *
 * @param drainTimeout - milliseconds for the requests, where no order says how many.
 * @param idleGrace - see `ShutdownOptions`.
 * @throws what `start` throws.
 */
export async function work(
  start: (shared: unknown) => Serving | Promise<Serving>,
  drainTimeout: number,
  idleGrace: number,
): Promise<void> {
  const orders = new Orders(drainTimeout);
  try {
    report({ h2wire: "hello" });
    const server = await start(await orders.started);
    await listening(server);
    report({ h2wire: "ready", url: server.url });
    const deadline = await orders.drain;
    stopListening(nodeServerOf(server));
    // The channel must stay until what is on its way here has been sent back.
    report({ h2wire: "closed" });
    await orders.leave;
    await retire(server, deadline, idleGrace);
  } finally {
    orders.end();
  }
}

/** Waits until a server listens. @throws what it emits as its error instead. */
async function listening(serving: Serving): Promise<void> {
  if ("node" in serving) await serving.ready;
  else if (!serving.listening) await once(serving, "listening");
}

/** What the main process, and signals, tell a worker to do. */
class Orders {
  /** With what the main process has prepared. */
  readonly started: Promise<unknown>;
  /** With milliseconds. */
  readonly drain: Promise<number>;
  readonly leave: Promise<void>;
  #settleStarted: (shared: unknown) => void;
  #settleDrain: (deadline: number) => void;
  #settleLeave: () => void;
  readonly #hear: (message: unknown) => void;
  readonly #terminate: () => void;
  readonly #orphan: () => void;

  constructor(drainTimeout: number) {
    this.#settleStarted = () => {};
    this.#settleDrain = () => {};
    this.#settleLeave = () => {};
    this.started = new Promise((resolve) => {
      this.#settleStarted = resolve;
    });
    this.drain = new Promise((resolve) => {
      this.#settleDrain = resolve;
    });
    this.leave = new Promise((resolve) => {
      this.#settleLeave = resolve;
    });
    this.#hear = (message) => this.#receive(message);
    this.#terminate = () => this.#settleDrain(drainTimeout);
    this.#orphan = () => {
      keepAlive();
      this.#settleDrain(drainTimeout);
      this.#settleLeave();
    };
    process.on("message", this.#hear).on("SIGTERM", this.#terminate);
    // Those of a terminal go to every process, and are the business of the main one.
    process.on("SIGINT", ignore).on("SIGHUP", ignore);
    cluster.worker?.on("disconnect", this.#orphan);
  }

  /** There are no more orders. */
  end(): void {
    process.off("message", this.#hear).off("SIGTERM", this.#terminate);
    process.off("SIGINT", ignore).off("SIGHUP", ignore);
    cluster.worker?.off("disconnect", this.#orphan);
    keepAlive();
    if (process.connected) process.disconnect();
  }

  #receive(message: unknown): void {
    const kind = kindOf(message);
    if (kind === "start") this.#settleStarted((message as { readonly shared: unknown }).shared);
    else if (kind === "drain") this.#settleDrain((message as { readonly deadline: number }).deadline);
    else if (kind === "leave") this.#settleLeave();
  }
}

/** A worker that loses its channel is ended by `node:cluster`, unless it is about to end anyway. */
function keepAlive(): void {
  if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
}

function ignore(): void {}

function report(message: Report): void {
  // Nobody hears it when the main process has gone.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
