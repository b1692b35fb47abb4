import { EventEmitter } from "node:events";
import type { Order, Report } from "../../../../src/http/server/workers/messages.ts";
import { type Child, WorkerProcess } from "../../../../src/http/server/workers/worker-process.ts";

/** A worker without a process: it notes what it is told, and ends when it is killed. */
export class FakeChild extends EventEmitter implements Child {
  readonly process: { readonly pid: number; kill(signal: NodeJS.Signals): void };
  readonly orders: Order[];
  /** The signal that ended it. */
  killedBy: string | null;

  constructor(pid: number) {
    super();
    this.orders = [];
    this.killedBy = null;
    this.process = { pid, kill: (signal) => this.end(null, signal) };
  }

  send(order: Order): void {
    this.orders.push(order);
  }

  reports(report: Report): void {
    this.emit("message", report);
  }

  end(exitCode: number | null = 0, signal: string | null = null): void {
    this.killedBy = signal;
    this.emit("exit", exitCode, signal);
  }

  /** The kinds of the orders that came. */
  get told(): string[] {
    return this.orders.map(({ h2wire }) => h2wire);
  }
}

/** Makes workers without processes. */
export class FakeCluster {
  readonly children: FakeChild[];
  /** What each was started with. */
  readonly shared: unknown[];

  constructor() {
    this.children = [];
    this.shared = [];
  }

  readonly fork = (shared: unknown): WorkerProcess => {
    const child = new FakeChild(this.children.length + 1);
    this.children.push(child);
    this.shared.push(shared);
    return new WorkerProcess(child, shared);
  };

  /** Lets a worker listen. @param pid - they are numbered from 1 on. */
  ready(pid: number): void {
    this.child(pid).reports({ h2wire: "ready", url: "http://127.0.0.1:1" });
  }

  child(pid: number): FakeChild {
    const child = this.children[pid - 1];
    if (child === undefined) throw new Error(`there is no worker ${pid}`);
    return child;
  }
}
