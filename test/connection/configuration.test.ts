import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, H2Configuration, H2Connection, type H2Options } from "../../src/index.ts";

describe("the configuration", () => {
  it("is that of a client where nothing is said, as in hyper-h2", () => {
    const { config } = new H2Connection();
    expect(config.clientSide).toBe(true);
    expect(config.headerEncoding).toBeNull();
    expect(config.validateInboundHeaders && config.validateOutboundHeaders).toBe(true);
    expect(config.normalizeInboundHeaders && config.normalizeOutboundHeaders).toBe(true);
    expect(config.splitOutboundCookies || config.escalateStreamErrors).toBe(false);
    expect(config.limits).toEqual(DEFAULT_LIMITS);
  });

  it("may serve many connections", () => {
    const shared = new H2Configuration({ clientSide: false });
    expect(new H2Connection(shared).config).toBe(shared);
    expect(new H2Connection(shared).config).toBe(shared);
  });

  it("takes single limits and leaves the others", () => {
    const { limits } = new H2Configuration({ limits: { fields: 5 } });
    expect(limits).toEqual({ ...DEFAULT_LIMITS, fields: 5 });
  });

  it.each([
    "clientSide",
    "validateOutboundHeaders",
    "normalizeOutboundHeaders",
    "splitOutboundCookies",
    "validateInboundHeaders",
    "normalizeInboundHeaders",
    "escalateStreamErrors",
    "strictStart",
    "sendDebugData",
  ])("takes true and false alone for %s", (name) => {
    for (const value of [1, 0, "true", null]) {
      expect(() => new H2Configuration({ [name]: value } as H2Options)).toThrow(TypeError);
    }
  });

  it("refuses an encoding that the runtime does not know", () => {
    expect(() => new H2Connection({ headerEncoding: "klingon" })).toThrow(RangeError);
  });

  it.each([65_534, 2 ** 31, 70_000.5, Number.NaN])("refuses a connection window of %s octets", (size) => {
    expect(() => new H2Connection({ connectionWindowSize: size })).toThrow(RangeError);
  });

  it.each([-1, 0.5])("refuses a low-water mark of %s octets", (size) => {
    expect(() => new H2Connection({ sendBufferLowWaterMark: size })).toThrow(RangeError);
  });
});
