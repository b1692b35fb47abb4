import { describe, expect, it } from "vitest";
import { FrameReader } from "../../src/frames/index.ts";

const PING = Uint8Array.of(0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);

describe("FrameReader.clear", () => {
  it("drops whole frames that wait, and the beginning of the next one", () => {
    const reader = new FrameReader(16_384, false);
    reader.push(Uint8Array.of(...PING, ...PING, ...PING.subarray(0, 5)));
    expect(reader.next()?.length).toBe(8);
    reader.clear();
    expect(reader.pending).toBe(0);
    expect(reader.next()).toBe(null);
  });

  it("leaves a reader that goes on with the next chunk, without a look at the last one", () => {
    const reader = new FrameReader(16_384, false);
    const chunk = PING.slice(0, 12);
    reader.push(chunk);
    reader.clear();
    chunk.fill(0xa5);
    reader.push(PING);
    expect(reader.next()).toMatchObject({ type: 6, data: PING.subarray(9) });
    expect(reader.pending).toBe(0);
  });
});
