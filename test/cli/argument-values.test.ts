import { describe, expect, it } from "vitest";
import {
  collectField,
  collectText,
  parseMethod,
  parsePort,
  parseSeconds,
} from "../../src/cli/argument-values.ts";

describe("values of options", () => {
  it("reads ports from 0 to 65535", () => {
    expect([parsePort("0"), parsePort("65535")]).toEqual([0, 65_535]);
    for (const text of ["65536", "-1", "8e1", "", "0x50"]) expect(() => parsePort(text)).toThrow("A port is");
  });

  it("reads seconds, with a fraction too, as milliseconds", () => {
    expect([parseSeconds("2"), parseSeconds("0.25"), parseSeconds(".5")]).toEqual([2_000, 250, 500]);
    for (const text of ["0", "-1", "1e3", "", "2000001"])
      expect(() => parseSeconds(text)).toThrow("number of seconds");
  });

  it("takes any token for a method (RFC 9110 section 9.1)", () => {
    expect(parseMethod("M-SEARCH")).toBe("M-SEARCH");
    for (const text of ["", "A B", "A\r\n", "É"]) expect(() => parseMethod(text)).toThrow("A method is");
  });

  it("collects fields, names in lower case and values as octets", () => {
    const fields = collectField("X-A:  é: b ", collectField("x-empty:"));
    expect(fields).toEqual([
      ["x-empty", ""],
      ["x-a", "\xc3\xa9: b"],
    ]);
  });

  it("refuses fields without a colon, with a name that is none, and with line breaks (RFC 9113 section 8.2.1)", () => {
    for (const text of ["x", ": y", "a b: c", ":path: /"])
      expect(() => collectField(text)).toThrow("looks like");
    for (const text of ["a: b\nc: d", "a: b\0c"]) expect(() => collectField(text)).toThrow("line breaks");
  });

  it("collects texts in their order", () => {
    expect(collectText("b", collectText("a"))).toEqual(["a", "b"]);
  });
});
