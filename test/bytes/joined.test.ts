import { describe, expect, it } from "vitest";
import { joined } from "../../src/bytes/joined.ts";

describe("joined", () => {
  it("puts chunks behind one another", () => {
    expect(joined([Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3)])).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("makes nothing of no chunks", () => {
    expect(joined([])).toEqual(Uint8Array.of());
  });

  it("copies, also a single chunk", () => {
    const chunk = Uint8Array.of(1);
    const whole = joined([chunk]);
    chunk[0] = 2;
    expect(whole).toEqual(Uint8Array.of(1));
  });
});
