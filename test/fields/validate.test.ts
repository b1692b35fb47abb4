import { describe, expect, it } from "vitest";
import { MessageFacts } from "../../src/fields/message-facts.ts";
import { MessageKind } from "../../src/fields/message-kind.ts";
import { checkFields, DEFAULT_FIELD_RULES, readFacts } from "../../src/fields/validate.ts";
import {
  CONNECTION_FIELDS,
  fieldsOf,
  getWith,
  okWith,
  type Pair,
  received,
  request,
  response,
  trailers,
} from "./support.ts";

const heads: readonly (readonly [string, MessageKind, readonly Pair[]])[] = [
  ["a request", MessageKind.REQUEST, getWith()],
  ["a promised request", MessageKind.PUSHED_REQUEST, getWith()],
  ["a response", MessageKind.RESPONSE, okWith()],
  ["an interim response", MessageKind.INTERIM_RESPONSE, [[":status", "103"]]],
  ["trailers", MessageKind.TRAILERS, []],
];

describe.each(heads)("the fields of %s", (_, kind, head) => {
  const withField = (name: string, value: string) => received(kind, [...head, [name, value]]).fault;

  it("may be any token in lower case with any text (RFC 9113 section 8.2.1)", () => {
    expect(withField("x-!#$%&'*+-.^_`|~09", "text, more text")).toBeNull();
    expect(withField("x", "")).toBeNull();
  });

  it("have no uppercase letter in their names (RFC 9113 section 8.2.1)", () => {
    const fault = withField("x-Foo", "1");
    expect(fault?.reason).toBe('the name of field "x-Foo" has an uppercase letter');
    expect(fault?.section).toBe("RFC 9113 section 8.2.1");
  });

  it("have names that are not empty (RFC 9113 section 8.2.1)", () => {
    expect(withField("", "1")?.reason).toBe("Received header name with zero length.");
  });

  it("have no space, control character, DEL or octet above it in their names (RFC 9113 section 8.2.1)", () => {
    for (const octet of ["\0", "\t", "\n", "\r", " ", "\x1f", "\x7f", "\x80", "\xff"]) {
      expect(withField(`a${octet}b`, "1")?.section).toBe("RFC 9113 section 8.2.1");
    }
  });

  it("have no colon in their names (RFC 9113 section 8.2.1)", () => {
    expect(withField("a:b", "1")?.section).toBe("RFC 9113 section 8.2.1");
    expect(withField("x: y\r\nhost", "1")?.section).toBe("RFC 9113 section 8.2.1");
  });

  it("have nothing but token characters in their names (RFC 9110 section 5.1)", () => {
    for (const mark of '"(),/;<=>?@[\\]{}') expect(withField(`a${mark}`, "1")).not.toBeNull();
  });

  it("have no CR, LF or NUL in their values (RFC 9113 section 8.2.1)", () => {
    for (const value of ["a\r", "\na", "a\0b", "a\r\ntransfer-encoding: chunked"]) {
      expect(withField("x-foo", value)?.reason).toBe('the value of field "x-foo" has a CR, LF or NUL');
    }
  });

  it("have values without space or tab at either end (RFC 9113 section 8.2.1)", () => {
    for (const value of [" a", "a ", "\ta", "a\t", " "]) {
      expect(withField("x-foo", value)?.reason).toContain("begins or ends with a space or tab");
    }
    expect(withField("x-foo", "a \t b")).toBeNull();
  });

  it("have no other control characters in their values unless they are allowed (RFC 9110 section 5.5)", () => {
    for (const value of ["a\x01", "\x08", "a\x0bb", "\x0c", "a\x0e", "\x1f", "a\x7f"]) {
      const pairs: Pair[] = [...head, ["x-foo", value]];
      expect(received(kind, pairs).fault?.section).toBe("RFC 9110 section 5.5");
      expect(received(kind, pairs, { allowControlCharacters: true }).fault).toBeNull();
    }
  });

  it("are refused for a line breaker also where control characters are allowed (RFC 9113 section 8.2.1)", () => {
    const pairs: Pair[] = [...head, ["x-foo", "\x01a\nb"]];
    expect(received(kind, pairs, { allowControlCharacters: true }).fault?.reason).toContain("CR, LF or NUL");
  });

  it("may have octets above 0x7f in their values (RFC 9110 section 5.5)", () => {
    expect(withField("x-foo", "\x80 caf\xe9 \xff")).toBeNull();
  });

  it("are none that belong to an HTTP/1.1 connection (RFC 9113 section 8.2.2)", () => {
    for (const [name, value] of CONNECTION_FIELDS) {
      expect(withField(name, value)?.section).toBe("RFC 9113 section 8.2.2");
    }
  });

  it("have no te with a value other than trailers (RFC 9113 section 8.2.2)", () => {
    for (const value of ["gzip", "trailers, gzip", "trailers;q=1", "Trailers", ""]) {
      expect(withField("te", value)?.section).toBe("RFC 9113 section 8.2.2");
    }
  });

  it("are none that pretend to be a pseudo-header field (RFC 9113 section 8.3)", () => {
    const pairs: Pair[] = [[":version", "1.1"], ...head];
    const reason = received(kind, pairs).fault?.reason;
    if (kind === MessageKind.TRAILERS) expect(reason).toContain("pseudo-header in trailer");
    else expect(reason).toBe('":version" is no pseudo-header field that HTTP/2 knows');
  });
});

describe.each(heads.slice(0, 4))("the pseudo-header fields of %s", (_, kind, head) => {
  it("come before all regular fields (RFC 9113 section 8.3)", () => {
    const fault = received(kind, [["x-foo", "1"], ...head]).fault;
    expect(fault?.reason).toContain("comes after a regular field");
    expect(fault?.section).toBe("RFC 9113 section 8.3");
  });

  it("come once each (RFC 9113 section 8.3)", () => {
    for (const pair of head) {
      expect(received(kind, [pair, ...head]).fault?.reason).toContain("comes more than once");
    }
  });

  it("are there at all (RFC 9113 section 8.3)", () => {
    expect(received(kind, []).fault?.reason).toContain("must have");
    expect(received(kind, [["x-foo", "1"]]).fault?.reason).toContain("must have");
  });
});

describe("content-length", () => {
  it("is a decimal number (RFC 9110 section 8.6)", () => {
    expect(request(getWith(["content-length", "0"])).facts.contentLength).toBe(0);
    expect(request(getWith(["content-length", "0042"])).facts.contentLength).toBe(42);
  });

  it("has nothing but digits and is no list (RFC 9110 section 8.6)", () => {
    for (const value of ["", "-1", "+3", "3, 3", "3,3", "0x10", "1e3", "1.5", "foo", "\u00b2"]) {
      expect(request(getWith(["content-length", value])).fault?.reason).toContain(
        "Invalid content-length header",
      );
    }
  });

  it("is at most 2^53-1, the largest exact number (RFC 9110 section 8.6)", () => {
    expect(request(getWith(["content-length", "9007199254740991"])).facts.contentLength).toBe(2 ** 53 - 1);
    for (const value of ["9007199254740992", "9223372036854775808", "9".repeat(5000)]) {
      expect(request(getWith(["content-length", value])).fault?.section).toBe("RFC 9110 section 8.6");
    }
  });

  it("may be repeated with the same value unless that is off (RFC 9110 section 8.6)", () => {
    const pairs = getWith(["content-length", "15"], ["content-length", "15"]);
    expect(request(pairs).facts.contentLength).toBe(15);
    expect(request(pairs, { allowRepeatedContentLength: false }).fault?.reason).toContain("more than once");
  });

  it("does not contradict itself (RFC 9110 section 8.6)", () => {
    const pairs = getWith(["content-length", "15"], ["content-length", "16"]);
    expect(request(pairs).fault).toEqual({
      reason: "Conflicting content-length headers: 15 and 16",
      section: "RFC 9110 section 8.6",
    });
    const fromNone = getWith(["content-length", "0"], ["content-length", "16"]);
    expect(request(fromNone).fault?.reason).toBe("Conflicting content-length headers: 0 and 16");
  });
});

describe("te", () => {
  it("may say trailers (RFC 9113 section 8.2.2)", () => {
    expect(request(getWith(["te", "trailers"])).fault).toBeNull();
  });

  it("comes once, as two would be a list (RFC 9113 section 8.2.2)", () => {
    expect(request(getWith(["te", "trailers"], ["te", "trailers"])).fault?.reason).toContain(
      "more than once",
    );
  });
});

describe("the facts", () => {
  it("say what a request says", () => {
    const { facts } = request(
      getWith(["cookie", "a=1"], ["priority", "u=1"], ["cookie", "b=2"], ["content-length", "3"]),
    );
    expect(facts).toMatchObject({
      method: "GET",
      scheme: "https",
      authority: "example.org",
      path: "/",
      protocol: "",
      host: "",
      status: 0,
      contentLength: 3,
      isConnect: false,
      cookieCrumbs: 2,
      priority: "u=1",
    });
  });

  it("say the status of a response, interim ones included", () => {
    expect(response([[":status", "103"]]).facts.status).toBe(103);
    expect(response([[":status", "599"]]).facts.status).toBe(599);
  });

  it("join several priority fields to one dictionary (RFC 9218 section 5)", () => {
    expect(request(getWith(["priority", "u=1"], ["priority", "i"])).facts.priority).toBe("u=1, i");
  });

  it("count http2-settings fields, which are not refused but must not be passed on (RFC 7540 section 3.2.1)", () => {
    const outcome = request(getWith(["http2-settings", "AAMAAABk"]));
    expect(outcome.fault).toBeNull();
    expect(outcome.facts.http2SettingsFields).toBe(1);
  });

  it("forget the section before", () => {
    const facts = new MessageFacts();
    checkFields(
      fieldsOf(getWith(["host", "example.org"], ["content-length", "1"])),
      MessageKind.REQUEST,
      facts,
    );
    checkFields(fieldsOf(okWith()), MessageKind.RESPONSE, facts);
    expect(facts).toMatchObject({ ...new MessageFacts(), status: 200 });
  });
});

describe("the rules", () => {
  it("are strict unless told otherwise, but for a content-length that is only repeated (RFC 9110 section 8.6)", () => {
    expect(DEFAULT_FIELD_RULES).toEqual({
      allowControlCharacters: false,
      allowNonAsciiPath: false,
      allowRepeatedContentLength: true,
    });
  });

  it("go on for the fields behind one that is tolerated (RFC 9110 section 5.5)", () => {
    const pairs = getWith(["x-foo", "\x01"], ["connection", "close"]);
    expect(request(pairs, { allowControlCharacters: true }).fault?.reason).toContain('"connection"');
  });
});

describe("readFacts", () => {
  it("reads what there is without judging it", () => {
    const facts = new MessageFacts();
    const fields = fieldsOf([
      ["x", "\n"],
      [":method", "HEAD"],
      [":path", "no path"],
      ["te", "gzip"],
      [":unknown", ""],
      ["host", "no host"],
      ["priority", "u=1"],
    ]);
    expect(readFacts(fields, facts)).toBeNull();
    expect(facts).toMatchObject({ method: "HEAD", path: "no path", host: "no host", priority: "u=1" });
  });

  it("takes no number from a status that is none", () => {
    const facts = new MessageFacts();
    expect(readFacts(fieldsOf([[":status", "abc"]]), facts)).toBeNull();
    expect(facts.status).toBe(0);
    expect(readFacts(fieldsOf([[":status", "204"]]), facts)).toBeNull();
    expect(facts.status).toBe(204);
  });

  it("still refuses a content-length that cannot be counted by (RFC 9113 section 8.1.1)", () => {
    const facts = new MessageFacts();
    expect(readFacts(fieldsOf([["content-length", "x"]]), facts)?.reason).toContain(
      "Invalid content-length header",
    );
    const twice = fieldsOf([
      ["content-length", "15"],
      ["content-length", "16"],
    ]);
    expect(readFacts(twice, facts)?.reason).toContain("Conflicting content-length headers: 15 and 16");
  });
});

describe("trailers", () => {
  it("may be any fields that make sense behind the content (RFC 9110 section 6.5)", () => {
    expect(
      trailers([
        ["grpc-status", "0"],
        ["server-timing", "db;dur=5"],
        ["priority", "u=1"],
      ]).fault,
    ).toBeNull();
    expect(trailers([]).fault).toBeNull();
  });

  it("have no pseudo-header field (RFC 9113 section 8.1)", () => {
    for (const pair of [...getWith(), [":status", "200"] as const]) {
      const fault = trailers([["x-foo", "1"], pair]).fault;
      expect(fault?.reason).toContain("pseudo-header in trailer");
      expect(fault?.section).toBe("RFC 9113 section 8.1");
    }
  });

  it("have no field that frames, routes, authenticates or modifies a message (RFC 9110 section 6.5.1)", () => {
    const names = ["host", "authorization", "proxy-authorization", "cookie", "expect", "range"];
    for (const name of [...names, "content-encoding", "content-range", "max-forwards", "http2-settings"]) {
      expect(trailers([[name, "x"]]).fault?.section).toBe("RFC 9110 section 6.5.1");
    }
    expect(trailers([["content-length", "5"]]).fault?.section).toBe("RFC 9110 section 6.5.1");
    expect(trailers([["te", "trailers"]]).fault?.section).toBe("RFC 9110 section 6.5.1");
  });
});
