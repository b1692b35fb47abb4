import { describe, expect, it } from "vitest";
import { describeEnd, WorkerProcess } from "../../../../src/http/server/workers/worker-process.ts";
import { FakeChild } from "./support.ts";

function started(shared: unknown = null): { child: FakeChild; worker: WorkerProcess } {
  const child = new FakeChild(1);
  return { child, worker: new WorkerProcess(child, shared) };
}

describe("WorkerProcess", () => {
  it("gives a worker that says hello what was prepared for it", () => {
    const { child } = started({ key: "secret" });
    child.reports({ h2wire: "hello" });
    expect(child.orders).toEqual([{ h2wire: "start", shared: { key: "secret" } }]);
  });

  it("is ready when the worker listens", async () => {
    const { child, worker } = started();
    expect(worker.isServing).toBe(false);
    child.reports({ h2wire: "ready", url: "http://[::1]:80" });
    expect(await worker.ready).toBe("http://[::1]:80");
    expect(worker.isServing).toBe(true);
  });

  it("lets a worker leave that does not listen any more", () => {
    const { child } = started();
    child.reports({ h2wire: "closed" });
    expect(child.told).toEqual(["leave"]);
  });

  it("pays no attention to messages of others", () => {
    const { child } = started();
    for (const message of [null, "hello", 1, {}, { h2wire: 1 }, { h2wire: "unheard" }])
      child.emit("message", message);
    expect(child.orders).toEqual([]);
  });

  it("tells a worker once to end", async () => {
    const { child, worker } = started();
    child.reports({ h2wire: "ready", url: "" });
    const ended = worker.drain(10);
    expect(worker.isDraining).toBe(true);
    void worker.drain(20);
    expect(child.orders).toEqual([{ h2wire: "drain", deadline: 10 }]);
    child.end(0);
    expect(await ended).toEqual({ exitCode: 0, signal: null });
  });

  it("has ended when no process came to be", async () => {
    const { child, worker } = started();
    child.emit("error", new Error("of a running process"));
    Object.assign(child.process, { pid: undefined });
    child.emit("error", new Error("spawn EAGAIN"));
    await expect(worker.ready).rejects.toThrow("it could not be started");
  });
});

describe("describeEnd", () => {
  it("says how a worker ended", () => {
    expect(describeEnd({ exitCode: 3, signal: null })).toBe("with exit code 3");
    expect(describeEnd({ exitCode: null, signal: "SIGKILL" })).toBe("by SIGKILL");
  });
});
