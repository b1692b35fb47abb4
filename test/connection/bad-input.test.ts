import { describe, expect, it } from "vitest";
import { ErrorCodes, ProtocolError, SettingCodes } from "../../src/index.ts";
import { client, receive, server } from "../support/engine.ts";
import { type FieldBlockBuilder, frames } from "../support/frames.ts";
import { expectMisuse, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";

/**
 * Heads of requests, one case a rule. Messages as a whole are in bad-input-messages.test.ts, responses in
 * bad-input-client.test.ts.
 */

type Field = readonly [name: string, value: string];
type Fields = readonly Field[];

/** The parts of a request as they should be; a case changes some, or leaves one out with null. */
interface Parts {
  readonly method?: string | null;
  readonly scheme?: string | null;
  readonly authority?: string | null;
  readonly path?: string | null;
}

function request(parts: Parts, ...more: Fields): Fields {
  const { method = "GET", scheme = "https", authority = "example.com", path = "/" } = parts;
  const all = [
    [":method", method],
    [":scheme", scheme],
    [":authority", authority],
    [":path", path],
  ] as const;
  return [...all.filter((pair): pair is readonly [(typeof pair)[0], string] => pair[1] !== null), ...more];
}

const get = (...more: Fields): Fields => request({}, ...more);
const named = (...names: readonly string[]): Fields[] => names.map((name) => get([name, "x"]));
const valued = (...values: readonly string[]): Fields[] => values.map((value) => get(["x", value]));
const paths = (...values: readonly string[]): Fields[] => values.map((path) => request({ path }));
const methods = (...values: readonly string[]): Fields[] => values.map((method) => request({ method }));
const schemes = (...values: readonly string[]): Fields[] => values.map((scheme) => request({ scheme }));
const lengths = (...values: readonly string[]): Fields[] =>
  values.map((value) => get(["content-length", value]));
const authorities = (...values: readonly string[]): Fields[] =>
  values.map((authority) => request({ authority }));
const tunnels = (...values: readonly string[]): Fields[] =>
  values.map((authority) => request({ method: "CONNECT", scheme: null, path: null, authority }));

function characters(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index));
}

function headers(streamId: number, fields: Fields): FieldBlockBuilder {
  const builder = frames.headers(streamId);
  for (const [name, value] of fields) builder.field(name, value);
  return builder;
}

/** What makes a request malformed: the rule, where it stands, and requests that break it. */
const REFUSED: readonly (readonly [rule: string, section: string, requests: readonly Fields[]])[] = [
  ["a name in upper case", "RFC 9113 section 8.2.1", named("Accept", "aCcept", "accepT", "X")],
  [
    "a field that belongs to a connection of HTTP/1.1",
    "RFC 9113 section 8.2.2",
    named("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"),
  ],
  [
    "te that is more or less than the one word trailers",
    "RFC 9113 section 8.2.2",
    [
      ...["gzip", "trailers, gzip", "trailers;q=1", "Trailers", ""].map((te) => get(["te", te])),
      get(["te", "trailers"], ["te", "trailers"]),
    ],
  ],
  [
    "a pseudo-header field behind a regular one",
    "RFC 9113 section 8.3",
    [request({ path: null }, ["x", "y"], [":path", "/"]), get(["x", "y"], [":authority", "example.com"])],
  ],
  [
    "a pseudo-header field twice",
    "RFC 9113 section 8.3",
    request({}).map((again) => [again, ...request({})]),
  ],
  [
    "a pseudo-header field that nobody knows",
    "RFC 9113 section 8.3",
    [":", ":host", ":Path", ":version"].map((name) => request({ path: null }, [name, "/"], [":path", "/"])),
  ],
  [
    "the pseudo-header field of responses",
    "RFC 9113 section 8.3.1",
    [request({ path: null }, [":status", "200"], [":path", "/"])],
  ],
  [
    "no :method, no :scheme or no :path",
    "RFC 9113 section 8.3.1",
    [request({ method: null }), request({ scheme: null }), request({ path: null }), [["x", "y"]], []],
  ],
  [
    "neither :authority nor host, for http and https",
    "RFC 9113 section 8.3.1",
    ["https", "http", "HTTPS"].map((scheme) => request({ scheme, authority: null })),
  ],
  ["an empty :path", "RFC 9113 section 8.3.1", paths("")],
  [
    "* as :path of any method but OPTIONS",
    "RFC 9113 section 8.3.1",
    ["GET", "HEAD", "POST", "options"].map((method) => request({ method, path: "*" })),
  ],
  [
    ":path that does not begin with a slash",
    "RFC 9113 section 8.3.1",
    paths("index.html", "?query", "https://example.com/", "example.com:443", "**", "\\", "*/"),
  ],
  [
    ":path that would end a line or a word",
    "RFC 9113 section 8.3.1",
    paths("/a b", "/a\tb", ...characters(0x01, 0x08).map((one) => `/${one}`), "/\x7f"),
  ],
  [
    ":path with CR, LF or NUL",
    "RFC 9113 section 8.2.1",
    paths("/ HTTP/1.1\r\nHost: evil\r\n\r\n", "/\r", "/\n", "/\0"),
  ],
  [":path with a fragment", "RFC 9113 section 8.3.1", paths("/#", "/page#part", "/?query#part")],
  [":path with octets above 0x7f", "RFC 9113 section 8.3.1", paths("/\u00e9", "/\u0080", "/?q=\u00ff")],
  [
    ":method that is empty or no token",
    "RFC 9110 section 9.1",
    methods("", "GE T", "GET/1", "G(T", "G\u00c9T", "G\x7fT", "G\tT"),
  ],
  [
    ":method with CR, LF or NUL",
    "RFC 9113 section 8.2.1",
    methods("GET / HTTP/1.1\r\nHost: evil\r\n", "GET\n", "\0GET"),
  ],
  [
    ":scheme that is empty or none",
    "RFC 9113 section 8.3.1",
    schemes("", "ht tp", "http://evil/?", "1http", "http:", "-http", "h\u00e9"),
  ],
  [
    "user information in :authority",
    "RFC 9113 section 8.3.1",
    authorities("user@example.com", "user:pass@example.com", "@example.com", "example.com:1@evil:2"),
  ],
  [
    "user information in host",
    "RFC 9113 section 8.3.1",
    [request({ authority: null }, ["host", "user@example.com"])],
  ],
  [
    ":authority that is empty or no host with a port",
    "RFC 9113 section 8.3.1",
    authorities(
      "",
      ":443",
      "a/",
      "a?x",
      "a#x",
      "a b",
      "a\\b",
      "a:80:80",
      "a:http",
      "[::1",
      "::1]",
      "\u00e9",
      "a\tb",
    ),
  ],
  [
    "host that is another than :authority",
    "RFC 9113 section 8.3.1",
    [
      get(["host", "example.org"]),
      get(["host", "example.com:444"]),
      get(["host", "example.com.evil"]),
      get(["host", ""]),
    ],
  ],
  [
    "two host fields, even the same",
    "RFC 9112 section 3.2",
    [
      get(["host", "example.com"], ["host", "example.com"]),
      request({ authority: null }, ["host", "a"], ["host", "b"]),
    ],
  ],
  [
    "CR, LF or NUL anywhere in a value",
    "RFC 9113 section 8.2.1",
    valued("a\r\nTransfer-Encoding: chunked", "a\rb", "a\nb", "a\0b", "\r", "\n", "\0"),
  ],
  [
    "space or tab at either end of a value",
    "RFC 9113 section 8.2.1",
    valued(" a", "a ", "\ta", "a\t", " ", "\t", "  "),
  ],
  [
    "another control character in a value",
    "RFC 9110 section 5.5",
    valued(
      ...[...characters(0x01, 0x08), ...characters(0x0b, 0x0c), ...characters(0x0e, 0x1f), "\x7f"].map(
        (control) => `a${control}b`,
      ),
    ),
  ],
  ["a name without an octet", "RFC 9113 section 8.2.1", [get(["", "x"]), get(["", ""])]],
  [
    "space, colon, a control character or an octet above 0x7e in a name",
    "RFC 9113 section 8.2.1",
    named(
      "a b",
      " a",
      "a ",
      "a:b",
      "a:",
      "x: y\r\nhost",
      ...[...characters(0x00, 0x1f), ...characters(0x7f, 0xff)].map((octet) => `a${octet}`),
    ),
  ],
  [
    "a delimiter in a name",
    "RFC 9113 section 8.2.1",
    named(...Array.from('"(),/;<=>?@[\\]{}', (mark) => `a${mark}b`)),
  ],
  [
    "content-length that is no number, or a list, or beyond what can be counted",
    "RFC 9110 section 8.6",
    lengths("", "-1", "+3", "3, 3", "3,4", "0x3", "1e3", "3.0", "9223372036854775808"),
  ],
  [
    "two content-length fields that differ",
    "RFC 9110 section 8.6",
    [get(["content-length", "3"], ["content-length", "4"])],
  ],
  [
    "CONNECT with :scheme or :path, or without :authority",
    "RFC 9113 section 8.5",
    [
      request({ method: "CONNECT", authority: "example.com:443" }),
      request({ method: "CONNECT", authority: "example.com:443", path: null }),
      request({ method: "CONNECT", authority: "example.com:443", scheme: null }),
      request({ method: "CONNECT", authority: null, scheme: null, path: null }),
    ],
  ],
  [
    "CONNECT to no port, or to one that there is not",
    "RFC 9110 section 9.3.6",
    tunnels("example.com", "example.com:", "example.com:0", "example.com:65536", "[::1]", "[::1]:"),
  ],
  [
    "extended CONNECT without :scheme or :path",
    "RFC 8441 section 4",
    [{ scheme: null }, { path: null }].map((parts) => {
      const [method, ...others] = request({ ...parts, method: "CONNECT" });
      return [method as Field, [":protocol", "websocket"], ...others] as const;
    }),
  ],
  [
    ":protocol that is no name of a protocol",
    "RFC 8441 section 4",
    ["", "web socket", "a/b/c", "/"].map((protocol) => [
      [":protocol", protocol],
      ...request({ method: "CONNECT" }),
    ]),
  ],
  [
    ":protocol of another method than CONNECT",
    "RFC 8441 section 4",
    [[[":protocol", "websocket"], ...request({})]],
  ],
];

const WITH_PROTOCOL = { [SettingCodes.ENABLE_CONNECT_PROTOCOL]: 1 };

describe("a request from a client", () => {
  it.each(REFUSED)("is malformed with %s (%s)", (_rule, section, requests) => {
    for (const fields of requests) {
      const engine = server({ initialSettings: WITH_PROTOCOL });
      const events = receive(engine, headers(1, fields).endStream());
      expect(told(events)).toEqual(["StreamReset stream=1 PROTOCOL_ERROR local"]);
      expectStreamError(engine, events, 1, ErrorCodes.PROTOCOL_ERROR, section);
      expect(told(receive(engine, headers(3, get())))).toHaveLength(1);
    }
  });
});

describe("a request of our own, of which nothing is put into form", () => {
  it.each(REFUSED)("cannot go out with %s (%s)", (_rule, section, requests) => {
    for (const fields of requests) {
      const engine = client({ normalizeOutboundHeaders: false }, [[SettingCodes.ENABLE_CONNECT_PROTOCOL, 1]]);
      const error = expectMisuse(engine, () => engine.sendHeaders(1, fields), ProtocolError);
      expect(error.message).toContain(`(${section})`);
    }
  });
});

/** What is unusual and right. */
const TAKEN: readonly (readonly [rule: string, section: string, requests: readonly Fields[]])[] = [
  [
    ":scheme of which we know nothing",
    "RFC 9113 section 8.3.1",
    [...schemes("ftp", "http", "coap+tcp", "a1-b.c"), request({ scheme: "urn", authority: null })],
  ],
  ["octets above 0x7f in a value", "RFC 9110 section 5.5", valued("\u0080\u00e9\u00ff")],
  ["an empty value", "RFC 9110 section 5.5", valued("")],
  ["a tab or spaces within a value", "RFC 9110 section 5.5", valued("a \t b")],
  ["* as :path of OPTIONS", "RFC 9113 section 8.3.1", [request({ method: "OPTIONS", path: "*" })]],
  [
    "host in place of :authority",
    "RFC 9113 section 8.3.1",
    [request({ authority: null }, ["host", "example.com"])],
  ],
  [
    "host that is :authority in other words",
    "RFC 9113 section 8.3.1",
    [
      get(["host", "EXAMPLE.com"]),
      get(["host", "example.com:443"]),
      get(["host", "example.com:"]),
      request({ scheme: "http" }, ["host", "example.com:80"]),
    ],
  ],
  ["te of trailers", "RFC 9113 section 8.2.2", [get(["te", "trailers"])]],
  ["content-length of 0, or with zeros in front", "RFC 9110 section 8.6", lengths("0", "000")],
  [
    "two content-length fields that are the same",
    "RFC 9110 section 8.6",
    [get(["content-length", "0"], ["content-length", "0"])],
  ],
  [
    "a method that we do not know",
    "RFC 9110 section 9.1",
    methods("BREW", "get", "M-SEARCH", "!#$%&'*+-.^_`|~"),
  ],
  [
    "an address of IPv6 as host",
    "RFC 3986 section 3.2.2",
    authorities("[::1]", "[::1]:8443", "[fe80::1%25en0]"),
  ],
  [
    "names that objects of JavaScript have",
    "RFC 9110 section 5.1",
    named("__proto__", "constructor", "hasownproperty", "0", "9999"),
  ],
  ["CONNECT to a host and port", "RFC 9113 section 8.5", tunnels("example.com:443", "[::1]:1", "a:65535")],
  [
    "extended CONNECT where we offered it",
    "RFC 8441 section 4",
    [[[":protocol", "websocket"], ...request({ method: "CONNECT", path: "/chat" })]],
  ],
];

describe("an unusual request from a client", () => {
  it.each(TAKEN)("may have %s (%s), which the application gets as it is", (_rule, _section, requests) => {
    for (const fields of requests) {
      const engine = server({ initialSettings: WITH_PROTOCOL });
      const words = fields.map(([name, value]) => `${name}=${value}`);
      expect(told(receive(engine, headers(1, fields)))).toEqual([
        ["RequestReceived stream=1", ...words].join(" "),
      ]);
    }
  });

  it("loses http2-settings, which was for one connection of HTTP/1.1 (RFC 7540 section 3.2.1)", () => {
    const events = told(receive(server(), headers(1, get(["http2-settings", "AAMAAABk"], ["x", "y"]))));
    expect(events).toEqual([
      "RequestReceived stream=1 :method=GET :scheme=https :authority=example.com :path=/ x=y",
    ]);
  });

  it("has its cookie crumbs joined into one field (RFC 9113 section 8.2.3)", () => {
    const crumbs = get(["cookie", "a=1"], ["x", "y"], ["cookie", "b=2"], ["cookie", ""], ["cookie", "c=3"]);
    const [first] = told(receive(server(), headers(1, crumbs)));
    expect(first).toMatch(/ :path=\/ x=y cookie!=a=1; b=2; ; c=3$/);
  });
});

describe("extended CONNECT", () => {
  it("is malformed where we did not offer it (RFC 8441 section 4)", () => {
    const engine = server();
    const fields: Fields = [[":protocol", "websocket"], ...request({ method: "CONNECT" })];
    const events = receive(engine, headers(1, fields));
    expectStreamError(engine, events, 1, ErrorCodes.PROTOCOL_ERROR, "RFC 8441 section 4");
  });
});
