import { describe, expect, it } from "vitest";
import { selectedProtocol } from "../../src/node/selected-protocol.ts";

describe("the protocol that TLS selected", () => {
  it("is ALPN's answer (RFC 7301)", () => {
    expect(selectedProtocol({ alpnProtocol: "h2" })).toBe("h2");
  });

  it("is ALPN's answer also where NPN has another", () => {
    expect(selectedProtocol({ alpnProtocol: "http/1.1", npnProtocol: "h2" })).toBe("http/1.1");
  });

  it("is NPN's answer where ALPN has none", () => {
    expect(selectedProtocol({ alpnProtocol: false, npnProtocol: "h2" })).toBe("h2");
    expect(selectedProtocol({ npnProtocol: "h2" })).toBe("h2");
  });

  it.each([
    [{ alpnProtocol: false }],
    [{ alpnProtocol: null }],
    [{ alpnProtocol: "" }],
    [{ alpnProtocol: false, npnProtocol: false }],
    [{ npnProtocol: "" }],
    [{}],
  ] as const)("is null for %o", (socket) => {
    expect(selectedProtocol(socket)).toBeNull();
  });
});
