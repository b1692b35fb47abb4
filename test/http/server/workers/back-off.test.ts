import { describe, expect, it } from "vitest";
import { BackOff } from "../../../../src/http/server/workers/back-off.ts";

describe("BackOff", () => {
  it("waits longer after each short life, and not at all after a long one", () => {
    const backOff = new BackOff();
    expect([1, 2, 3].map(() => backOff.delayAfter(10))).toEqual([100, 200, 400]);
    expect(backOff.delayAfter(60_000)).toBe(0);
    expect(backOff.delayAfter(10)).toBe(100);
  });

  it("has a longest wait, and loses hope before", () => {
    const backOff = new BackOff();
    const delays = Array.from({ length: 10 }, () => backOff.delayAfter(0));
    expect(Math.max(...delays)).toBe(5_000);
    expect(backOff.isHopeless).toBe(true);
    backOff.delayAfter(60_000);
    expect(backOff.isHopeless).toBe(false);
  });
});
