import { describe, expect, it } from "vitest";
import { canonicalOrigin } from "../../src/fields/origin.ts";

describe("an origin (RFC 6454 section 6.2)", () => {
  it.each([
    ["https://example.com", "https://example.com"],
    ["HTTPS://Example.COM", "https://example.com"],
    ["https://example.com:443", "https://example.com"],
    ["http://example.com:80", "http://example.com"],
    ["http://example.com:443", "http://example.com:443"],
    ["https://example.com:8443", "https://example.com:8443"],
    ["https://example.com:08443", "https://example.com:8443"],
    ["https://192.0.2.1", "https://192.0.2.1"],
    ["https://[2001:DB8::1]:443", "https://[2001:db8::1]"],
    ["coap+tcp://a:1", "coap+tcp://a:1"],
  ])("%s is %s", (text, origin) => {
    expect(canonicalOrigin(text)).toBe(origin);
  });

  it.each([
    "",
    "null",
    "example.com",
    "//example.com",
    "https:/example.com",
    "https://",
    "https://example.com/",
    "https://example.com?q",
    "https://example.com#f",
    "https://user@example.com",
    "https://example.com:port",
    "https://example.com:1:2",
    "https://[::1",
    "https://a b",
    "https://a\n",
    "https://\u00e9",
    "1https://example.com",
    " https://example.com",
    "https://example.com ",
  ])("is not %j", (text) => {
    expect(canonicalOrigin(text)).toBeNull();
  });

  it("with a wildcard is the name as it stands (RFC 8336 section 2.2)", () => {
    expect(canonicalOrigin("https://*.example.com")).toBe("https://*.example.com");
  });

  it("is no longer than a name of the DNS with a port may be", () => {
    const longest = `${"a".repeat(253)}:65535`;
    expect(canonicalOrigin(`https://${longest}`)).toBe(`https://${longest}`);
    expect(canonicalOrigin(`https://a${longest}`)).toBeNull();
  });
});
