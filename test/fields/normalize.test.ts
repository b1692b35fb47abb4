import { describe, expect, it } from "vitest";
import { MessageFacts } from "../../src/fields/message-facts.ts";
import { MessageKind } from "../../src/fields/message-kind.ts";
import { type HeaderInput, joinCookies, prepareOutbound, withoutField } from "../../src/fields/normalize.ts";
import { checkOutboundFields } from "../../src/fields/validate.ts";
import { HeaderField } from "../../src/hpack/header-field.ts";
import { fieldsOf, okWith, type Pair } from "./support.ts";

const NORMALIZE = { normalize: true, splitCookies: false };
const SPLIT = { normalize: true, splitCookies: true };
const AS_IS = { normalize: false, splitCookies: true };

function prepared(headers: HeaderInput, options = NORMALIZE): string[] {
  return prepareOutbound(headers, options).map(({ name, value, sensitive }) => {
    return `${name}: ${value}${sensitive ? " (sensitive)" : ""}`;
  });
}

describe("prepareOutbound with normalisation", () => {
  it("lower-cases names (RFC 9113 section 8.2)", () => {
    const headers: Pair[] = [
      ["Content-Type", "Text/Plain"],
      ["ETag", "A"],
      ["X-Own-NAME", "B"],
      [":Path", "/C"],
    ];
    expect(prepared(headers)).toEqual(["content-type: Text/Plain", "etag: A", "x-own-name: B", ":path: /C"]);
  });

  it("trims spaces and tabs around names and values (RFC 9113 section 8.2.1)", () => {
    expect(
      prepared([
        [" x-foo\t", "\t a \t b  "],
        ["Server", " x"],
        ["y", " \t "],
      ]),
    ).toEqual(["x-foo: a \t b", "server: x", "y: "]);
  });

  it("leaves a line break at the end for the check to refuse (RFC 9113 section 8.2.1)", () => {
    expect(prepared([["x-foo", "a\r\n"]])).toEqual(["x-foo: a\r\n"]);
  });

  it("drops what belongs to an HTTP/1.1 connection (RFC 9113 section 8.2.2)", () => {
    const names = ["Connection", "proxy-connection", "Keep-Alive", "transfer-encoding", " UPGRADE "];
    expect(prepared(names.map((name): Pair => [name, "x"]))).toEqual([]);
    expect(
      prepared([
        ["HTTP2-Settings", "AAMAAABk"],
        ["te", "trailers"],
      ]),
    ).toEqual(["te: trailers"]);
  });

  it("keeps credentials out of compression (RFC 7541 section 7.1.3)", () => {
    expect(
      prepared([
        ["Authorization", "Basic eA=="],
        ["proxy-authorization", "x".repeat(30)],
      ]),
    ).toEqual([
      "authorization: Basic eA== (sensitive)",
      `proxy-authorization: ${"x".repeat(30)} (sensitive)`,
    ]);
  });

  it("keeps cookies of fewer than 20 octets out of compression (RFC 7541 section 7.1.3)", () => {
    expect(
      prepared([
        ["cookie", "a".repeat(19)],
        ["Cookie", "b".repeat(20)],
      ]),
    ).toEqual([`cookie: ${"a".repeat(19)} (sensitive)`, `cookie: ${"b".repeat(20)}`]);
  });

  it("splits cookies where that is asked for (RFC 9113 section 8.2.3)", () => {
    const headers: Pair[] = [["cookie", `a=1; b=${"2".repeat(20)}; ; c=3; `]];
    expect(prepared(headers, SPLIT)).toEqual([
      "cookie: a=1 (sensitive)",
      `cookie: b=${"2".repeat(20)}`,
      "cookie: c=3 (sensitive)",
    ]);
    expect(prepared([["cookie", "a=1; b=2"]])).toEqual(["cookie: a=1; b=2 (sensitive)"]);
    expect(prepared([["cookie", "a=1;b=2"]], SPLIT)).toEqual(["cookie: a=1;b=2 (sensitive)"]);
  });

  it("keeps a field sensitive that came so", () => {
    const fields = [new HeaderField("X-Key", "1", true), new HeaderField("cookie", "c".repeat(40), true)];
    expect(prepared(fields)).toEqual(["x-key: 1 (sensitive)", `cookie: ${"c".repeat(40)} (sensitive)`]);
  });

  it("uses a HeaderField as it is if nothing changes", () => {
    const fields = [
      ...fieldsOf([
        [":status", "200"],
        ["x-foo", "1"],
        ["cookie", "c".repeat(20)],
      ]),
      new HeaderField("authorization", "x", true),
    ];
    const sent = prepareOutbound(fields, SPLIT);
    for (const [index, field] of fields.entries()) expect(sent[index]).toBe(field);
  });

  it("gives the same field for the same pair again, but for secrets and long values", () => {
    const again = (pair: Pair) => {
      const [first] = prepareOutbound([pair], NORMALIZE);
      const [second] = prepareOutbound([pair], NORMALIZE);
      return first === second;
    };
    expect(again(["server", "h2wire"])).toBe(true);
    expect(again(["Server", "h2wire"])).toBe(true);
    for (const name of ["cookie", "set-cookie", "authorization"]) expect(again([name, "secret"])).toBe(false);
    expect(again(["location", "x".repeat(128)])).toBe(true);
    expect(again(["location", "x".repeat(129)])).toBe(false);
  });

  it("never gives the value of one message to another", () => {
    for (const value of ["1", "2", "", "1", "\u00e9", " 2", "2"]) {
      expect(
        prepared([
          ["server", value],
          ["SERVER", value],
        ]),
      ).toEqual(Array(2).fill(`server: ${value.trim()}`));
    }
  });
});

describe("prepareOutbound without normalisation", () => {
  it("changes nothing", () => {
    const headers: Pair[] = [
      ["Content-Type", " a "],
      ["connection", "close"],
      ["cookie", "a=1; b=2"],
      ["authorization", "x"],
    ];
    expect(prepared(headers, AS_IS)).toEqual(headers.map(([name, value]) => `${name}: ${value}`));
  });
});

describe("prepareOutbound", () => {
  it("takes any iterable of pairs and fields", () => {
    const expected = ["a: 1", "b: 2"];
    expect(prepared([["a", "1"], new HeaderField("b", "2")])).toEqual(expected);
    expect(
      prepared(
        new Map([
          ["a", "1"],
          ["b", "2"],
        ]),
      ),
    ).toEqual(expected);
    expect(prepared(new Headers({ a: "1", b: "2" }))).toEqual(expected);
    expect(
      prepared(
        new Set(
          fieldsOf([
            ["a", "1"],
            ["b", "2"],
          ]),
        ).values(),
      ),
    ).toEqual(expected);
  });

  it("refuses a character above U+00FF in a name or value, whatever else is wrong", () => {
    const pairs: Pair[] = [
      ["x-\u0130", "1"],
      ["X-Name", "\u20ac\n"],
      ["connection", "\u0100"],
      ["server", "\u2026"],
      ["\u212a", ""],
    ];
    for (const pair of pairs) {
      for (const options of [NORMALIZE, SPLIT, AS_IS]) {
        expect(() => prepareOutbound([pair], options)).toThrow(TypeError);
        expect(() => prepareOutbound(fieldsOf([pair]), options)).toThrow("above U+00FF");
      }
    }
    expect(() => prepareOutbound([["x-city", "K\u014dbe"]], NORMALIZE)).toThrow('header field "x-city"');
  });

  it("refuses an entry that is no pair of strings", () => {
    const entries: unknown[] = [["a"], ["a", 1], [1, "a"], "ab", null, { name: "a", value: "b" }];
    for (const entry of entries) {
      expect(() => prepareOutbound([entry] as unknown as HeaderInput, NORMALIZE)).toThrow(
        new TypeError("a header field must be a HeaderField or a pair of strings, [name, value]"),
      );
    }
  });

  it("leaves a verdict in each field that the check agrees with", () => {
    const fields = prepareOutbound(okWith(["Content-Length", " 5 "], ["X-Foo", "1"]), NORMALIZE);
    const verdicts = fields.map((field) => field.verdict);
    expect(checkOutboundFields(fields, MessageKind.RESPONSE, new MessageFacts())).toBeNull();
    expect(fields.map((field) => field.verdict)).toEqual(verdicts);
  });
});

describe("joinCookies", () => {
  it("joins all cookie fields into one at the end, never indexed (RFC 9113 section 8.2.3)", () => {
    const fields = fieldsOf([
      ["cookie", "a=1"],
      ["x", "y"],
      ["cookie", "b=2; c=3"],
      ["z", ""],
      ["cookie", "d=4"],
    ]);
    expect(prepared(joinCookies(fields), AS_IS)).toEqual([
      "x: y",
      "z: ",
      "cookie: a=1; b=2; c=3; d=4 (sensitive)",
    ]);
  });

  it("does so with a single one too, as the field may be passed on", () => {
    const fields = fieldsOf([
      ["cookie", "a=1"],
      ["x", "y"],
    ]);
    expect(prepared(joinCookies(fields), AS_IS)).toEqual(["x: y", "cookie: a=1 (sensitive)"]);
  });

  it("gives the list itself if there is no cookie", () => {
    const fields = fieldsOf([["x", "y"]]);
    expect(joinCookies(fields)).toBe(fields);
  });

  it("undoes the splitting of cookies", () => {
    const crumbs = prepareOutbound([["cookie", "a=1; b=2; c=3"]], SPLIT);
    expect(joinCookies(crumbs)[0]?.value).toBe("a=1; b=2; c=3");
  });
});

describe("withoutField", () => {
  it("leaves out all fields of the name", () => {
    const fields = fieldsOf([
      ["http2-settings", "a"],
      ["x", "y"],
      ["http2-settings", "b"],
    ]);
    expect(prepared(withoutField(fields, "http2-settings"), AS_IS)).toEqual(["x: y"]);
  });
});
