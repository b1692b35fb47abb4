import { describe, expect, it } from "vitest";
import { FieldListTooLarge, HpackFault } from "../../src/hpack/hpack-fault.ts";

describe.each([
  ["HpackFault", HpackFault],
  ["FieldListTooLarge", FieldListTooLarge],
])("%s", (_name, Fault) => {
  it("says what is wrong and which section has the rule", () => {
    const fault = new Fault("too much", "RFC 7541 section 4.1");
    expect([fault.reason, fault.section]).toEqual(["too much", "RFC 7541 section 4.1"]);
  });

  it("carries no stack, so that a peer that sends rubbish stays cheap", () => {
    expect(new Fault("", "")).not.toBeInstanceOf(Error);
  });
});
