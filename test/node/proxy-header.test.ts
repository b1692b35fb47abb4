import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseProxyHeader } from "../../src/node/proxy-header.ts";
import { ascii, joined } from "../support/frames.ts";

/** Octets in hexadecimal, with blanks between them. */
function hex(text: string): Uint8Array {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

const SIGNATURE = hex("0d0a0d0a000d0a515549540a");
const TCP4 = joined(SIGNATURE, hex("21 11 000c c0000201 c6336402 3039 01bb"));
const LINE = ascii("PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n");
const ENDS = {
  source: { address: "192.0.2.1", port: 12_345 },
  destination: { address: "198.51.100.2", port: 443 },
};

describe("version 1 of the PROXY protocol", () => {
  it("names both ends of a TCP connection over IPv4", () => {
    expect(parseProxyHeader(LINE)).toEqual({ ...ENDS, length: LINE.length });
  });

  it("names both ends of a TCP connection over IPv6", () => {
    const line = ascii("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n");
    expect(parseProxyHeader(line)).toMatchObject({
      source: { address: "2001:db8::1", port: 1 },
      destination: { address: "2001:db8::2", port: 65_535 },
    });
  });

  it("names nobody where the balancer does not know", () => {
    const line = ascii("PROXY UNKNOWN ffff:f...f:ffff 65535\r\n");
    expect(parseProxyHeader(line)).toEqual({ source: null, destination: null, length: line.length });
  });

  it.each([
    ["another line", "GET / HTTP/1.1\r\n"],
    ["a line that no CR ends", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n"],
    ["an unknown family", "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n"],
    ["an address of the other family", "PROXY TCP4 2001:db8::1 192.0.2.2 1 2\r\n"],
    ["a port beyond 65,535", "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n"],
    ["a port with a zero in front", "PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n"],
    ["a missing port", "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n"],
    ["something behind the ports", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n"],
    ["a line longer than 107 octets", `PROXY UNKNOWN ${"x".repeat(100)}\r\n`],
  ])("is not %s", (_, line) => {
    expect(parseProxyHeader(ascii(line))).toBe("malformed");
  });
});

describe("version 2 of the PROXY protocol", () => {
  it("names both ends of a TCP connection over IPv4", () => {
    expect(parseProxyHeader(TCP4)).toEqual({ ...ENDS, length: 28 });
  });

  it("names both ends of a TCP connection over IPv6, in Node's form", () => {
    const from = "20010db8000000000000000000000001";
    const to = "20010db8000000000000000000000002";
    const header = joined(SIGNATURE, hex(`21 21 0024 ${from} ${to} 0001 ffff`));
    expect(parseProxyHeader(header)).toMatchObject({
      source: { address: "2001:db8::1", port: 1 },
      destination: { address: "2001:db8::2", port: 65_535 },
      length: 52,
    });
  });

  it("may carry more than addresses", () => {
    const header = joined(SIGNATURE, hex("21 11 0011 c0000201 c6336402 3039 01bb 0400020000"));
    expect(parseProxyHeader(header)).toEqual({ ...ENDS, length: 33 });
  });

  it("names nobody for a connection of the balancer itself", () => {
    expect(parseProxyHeader(joined(SIGNATURE, hex("20 00 0000")))).toEqual({
      source: null,
      destination: null,
      length: 16,
    });
  });

  it("names nobody for other kinds of connections", () => {
    const header = joined(SIGNATURE, hex("21 31 0002 0000"));
    expect(parseProxyHeader(header)).toEqual({ source: null, destination: null, length: 18 });
  });

  it.each([
    ["another signature", "0d0a0d0a000d0a515549540b 21110000"],
    ["another version", "0d0a0d0a000d0a515549540a 31 11 000c c0000201 c6336402 3039 01bb"],
    ["an unknown command", "0d0a0d0a000d0a515549540a 22 11 000c c0000201 c6336402 3039 01bb"],
    ["addresses that are too short", "0d0a0d0a000d0a515549540a 21 11 000b c0000201 c6336402 3039 01"],
    ["more additions than 4,096 octets", "0d0a0d0a000d0a515549540a 21 11 1001"],
  ])("is not %s", (_, octets) => {
    expect(parseProxyHeader(hex(octets))).toBe("malformed");
  });
});

describe("parseProxyHeader", () => {
  it.each([
    ["1", LINE],
    ["2", TCP4],
  ])("asks for more octets up to the last one of version %s", (_, header) => {
    for (let length = 0; length < header.length; length++) {
      expect(parseProxyHeader(header.subarray(0, length))).toBe("incomplete");
    }
  });

  it("has an answer for any octets", () => {
    const likely = fc.oneof(fc.constant(SIGNATURE), fc.constant(ascii("PROXY TCP4 ")), fc.uint8Array());
    fc.assert(
      fc.property(fc.array(likely, { maxLength: 5 }), (parts) => {
        const outcome = parseProxyHeader(joined(...parts));
        const isHeader = typeof outcome === "object";
        expect(isHeader || outcome === "incomplete" || outcome === "malformed").toBe(true);
      }),
    );
  });
});
