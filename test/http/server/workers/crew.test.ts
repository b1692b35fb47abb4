import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Crew, type CrewOptions } from "../../../../src/http/server/workers/crew.ts";
import type { WorkersEvent } from "../../../../src/http/server/workers/workers-event.ts";
import { FakeCluster } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Lets promises and timers of now run. */
async function settle(milliseconds = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

function makeCrew(options: Partial<CrewOptions> = {}) {
  const cluster = new FakeCluster();
  const events: WorkersEvent[] = [];
  const crew = new Crew({
    size: 2,
    drainTimeout: 1_000,
    share: () => "shared",
    fork: cluster.fork,
    observe: (event) => events.push(event),
    ...options,
  });
  const ended = crew.run();
  ended.catch(() => {});
  return { crew, cluster, events, ended, types: () => events.map(({ type }) => type) };
}

/** A crew that serves, of two unless the options say otherwise. */
async function servingCrew(options: Partial<CrewOptions> = {}) {
  const made = makeCrew(options);
  for (let pid = 1; pid <= (options.size ?? 2); pid += 1) {
    await settle();
    made.cluster.ready(pid);
  }
  await settle();
  return made;
}

describe("Crew: the start", () => {
  it("lets the first worker go ahead, and says where they listen when all do", async () => {
    const { cluster, events } = makeCrew({ size: 3 });
    await settle();
    expect(cluster.children.length).toBe(1);
    cluster.ready(1);
    await settle();
    expect(cluster.children.length).toBe(3);
    cluster.ready(2);
    await settle();
    expect(events).toEqual([]);
    cluster.ready(3);
    await settle();
    expect(events).toEqual([{ type: "ready", url: "http://127.0.0.1:1", workers: 3 }]);
    expect(cluster.shared).toEqual(["shared", "shared", "shared"]);
  });

  it("fails with the exit code of a worker that ends before it is ready", async () => {
    const { cluster, ended } = makeCrew();
    await settle();
    cluster.child(1).end(26);
    await expect(ended).rejects.toMatchObject({ name: "WorkersError", code: "START_FAILED", exitCode: 26 });
    expect(cluster.children.length).toBe(1);
  });

  it("ends the others when one of them fails", async () => {
    const { cluster, ended } = makeCrew();
    await settle();
    cluster.ready(1);
    await settle();
    cluster.child(2).end(1);
    await expect(ended).rejects.toThrow("before it was ready: with exit code 1");
    expect(cluster.child(1).killedBy).toBe("SIGKILL");
  });

  it("fails with what the preparation fails with", async () => {
    const { cluster, ended } = makeCrew({ share: () => Promise.reject(new Error("no certificate")) });
    await expect(ended).rejects.toThrow("no certificate");
    expect(cluster.children).toEqual([]);
  });
});

describe("Crew: a worker that dies", () => {
  it("is replaced, at once if it has lived long", async () => {
    const { cluster, events } = await servingCrew();
    await settle(60_000);
    cluster.child(1).end(null, "SIGSEGV");
    await settle();
    expect(cluster.children.length).toBe(3);
    expect(events.at(-1)).toEqual({ type: "lost", pid: 1, exitCode: null, signal: "SIGSEGV", delay: 0 });
  });

  it("is replaced later and later if it dies soon", async () => {
    const { cluster, events } = await servingCrew();
    cluster.child(1).end(1);
    await settle(99);
    expect(cluster.children.length).toBe(2);
    await settle(1);
    expect(cluster.children.length).toBe(3);
    cluster.child(3).end(1);
    await settle();
    expect(events.at(-1)).toMatchObject({ type: "lost", pid: 3, delay: 200 });
  });

  it("ends all when none can be kept alive", async () => {
    const { cluster, ended } = await servingCrew({ size: 1 });
    for (let pid = 1; pid <= 5; pid += 1) {
      cluster.child(pid).end(7);
      await settle(5_000 - 1);
    }
    await expect(ended).rejects.toMatchObject({ code: "NONE_LIVES", exitCode: 7 });
    await settle(60_000);
    expect(cluster.children.length).toBe(5);
  });

  it("is tried again and again while others serve", async () => {
    const { cluster } = await servingCrew();
    for (let pid = 2; pid <= 9; pid += 1) {
      cluster.child(pid).end(7);
      await settle(5_000);
    }
    expect(cluster.children.length).toBe(10);
  });
});

describe("Crew: the restart", () => {
  it("replaces one after the other, each by one that listens", async () => {
    const { crew, cluster, types } = await servingCrew();
    const restarted = crew.restart();
    await settle();
    expect(cluster.children.length).toBe(3);
    expect(cluster.child(1).told).toEqual([]);
    cluster.ready(3);
    await settle();
    expect(cluster.child(1).orders).toEqual([{ h2wire: "drain", deadline: 1_000 }]);
    expect(cluster.children.length).toBe(3);
    cluster.child(1).end();
    await settle();
    expect(cluster.children.length).toBe(4);
    cluster.ready(4);
    await settle();
    cluster.child(2).end();
    await restarted;
    expect(types()).toEqual(["ready", "restarting", "restarted"]);
    expect(cluster.children.length).toBe(4);
  });

  it("gives new ones what was prepared anew", async () => {
    let count = 0;
    const { crew, cluster } = await servingCrew({ share: () => ++count });
    void crew.restart();
    await settle();
    expect(cluster.shared).toEqual([1, 1, 2]);
  });

  it("leaves the old ones alone when a new one cannot start", async () => {
    const { crew, cluster, events } = await servingCrew();
    const restarted = crew.restart();
    await settle();
    cluster.child(3).end(1);
    await restarted;
    expect(events.at(-1)).toMatchObject({ type: "restart-failed", error: { exitCode: 1 } });
    await settle(60_000);
    expect(cluster.children.length).toBe(3);
    expect([cluster.child(1).told, cluster.child(2).told]).toEqual([[], []]);
  });

  it("kills an old one that does not end in time", async () => {
    const { crew, cluster } = await servingCrew();
    void crew.restart();
    await settle();
    cluster.ready(3);
    await settle(6_000 - 1);
    expect(cluster.children.length).toBe(3);
    await settle(1);
    expect(cluster.children.length).toBe(4);
  });

  it("does not replace twice an old one that dies in the middle", async () => {
    const { crew, cluster } = await servingCrew();
    const restarted = crew.restart();
    await settle();
    cluster.child(1).end(1);
    await settle();
    cluster.ready(3);
    await settle();
    cluster.ready(4);
    await settle();
    expect(cluster.child(2).told).toEqual(["drain"]);
    cluster.child(2).end();
    await restarted;
    await settle(60_000);
    expect(cluster.children.length).toBe(4);
  });

  it("is done once more when it is asked for in the middle", async () => {
    const { crew, cluster, types } = await servingCrew({ size: 1 });
    const restarted = crew.restart();
    void crew.restart();
    void crew.restart();
    for (const pid of [2, 3]) {
      await settle();
      cluster.ready(pid);
      await settle();
      cluster.child(pid - 1).end();
    }
    await restarted;
    expect(types()).toEqual(["ready", "restarting", "restarted", "restarting", "restarted"]);
  });
});

describe("Crew: the end", () => {
  it("lets every worker finish, and replaces none", async () => {
    const { crew, cluster, ended } = await servingCrew();
    void crew.end();
    expect([cluster.child(1).told, cluster.child(2).told]).toEqual([["drain"], ["drain"]]);
    cluster.child(1).end();
    cluster.child(2).end();
    await ended;
    await settle(60_000);
    expect(cluster.children.length).toBe(2);
  });

  it("kills who does not listen yet, and who takes too long", async () => {
    const { crew, cluster, ended } = await servingCrew();
    void crew.restart();
    await settle();
    void crew.end();
    await settle(6_000);
    await ended;
    expect(cluster.children.map(({ told }) => told)).toEqual([["drain"], ["drain"], []]);
    expect(cluster.children.map(({ killedBy }) => killedBy)).toEqual(["SIGKILL", "SIGKILL", "SIGKILL"]);
  });

  it("comes at once when it must", async () => {
    const { crew, cluster } = await servingCrew();
    crew.kill();
    expect(cluster.children.map(({ killedBy }) => killedBy)).toEqual(["SIGKILL", "SIGKILL"]);
  });
});
