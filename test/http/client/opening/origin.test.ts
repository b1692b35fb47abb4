import { describe, expect, it } from "vitest";
import { parseOrigin } from "../../../../src/http/client/opening/origin.ts";

describe("an origin", () => {
  it.each([
    ["http://example.com", "http", "example.com", "example.com", 80],
    ["https://example.com/path?query", "https", "example.com", "example.com", 443],
    ["http://example.com:80", "http", "example.com", "example.com", 80],
    ["https://example.com:80", "https", "example.com:80", "example.com", 80],
    ["http://[::1]:8080", "http", "[::1]:8080", "::1", 8080],
    ["http://user:password@example.com", "http", "example.com", "example.com", 80],
    ["https://ÄRGER.example", "https", "xn--rger-koa.example", "xn--rger-koa.example", 443],
  ])("%s has its parts (RFC 6454 section 4)", (url, scheme, authority, hostname, port) => {
    expect(parseOrigin(url)).toEqual({ scheme, authority, hostname, port });
    expect(parseOrigin(new URL(url))).toEqual({ scheme, authority, hostname, port });
  });

  it.each(["ftp://example.com", "example.com", ""])("is not %j", (url) => {
    expect(() => parseOrigin(url)).toThrow(TypeError);
  });
});
