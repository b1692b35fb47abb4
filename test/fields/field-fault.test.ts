import { describe, expect, it } from "vitest";
import { Defect, fieldFault, quote } from "../../src/fields/field-fault.ts";
import { received } from "./support.ts";

describe("a fault of a field", () => {
  it("names the field, the rule and the section", () => {
    expect(fieldFault(Defect.METHOD, ":method", "G ET")).toEqual({
      reason: '":method" is no token: "G ET"',
      section: "RFC 9110 section 9.1",
    });
  });

  it("has a sentence and a section for every defect", () => {
    for (const defect of Object.values(Defect).slice(1)) {
      const fault = fieldFault(defect, "x", "y");
      expect(fault.reason).toMatch(/^[^{}]{10,}$/);
      expect(fault.section).toMatch(/^RFC \d+ section \d/);
    }
  });

  it("shows no value that may be a secret", () => {
    expect(received(3, [["authorization", "Basic c2VjcmV0\n"]]).fault?.reason).not.toContain("c2VjcmV0");
  });

  it("cannot be steered by a name that looks like a replacement", () => {
    expect(fieldFault(Defect.UPPERCASE_NAME, "$&{value}", "v").reason).toContain('"$&{value}"');
  });
});

describe("quote", () => {
  it("keeps visible ASCII and spaces, and escapes the rest", () => {
    expect(quote("a b~")).toBe('"a b~"');
    expect(quote('\r\n\0"\\\xe9')).toBe('"\\x0d\\x0a\\x00\\x22\\x5c\\xe9"');
  });

  it("cuts what is long", () => {
    expect(quote("x".repeat(61))).toBe(`"${"x".repeat(60)}..."`);
    expect(quote("x".repeat(60))).toBe(`"${"x".repeat(60)}"`);
  });
});
