import { describe, expect, it } from "vitest";
import { runWorkers, serve, type WorkersEvent } from "../../../../src/http/server.ts";

const start = () => serve({ fetch: () => new Response() });

describe("runWorkers", () => {
  it.each([0, 1.5, -1, Number.NaN])("refuses %d workers", async (workers) => {
    await expect(runWorkers({ workers, start })).rejects.toThrow(RangeError);
  });

  it("starts nobody when its signal has come before, and listens to no signals afterwards", async () => {
    const events: WorkersEvent[] = [];
    const before = process.listenerCount("SIGTERM");
    await runWorkers({ start, signal: AbortSignal.abort(), observe: (event) => events.push(event) });
    expect(events).toEqual([{ type: "ending", signal: null }]);
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });

  it("fails with what the preparation fails with", async () => {
    const share = () => Promise.reject(new Error("no certificate"));
    await expect(runWorkers({ start, share })).rejects.toThrow("no certificate");
  });
});
