import { describe, expect, it } from "vitest";
import { requestOrigin, requestUrl } from "../../../../src/http/server/fetch/request-url.ts";

describe("the origin of a request", () => {
  it.each([
    ["http", "example.com", "http://example.com"],
    ["https", "example.com:443", "https://example.com"],
    ["http", "example.com:80", "http://example.com"],
    ["https", "EXAMPLE.com:80", "https://example.com:80"],
    ["HTTP", "example.com", "http://example.com"],
    ["http", "[0:0::1]:8080", "http://[::1]:8080"],
    ["http", "127.1", "http://127.0.0.1"],
    ["http", "b%61r", "http://bar"],
  ])("of scheme %s and authority %s is %s, as URL writes it", (scheme, authority, origin) => {
    expect(requestOrigin(scheme, authority)).toBe(origin);
    expect(requestOrigin(scheme, authority)).toBe(origin);
  });

  it.each([
    ["http", ""],
    ["http", "user@example.com"],
    ["http", "example.com/path"],
    ["http", "example.com?query"],
    ["http", "a b"],
    ["http", "[::zz]"],
    ["http", "example.com:70000"],
    ["http", "1.2.3.4.5"],
    ["ftp", "example.com"],
    ["", "example.com"],
  ])("does not exist for scheme %j and authority %j", (scheme, authority) => {
    expect(requestOrigin(scheme, authority)).toBeNull();
  });

  it("is kept apart by scheme, in whatever letters that is written", () => {
    expect(requestOrigin("HTTPS", "apart.example")).toBe("https://apart.example");
    expect(requestOrigin("http", "apart.example")).toBe("http://apart.example");
  });

  it("is right for more hosts than are remembered", () => {
    for (let host = 0; host < 2_500; host++) {
      expect(requestOrigin("http", `host${host % 1_100}.example`)).toBe(`http://host${host % 1_100}.example`);
    }
  });
});

describe("the URL of a request", () => {
  const origin = "http://example.com";

  it.each([
    "/",
    "/a/b.c/d?e=f&g=%20",
    "/a/../b",
    "/./a",
    "/a/%2E%2e/b",
    "/..",
    "//other.example/a",
    "/a?b/../c",
    "/a?b='c'",
    "/a|b^c`d{e}",
    '/a"b<c>d',
    "/a\\b",
    "/a?b=[c]",
    "/%zz",
  ])("for the target %s is what URL makes of it", (target) => {
    expect(requestUrl(origin, target)).toBe(new URL(origin + target).href);
  });

  it("has no path for the target * (RFC 9112 section 3.3)", () => {
    expect(requestUrl(origin, "*")).toBe("http://example.com/");
  });

  it("stays at its host when the target begins with two slashes", () => {
    expect(new URL(requestUrl(origin, "//evil.example/a")).host).toBe("example.com");
  });

  it("has octets above 0x7f percent-encoded, each as it came", () => {
    expect(requestUrl(origin, "/\u00c3\u00bc")).toBe("http://example.com/%C3%BC");
  });
});
