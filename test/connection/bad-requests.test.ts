import { describe, expect, it } from "vitest";
import { ErrorCodes, SettingCodes } from "../../src/index.ts";
import { receive, server } from "../support/engine.ts";
import { type FieldBlockBuilder, frames } from "../support/frames.ts";
import { expectAlive, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";

type Field = readonly [name: string, value: string];

/** The parts of a request as they should be; a case changes some, or leaves one out. */
interface Parts {
  readonly method?: string | null;
  readonly scheme?: string | null;
  readonly authority?: string | null;
  readonly path?: string | null;
}

function request(parts: Parts, ...fields: readonly Field[]): FieldBlockBuilder {
  const { method = "GET", scheme = "https", authority = "example.com", path = "/" } = parts;
  const head = frames.headers(1);
  if (method !== null) head.field(":method", method);
  if (scheme !== null) head.field(":scheme", scheme);
  if (authority !== null) head.field(":authority", authority);
  if (path !== null) head.field(":path", path);
  for (const [name, value] of fields) head.field(name, value);
  return head;
}

const withFields = (...fields: readonly Field[]): FieldBlockBuilder => request({}, ...fields);

/** Requests that cost their stream: what, the section that forbids it, and the values that are tried. */
const REFUSED: Readonly<Record<string, readonly FieldBlockBuilder[]>> = {
  "an uppercase letter in a name (RFC 9113 section 8.2.1)": ["Accept", "aCcept", "X"].map((name) =>
    withFields([name, "x"]),
  ),
  "a field of an HTTP/1.1 connection (RFC 9113 section 8.2.2)": [
    "connection",
    "keep-alive",
    "proxy-connection",
    "transfer-encoding",
    "upgrade",
  ].map((name) => withFields([name, "x"])),
  "te that says more than trailers (RFC 9113 section 8.2.2)": [
    withFields(["te", "gzip"]),
    withFields(["te", "trailers, gzip"]),
    withFields(["te", "trailers"], ["te", "trailers"]),
    withFields(["te", ""]),
  ],
  "a pseudo-header field behind another field (RFC 9113 section 8.3)": [
    request({ path: null }, ["x", "y"], [":path", "/"]),
  ],
  "a pseudo-header field twice (RFC 9113 section 8.3)": [":method", ":scheme", ":authority", ":path"].map(
    (name) => frames.headers(1).field(name, "GET").request("GET", "/"),
  ),
  "a pseudo-header field that is unknown, or a response's (RFC 9113 section 8.3)": [
    request({ path: null }, [":unknown", "x"], [":path", "/"]),
    request({ path: null }, [":status", "200"], [":path", "/"]),
    request({ path: null }, [":", "x"], [":path", "/"]),
  ],
  "a pseudo-header field missing (RFC 9113 section 8.3.1)": [
    request({ method: null }),
    request({ scheme: null }),
    request({ path: null }),
  ],
  "neither :authority nor host (RFC 9113 section 8.3.1)": [
    request({ authority: null }),
    request({ authority: null, scheme: "http" }),
  ],
  "a :path that is no path (RFC 9113 section 8.3.1)": [
    "",
    "*",
    "index.html",
    "https://example.com/",
    "?query",
    "/#fragment",
    "/\u00e9",
  ].map((path) => request({ path })),
  "a :path that would end a line or a word (RFC 9113 section 10.3)": [
    "/ HTTP/1.1\r\nHost: x",
    "/a b",
    "/\n",
    "/\0",
    "/\t",
    "/\x7f",
  ].map((path) => request({ path })),
  "a :method that is no token (RFC 9110 section 9.1)": ["", "G T", "GET / HTTP/1.1\r\n", "GET\n", "G(T"].map(
    (method) => request({ method }),
  ),
  "a :scheme that is none (RFC 3986 section 3.1)": ["", "ht tp", "http://evil/?", "1http", "http:"].map(
    (scheme) => request({ scheme }),
  ),
  "an :authority that is none (RFC 9113 section 8.3.1)": [
    "",
    "user@example.com",
    "user:pass@example.com",
    "example.com/",
    "example.com?x",
    "example.com#x",
    "a b",
    "a\r\nb",
    "a\\b",
    "example.com:80:80",
    "[::1",
  ].map((authority) => request({ authority })),
  "a host that is another (RFC 9113 section 8.3.1)": [
    withFields(["host", "example.org"]),
    withFields(["host", "example.com:444"]),
    withFields(["host", ""]),
  ],
  "two hosts (RFC 9112 section 3.2)": [
    withFields(["host", "example.com"], ["host", "example.com"]),
    request({ authority: null }, ["host", "a"], ["host", "b"]),
  ],
  "a line break or NUL in a value (RFC 9113 section 8.2.1)": [
    "a\r\nTransfer-Encoding: chunked",
    "a\rb",
    "a\nb",
    "a\0b",
    "\n",
    "\0",
  ].map((value) => withFields(["x", value])),
  "space or tab at an end of a value (RFC 9113 section 8.2.1)": [" a", "a ", "\ta", "a\t", " "].map((value) =>
    withFields(["x", value]),
  ),
  "another control character in a value (RFC 9110 section 5.5)": Array.from({ length: 0x20 }, (_, code) =>
    String.fromCharCode(code),
  )
    .filter((character) => !"\0\t\n\r".includes(character))
    .concat("\x7f")
    .map((character) => withFields(["x", `a${character}b`])),
  "a name without an octet (RFC 9113 section 8.2.1)": [withFields(["", "x"])],
  "an octet in a name that no name has (RFC 9113 section 8.2.1)": [
    "a b",
    "a:b",
    "a\0b",
    "a\r\nb",
    "x: y\r\nhost",
    "a\x7f",
    "a\u0080",
    "a\u00ff",
  ].map((name) => withFields([name, "x"])),
  "a delimiter in a name (RFC 9110 section 5.1)": Array.from('"(),/;<=>?@[\\]{}', (character) =>
    withFields([`a${character}b`, "x"]),
  ),
  "a content-length that is no number (RFC 9110 section 8.6)": ["+3", "", "-1", "3, 3", "0x3", "1e3"]
    .concat("9223372036854775808")
    .map((length) => withFields(["content-length", length])),
  "two lengths that differ (RFC 9110 section 8.6)": [
    withFields(["content-length", "3"], ["content-length", "4"]),
  ],
  "CONNECT with too much or too little (RFC 9113 section 8.5)": [
    request({ method: "CONNECT", authority: "example.com:443" }),
    request({ method: "CONNECT", authority: "example.com:443", path: null }),
    request({ method: "CONNECT", authority: "example.com:443", scheme: null }),
    request({ method: "CONNECT", authority: null, scheme: null, path: null }),
  ],
  ":protocol without CONNECT (RFC 8441 section 4)": [
    request({ path: null }, [":protocol", "websocket"], [":path", "/"]),
  ],
};

describe("a request that is malformed (RFC 9113 section 8.1.1)", () => {
  it.each(Object.entries(REFUSED))("costs its stream, and nothing else, with %s", (_what, heads) => {
    for (const head of heads) {
      const engine = server({ initialSettings: { [SettingCodes.ENABLE_CONNECT_PROTOCOL]: 1 } });
      expectStreamError(engine, receive(engine, head), 1, ErrorCodes.PROTOCOL_ERROR);
      expect(told(receive(engine, frames.headers(3).request("GET", "/")))[0]).toMatch(/^RequestReceived/);
    }
  });
});

/** Requests that are unusual and right. */
const TAKEN: Readonly<Record<string, readonly FieldBlockBuilder[]>> = {
  "a scheme that is foreign (RFC 9113 section 8.3.1)": [
    request({ scheme: "ftp" }),
    request({ scheme: "http" }),
    request({ scheme: "a+b-c.d" }),
  ],
  "octets above 0x7f in a value (RFC 9110 section 5.5)": [withFields(["x", "\u00e9\u0080\u00ff"])],
  "an empty value (RFC 9110 section 5.5)": [withFields(["x", ""])],
  "a tab within a value (RFC 9110 section 5.5)": [withFields(["x", "a\tb"])],
  "host and no :authority (RFC 9113 section 8.3.1)": [request({ authority: null }, ["host", "example.com"])],
  "a host that is the same in other words (RFC 9110 section 4.2.3)": [
    withFields(["host", "EXAMPLE.com"]),
    withFields(["host", "example.com:443"]),
  ],
  "te of trailers (RFC 9113 section 8.2.2)": [withFields(["te", "trailers"])],
  "an asterisk for OPTIONS (RFC 9113 section 8.3.1)": [request({ method: "OPTIONS", path: "*" })],
  "a method that nobody knows (RFC 9110 section 9.1)": [request({ method: "BREW" })],
  "an IPv6 address (RFC 3986 section 3.2.2)": [request({ authority: "[::1]:8443" })],
};

describe("a request that is unusual", () => {
  it.each(Object.entries(TAKEN))("may have %s", (_what, heads) => {
    for (const head of heads) {
      const engine = server();
      expect(told(receive(engine, head))[0]).toMatch(/^RequestReceived stream=1/);
      expectAlive(engine);
    }
  });
});
