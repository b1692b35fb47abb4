import { describe, expect, it } from "vitest";
import {
  collectField,
  collectText,
  parseMethod,
  parseMilliseconds,
  parsePath,
  parsePort,
  parseSeconds,
  parseWorkers,
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

  it("reads milliseconds that a timer can wait for", () => {
    expect([parseMilliseconds("0"), parseMilliseconds("2147483647")]).toEqual([0, 2_147_483_647]);
    for (const text of ["-1", "1.5", "", "2147483648", "1e3"])
      expect(() => parseMilliseconds(text)).toThrow("whole number of milliseconds");
  });

  it("reads a path", () => {
    expect(parsePath("/internal/metrics")).toBe("/internal/metrics");
    for (const text of ["", "metrics", "/a?b", "/a b"])
      expect(() => parsePath(text)).toThrow("A path begins");
  });

  it("reads a number of processes, or auto", () => {
    expect([parseWorkers("1"), parseWorkers("1024"), parseWorkers("auto")]).toEqual([1, 1024, "auto"]);
    for (const text of ["0", "1025", "-1", "many", ""])
      expect(() => parseWorkers(text)).toThrow("from 1 to 1024, or auto");
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
