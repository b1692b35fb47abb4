import { beforeEach, describe, expect, it } from "vitest";
import type { H2Connection } from "../../src/index.ts";
import { retained } from "../fuzz/state.mjs";
import { frames, joined } from "../support/frames.ts";
import { opened } from "../support/opened.ts";

/** Far more than an engine needs for itself, and far less than the chunks here. */
const LITTLE = 50_000;
const CHUNK = 1_000_000;

describe("memory that an engine keeps between two chunks", () => {
  let engine: H2Connection;

  beforeEach(() => {
    engine = new opened.H2Connection({ clientSide: false });
    engine.initiateConnection();
    engine.receiveData(joined(frames.preface(), frames.settings(), frames.settingsAck()));
  });

  it("has nothing of what came behind a fault that ended the connection", () => {
    engine.receiveData(joined(frames.windowUpdate(0, 0), new Uint8Array(CHUNK)));
    expect(engine.isFinished).toBe(true);
    expect(retained(engine)).toBeLessThan(LITTLE);
  });

  it("has the octets of a field block that is not complete, not the chunk that they came in", () => {
    const waste = Array.from({ length: CHUNK / 10_000 }, () =>
      frames.raw(0xfa, 0, 0, new Uint8Array(10_000)),
    );
    engine.receiveData(joined(...waste, frames.raw(0x1, 0, 1, new Uint8Array(100).fill(0x84))));
    expect(retained(engine)).toBeLessThan(LITTLE);
  });

  it("has the beginning of a frame, not the chunk that it came in", () => {
    const waste = Array.from({ length: CHUNK / 10_000 }, () =>
      frames.raw(0xfa, 0, 0, new Uint8Array(10_000)),
    );
    engine.receiveData(joined(...waste, frames.header(100, 0x6, 0, 0)));
    expect(retained(engine)).toBeLessThan(LITTLE);
  });
});
