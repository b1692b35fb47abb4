import { describe, expect, it } from "vitest";
import { ErrorCode } from "../../src/frames/error-code.ts";
import { ConnectionFault, StreamFault } from "../../src/frames/fault.ts";

describe("faults", () => {
  it("are light: no errors, no stack", () => {
    const fault = new ConnectionFault(ErrorCode.PROTOCOL_ERROR, "Why", "RFC 9113 section 5.4.1");
    expect(fault).not.toBeInstanceOf(Error);
    expect(fault).not.toHaveProperty("stack");
  });

  it("say reason and section", () => {
    const fault = new StreamFault(3, ErrorCode.CANCEL, "Why", "RFC 9113 section 5.4.2");
    expect(fault.message).toBe("Why (RFC 9113 section 5.4.2)");
    expect(fault).toMatchObject({
      streamId: 3,
      errorCode: 8,
      reason: "Why",
      section: "RFC 9113 section 5.4.2",
    });
  });
});
