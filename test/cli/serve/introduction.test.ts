import { describe, expect, it } from "vitest";
import { introductionTo, upgradePolicyOf } from "../../../src/cli/serve/introduction.ts";

const OPTIONS = { port: 0, http1: true, listing: true, drainTimeout: 1, log: "text" } as const;
const LOOPBACK = { ...OPTIONS, host: "127.0.0.1" };

describe("upgradePolicyOf", () => {
  it.each(["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"])("accepts Upgrade on %s", (host) => {
    expect(upgradePolicyOf({ ...OPTIONS, host })).toBe("accept");
  });

  it.each(["0.0.0.0", "::", "192.0.2.1", "127.example.org"])(
    "ignores it on %s (RFC 9113 section 3.1)",
    (host) => {
      expect(upgradePolicyOf({ ...OPTIONS, host })).toBe("ignore");
    },
  );

  it("does what it is told", () => {
    expect(upgradePolicyOf({ ...LOOPBACK, upgrade: "reject" })).toBe("reject");
  });
});

describe("introductionTo", () => {
  it("names every way, and how to go it", () => {
    const { speaks, lines } = introductionTo("http://127.0.0.1:1", "an echo", LOOPBACK);
    expect(speaks).toBe("HTTP/2 by prior knowledge and by Upgrade; HTTP/1.1");
    expect(lines.map(([, purpose]) => purpose)).toEqual(["Upgrade", "prior knowledge", "HTTP/1.1"]);
  });

  it("names no way that is closed", () => {
    const closed = { ...LOOPBACK, http1: false, upgrade: "reject" } as const;
    const { speaks, lines } = introductionTo("http://127.0.0.1:1", "an echo", closed);
    expect(speaks).toBe("HTTP/2 by prior knowledge (Upgrade is rejected)");
    expect(lines.map(([, purpose]) => purpose)).toEqual(["prior knowledge"]);
    const tls = introductionTo("https://127.0.0.1:1", "an echo", closed);
    expect([tls.speaks, tls.lines.length]).toEqual(["HTTP/2 over TLS, by ALPN", 1]);
  });
});
