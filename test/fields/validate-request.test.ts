import { describe, expect, it } from "vitest";
import { connectTo, getBut, getWith, getWithout, type Pair, promise, request, WEBSOCKET } from "./support.ts";

describe("a request", () => {
  it("has :method, :scheme and :path (RFC 9113 section 8.3.1)", () => {
    for (const name of [":method", ":scheme", ":path"]) {
      const fault = request(getWithout(name)).fault;
      expect(fault).toEqual({ reason: `a request must have ${name}`, section: "RFC 9113 section 8.3.1" });
    }
  });

  it("has no :status (RFC 9113 section 8.3)", () => {
    expect(request([[":status", "200"], ...getWith()]).fault?.reason).toBe("a request may not have :status");
  });

  it("has no :protocol unless it is a CONNECT (RFC 8441 section 4)", () => {
    const fault = request([[":protocol", "websocket"], ...getWith()]).fault;
    expect(fault).toEqual({ reason: "a request may not have :protocol", section: "RFC 8441 section 4" });
  });

  it("takes its pseudo-header fields in any order (RFC 9113 section 8.3)", () => {
    expect(request(getWith().reverse()).fault).toBeNull();
  });
});

describe(":method", () => {
  it("is a token (RFC 9110 section 9.1)", () => {
    expect(request(getBut(":method", "PROPFIND")).fault).toBeNull();
    expect(request(getBut(":method", "m-search")).fault).toBeNull();
    expect(request(getBut(":method", "!#$%&'*+-.^_`|~09")).fault).toBeNull();
  });

  it("is not empty and has no space, line break or delimiter (RFC 9110 section 9.1)", () => {
    for (const value of ["", "G ET", "GET / HTTP/1.1", "GET(", "GET\r\n", "G\u00c9T"]) {
      expect(request(getBut(":method", value)).fault?.reason).toMatch(/is no token|CR, LF or NUL/);
    }
  });
});

describe(":scheme", () => {
  it("may be any URI scheme, not only http and https (RFC 9113 section 8.3.1)", () => {
    for (const value of ["http", "https", "HTTPS", "ftp", "coap+tcp", "x-1.0"]) {
      expect(request(getBut(":scheme", value)).fault).toBeNull();
    }
  });

  it("begins with a letter and has only letters, digits and three marks (RFC 3986 section 3.1)", () => {
    for (const value of ["", "ht tp", "http://evil/?", "1http", "+a", "http:", "h\u00e4"]) {
      expect(request(getBut(":scheme", value)).fault?.reason).toContain(":scheme");
    }
  });
});

describe(":path", () => {
  it("is a path and perhaps a query (RFC 9113 section 8.3.1)", () => {
    for (const value of ["/", "//double", "/a/b?c=d&e=/f?g", '/%20"<>[]{}|\\^`', "/?"]) {
      expect(request(getBut(":path", value)).fault).toBeNull();
    }
  });

  it("is not empty (RFC 9113 section 8.3.1)", () => {
    expect(request(getBut(":path", "")).fault?.reason).toBe('":path" is empty');
  });

  it("begins with a slash: a whole URI, a query or a name alone is refused (RFC 9113 section 8.3.1)", () => {
    for (const value of ["http://example.org/", "index.html", "?a=b", "**"]) {
      expect(request(getBut(":path", value)).fault?.reason).toContain('neither begins with "/"');
    }
  });

  it("is an asterisk only for OPTIONS (RFC 9113 section 8.3.1)", () => {
    const options = getBut(":path", "*").map(
      (pair): Pair => (pair[0] === ":method" ? [":method", "OPTIONS"] : pair),
    );
    expect(request(options).fault).toBeNull();
    expect(request(getBut(":path", "*")).fault).toEqual({
      reason: ':path is "*", which is only for OPTIONS',
      section: "RFC 9113 section 8.3.1",
    });
  });

  it("has no white space, control character or fragment (RFC 9113 section 10.3)", () => {
    for (const value of [
      "/a b",
      "/a\tb",
      "/a\x01",
      "/\x7f",
      "/a#b",
      "/ HTTP/1.1\r\nhost: evil",
      "/\0",
      "/a ",
    ]) {
      expect(request(getBut(":path", value), { allowControlCharacters: true }).fault).not.toBeNull();
    }
  });

  it("is ASCII unless other octets are allowed (RFC 3986 section 2)", () => {
    const pairs = getBut(":path", "/caf\xc3\xa9");
    expect(request(pairs).fault?.reason).toContain("above 0x7f");
    expect(request(pairs, { allowNonAsciiPath: true }).fault).toBeNull();
    expect(request(getBut(":path", "/\xc3 x"), { allowNonAsciiPath: true }).fault).not.toBeNull();
  });
});

describe(":authority", () => {
  it("is a host, perhaps with a port (RFC 9113 section 8.3.1)", () => {
    for (const value of [
      "example.org",
      "example.org:8443",
      "127.0.0.1:80",
      "[::1]",
      "[2001:db8::1]:443",
      "a_b.c:",
    ]) {
      expect(request(getBut(":authority", value)).fault).toBeNull();
    }
  });

  it("is not empty (RFC 9113 section 8.3.1)", () => {
    expect(request(getBut(":authority", "")).fault?.reason).toBe('":authority" is empty');
  });

  it("has no user information (RFC 9113 section 8.3.1)", () => {
    for (const value of ["user@example.org", "user:secret@example.org", "@example.org"]) {
      expect(request(getBut(":authority", value)).fault?.reason).toContain("user information");
    }
  });

  it("has no octet that ends or splits a host (RFC 9113 section 10.3)", () => {
    for (const value of ["a/b", "a?b", "a#b", "a b", "a\\b", "a\r\nb", 'a"b', "a<b", "\u00e9", "a,b c"]) {
      expect(request(getBut(":authority", value)).fault).not.toBeNull();
    }
  });

  it("has one port of digits, and brackets only around an address (RFC 3986 section 3.2)", () => {
    for (const value of [
      ":80",
      "a:b",
      "a:1:2",
      "::1",
      "[::1",
      "::1]",
      "[::1]80",
      "[::1]:x",
      "a[b]",
      "a[b",
      "a]b",
      "a:8[0",
    ]) {
      expect(request(getBut(":authority", value)).fault?.reason).toContain("no host with an optional port");
    }
  });

  it("may be missing if there is a host field (RFC 9113 section 8.3.1)", () => {
    const outcome = request([...getWithout(":authority"), ["host", "example.org"]]);
    expect(outcome.fault).toBeNull();
    expect(outcome.facts).toMatchObject({ authority: "", host: "example.org" });
  });

  it("or host is there for http and https (RFC 9113 section 8.3.1)", () => {
    for (const scheme of ["http", "https", "Http", "HTTPS"]) {
      const pairs: Pair[] = [
        [":method", "GET"],
        [":scheme", scheme],
        [":path", "/"],
      ];
      expect(request(pairs).fault).toEqual({
        reason: "a request has neither :authority nor host",
        section: "RFC 9113 section 8.3.1",
      });
      expect(request([...pairs, ["host", ""]]).fault?.reason).toContain("neither :authority nor host");
    }
  });

  it("may be missing for a scheme whose URIs have none (RFC 9113 section 8.3.1)", () => {
    expect(
      request([
        [":method", "GET"],
        [":scheme", "urn"],
        [":path", "/x"],
      ]).fault,
    ).toBeNull();
  });
});

describe("host", () => {
  it("comes once (RFC 9112 section 3.2)", () => {
    const pairs = getWith(["host", "example.org"], ["host", "example.org"]);
    expect(request(pairs).fault?.section).toBe("RFC 9112 section 3.2");
  });

  it("names the host of :authority (RFC 9113 section 8.3.1)", () => {
    expect(request(getWith(["host", "example.org"])).fault).toBeNull();
    for (const value of ["example.com", "", "example.org.", "example.org:8443"]) {
      expect(request(getWith(["host", value])).fault).toEqual({
        reason: `host "${value}" differs from :authority "example.org"`,
        section: "RFC 9113 section 8.3.1",
      });
    }
  });

  it("is the same in the other case of letters (RFC 9110 section 4.2.3)", () => {
    expect(request(getWith(["host", "EXAMPLE.org"])).fault).toBeNull();
  });

  it("is the same with the scheme's own port (RFC 9110 section 4.2.3)", () => {
    expect(request(getWith(["host", "example.org:443"])).fault).toBeNull();
    expect(request(getWith(["host", "example.org:0443"])).fault).toBeNull();
    expect(request(getWith(["host", "example.org:00443"])).fault).toBeNull();
    expect(request(getWith(["host", "example.org:4403"])).fault).not.toBeNull();
    expect(request(getWith(["host", "example.org:"])).fault).toBeNull();
    expect(request(getWith(["host", "example.org:80"])).fault).not.toBeNull();
    expect(request([...getBut(":scheme", "http"), ["host", "example.org:80"]]).fault).toBeNull();
  });

  it("keeps its port where the scheme has none of its own (RFC 9110 section 4.2.3)", () => {
    const pairs = getBut(":scheme", "coap");
    expect(request([...pairs, ["host", "Example.org"]]).fault).toBeNull();
    expect(request([...pairs, ["host", "example.org:443"]]).fault).not.toBeNull();
  });

  it("is a host with an optional port (RFC 9110 section 7.2)", () => {
    for (const value of ["user@example.org", "a/b", "a b", "a\x01b"]) {
      const pairs: Pair[] = [...getWithout(":authority"), ["host", value]];
      expect(request(pairs, { allowControlCharacters: true }).fault?.reason).toContain('"host"');
    }
  });
});

describe("a CONNECT request", () => {
  it("has :method and :authority alone (RFC 9113 section 8.5)", () => {
    const outcome = request(connectTo("example.org:443"));
    expect(outcome.fault).toBeNull();
    expect(outcome.facts).toMatchObject({ isConnect: true, method: "CONNECT", protocol: "" });
  });

  it("has no :scheme and no :path (RFC 9113 section 8.5)", () => {
    for (const pair of [[":scheme", "https"] as const, [":path", "/"] as const]) {
      const fault = request([pair, ...connectTo("example.org:443")]).fault;
      expect(fault).toEqual({
        reason: `a CONNECT request may not have ${pair[0]}`,
        section: "RFC 9113 section 8.5",
      });
    }
  });

  it("has :authority, which a host field does not replace (RFC 9113 section 8.5)", () => {
    const fault = request([
      [":method", "CONNECT"],
      ["host", "example.org:443"],
    ]).fault;
    expect(fault?.reason).toBe("a CONNECT request must have :authority");
  });

  it("names a port, 1 to 65535 (RFC 9110 section 9.3.6)", () => {
    for (const authority of ["example.org", "example.org:", "[::1]", "a:0", "a:65536"]) {
      expect(request(connectTo(authority)).fault).toEqual({
        reason: ":authority of a CONNECT request must name a port, 1 to 65535",
        section: "RFC 9110 section 9.3.6",
      });
    }
    for (const authority of ["[::1]:443", "a:1", "a:65535"]) {
      expect(request(connectTo(authority)).fault).toBeNull();
    }
  });

  it("is one in upper case only, as methods are case-sensitive (RFC 9110 section 9.1)", () => {
    expect(
      request([
        [":method", "connect"],
        [":authority", "example.org:443"],
      ]).fault?.reason,
    ).toContain("must have");
  });
});

describe("an extended CONNECT", () => {
  it("has :protocol, :scheme and :path, and needs no port (RFC 8441 section 4)", () => {
    const outcome = request(WEBSOCKET);
    expect(outcome.fault).toBeNull();
    expect(outcome.facts).toMatchObject({ isConnect: true, protocol: "websocket", path: "/chat" });
  });

  it("has :scheme and :path (RFC 8441 section 4)", () => {
    for (const name of [":scheme", ":path"]) {
      const fault = request(WEBSOCKET.filter((pair) => pair[0] !== name)).fault;
      expect(fault).toEqual({
        reason: `an extended CONNECT must have ${name}`,
        section: "RFC 8441 section 4",
      });
    }
  });

  it("names a protocol as Upgrade does (RFC 8441 section 4)", () => {
    const withProtocol = (value: string) =>
      WEBSOCKET.map((pair): Pair => (pair[0] === ":protocol" ? [pair[0], value] : pair));
    for (const value of ["connect-udp", "TLS/1.0"]) expect(request(withProtocol(value)).fault).toBeNull();
    for (const value of ["", "a b", "a/b/c", "/1", "a/", "a,b"]) {
      expect(request(withProtocol(value)).fault?.reason).toContain(":protocol");
    }
  });
});

describe("a promised request", () => {
  it("is a whole request without content (RFC 9113 section 8.4.1)", () => {
    expect(promise(getWith(["content-length", "0"])).fault).toBeNull();
    for (const [name] of getWith())
      expect(promise(getWithout(name)).fault?.section).toBe("RFC 9113 section 8.4.1");
  });

  it("has :authority, which a host field does not replace (RFC 9113 section 8.4)", () => {
    expect(promise([...getWithout(":authority"), ["host", "example.org"]]).fault?.reason).toContain(
      ":authority",
    );
  });

  it("has a method that is safe and cacheable (RFC 9113 section 8.4)", () => {
    expect(promise(getBut(":method", "HEAD")).fault).toBeNull();
    for (const method of ["POST", "OPTIONS", "TRACE", "get", "CONNECT"]) {
      expect(promise(getBut(":method", method)).fault?.reason).toContain("is a GET or HEAD");
    }
  });

  it("announces no content (RFC 9113 section 8.4)", () => {
    expect(promise(getWith(["content-length", "5"])).fault).toEqual({
      reason: "a promised request has no content",
      section: "RFC 9113 section 8.4",
    });
  });

  it("is held to the rules for any request too (RFC 9113 section 8.4)", () => {
    expect(promise(getWith(["host", "example.com"])).fault?.reason).toContain("differs from :authority");
  });
});
