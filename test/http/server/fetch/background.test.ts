import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Background } from "../../../../src/http/server/fetch/background.ts";

describe("work in the background", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is waited for, and what it begins too", async () => {
    const background = new Background(() => {});
    const done: string[] = [];
    background.add(
      Promise.resolve().then(() => {
        done.push("one");
        background.add(Promise.resolve().then(() => done.push("two")));
      }),
    );
    await background.idle(1_000);
    expect(done).toEqual(["one", "two"]);
  });

  it("is waited for no longer than the deadline", async () => {
    const background = new Background(() => {});
    background.add(new Promise(() => {}));
    const idle = background.idle(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    await idle;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is reported when it fails, and waited for no more", async () => {
    const report = vi.fn();
    const background = new Background(report);
    const mistake = new Error("a mistake");
    background.add(Promise.reject(mistake));
    await background.idle(1_000);
    expect(report.mock.calls).toEqual([[mistake]]);
  });

  it("is nothing to wait for when there is none", async () => {
    await new Background(() => {}).idle(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
