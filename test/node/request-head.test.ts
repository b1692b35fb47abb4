import { describe, expect, it } from "vitest";
import { endOfHead, listElements, parseRequestHead } from "../../src/node/request-head.ts";
import { octetsOf } from "../support/sockets.ts";

const parse = (text: string) => parseRequestHead(octetsOf(text), text.length);

describe("the end of a request's head", () => {
  const head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  it("is the empty line (RFC 9112 section 2.1)", () => {
    expect(endOfHead(octetsOf(`${head}body`), 0)).toBe(head.length);
  });

  it("is not there before the last octet of the empty line, wherever the octets were cut", () => {
    const octets = octetsOf(head);
    for (let length = 0; length < octets.length; length++) {
      expect(endOfHead(octets.subarray(0, length), 0)).toBe(0);
      for (let seen = 0; seen <= length; seen++) expect(endOfHead(octets, seen)).toBe(head.length);
    }
  });

  it.each([
    ["a lone LF", "GET / HTTP/1.1\nHost"],
    ["LF at the very beginning", "\n"],
    ["CR without LF", "GET / HTTP/1.1\rHost"],
    ["NUL", "GET /\0"],
    ["a control character", "GET /\x01"],
    ["DEL", "GET /\x7f"],
  ])("will never come after %s", (_name, text) => {
    const octets = octetsOf(text);
    const octetwise = Array.from(octets, (_octet, index) => endOfHead(octets.subarray(0, index + 1), index));
    expect(endOfHead(octets, 0)).toBe(-1);
    expect(octetwise).toContain(-1);
  });

  it("may come after tabs and octets above 0x7f", () => {
    expect(endOfHead(octetsOf("GET / HTTP/1.1\r\nA: \t\x80\xff"), 0)).toBe(0);
  });
});

describe("a request's head", () => {
  it("has a method, a target, a version and fields (RFC 9112 section 3)", () => {
    expect(parse("GET /a?b HTTP/1.1\r\nHost: a\r\nX-Tail:\t b\xe9 c \t\r\nEmpty:\r\n\r\n")).toEqual({
      method: "GET",
      target: "/a?b",
      version: "1.1",
      fields: [
        ["Host", "a"],
        ["X-Tail", "b\xe9 c"],
        ["Empty", ""],
      ],
    });
  });

  it("may have no field at all", () => {
    expect(parse("GET / HTTP/1.0\r\n\r\n")).toMatchObject({ version: "1.0", fields: [] });
  });

  it.each([
    ["an empty line in front", "\r\nGET / HTTP/1.1\r\n\r\n"],
    ["nothing in it", "\r\n\r\n"],
    ["two spaces in the request line", "GET  / HTTP/1.1\r\n\r\n"],
    ["a tab in the request line", "GET\t/ HTTP/1.1\r\n\r\n"],
    ["a space behind the version", "GET / HTTP/1.1 \r\n\r\n"],
    ["no target", "GET HTTP/1.1\r\n\r\n"],
    ["a method that is no token", "G(T / HTTP/1.1\r\n\r\n"],
    ["a target with a fragment", "GET /# HTTP/1.1\r\n\r\n"],
    ["a target with an octet above 0x7f", "GET /\xe9 HTTP/1.1\r\n\r\n"],
    ["a version in lower case", "GET / http/1.1\r\n\r\n"],
    ["version 1.2", "GET / HTTP/1.2\r\n\r\n"],
    ["version 2.0", "GET / HTTP/2.0\r\n\r\n"],
    ["a folded line (RFC 9112 section 5.2)", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"],
    ["a folded line in front of all fields", "GET / HTTP/1.1\r\n A: b\r\n\r\n"],
    ["a space before a colon (RFC 9112 section 5.1)", "GET / HTTP/1.1\r\nA : b\r\n\r\n"],
    ["a line without a colon", "GET / HTTP/1.1\r\nA\r\n\r\n"],
    ["an empty name", "GET / HTTP/1.1\r\n: b\r\n\r\n"],
    ["a name that is no token", "GET / HTTP/1.1\r\nA(: b\r\n\r\n"],
  ])("is not well-formed with %s", (_name, text) => {
    expect(parse(text)).toBeNull();
  });

  it("takes linear time for long runs of white space", () => {
    const value = `a${" ".repeat(500_000)}b`;
    expect(parse(`GET / HTTP/1.1\r\nA: ${value}\r\n\r\n`)?.fields).toEqual([["A", value]]);
  });
});

describe("a list field", () => {
  it("is all its lines together, in lower case, without empty elements (RFC 9110 section 5.6.1)", () => {
    expect(listElements(["Upgrade,,", " , HTTP2-Settings\t"])).toEqual(["upgrade", "http2-settings"]);
    expect(listElements([])).toEqual([]);
    expect(listElements([""])).toEqual([]);
  });
});
