import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MessageFacts } from "../../src/fields/message-facts.ts";
import { MessageKind } from "../../src/fields/message-kind.ts";
import { prepareOutbound } from "../../src/fields/normalize.ts";
import { checkFields, checkOutboundFields, readFacts } from "../../src/fields/validate.ts";
import { HeaderField } from "../../src/hpack/header-field.ts";
import { fieldsOf, type Pair } from "./support.ts";

const octets = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
const names = fc.oneof(
  fc.constantFrom(
    ":method",
    ":scheme",
    ":authority",
    ":path",
    ":protocol",
    ":status",
    ":other",
    "host",
    "te",
  ),
  fc.constantFrom(
    "cookie",
    "content-length",
    "connection",
    "priority",
    "Authorization",
    "X-Foo",
    " Upgrade",
    "",
  ),
  octets,
);
const values = fc.oneof(
  fc.constantFrom(
    "GET",
    "CONNECT",
    "https",
    "example.org",
    "/",
    "*",
    "200",
    "103",
    "0",
    "5",
    "trailers",
    "a; b",
    " x\t",
  ),
  octets,
);
const lists = fc.array(fc.tuple(names, values), { maxLength: 8 });
const kinds = fc.constantFrom(...Object.values(MessageKind));

describe("any list of fields", () => {
  it("is passed or refused without an exception, in both directions", () => {
    fc.assert(
      fc.property(lists, kinds, (pairs, kind) => {
        const facts = new MessageFacts();
        checkFields(fieldsOf(pairs), kind, facts);
        checkOutboundFields(fieldsOf(pairs), kind, facts);
        readFacts(fieldsOf(pairs), facts);
      }),
      { numRuns: 2000 },
    );
  });

  it("is judged the same again when its fields carry their verdicts", () => {
    fc.assert(
      fc.property(lists, kinds, (pairs, kind) => {
        const fields = fieldsOf(pairs);
        const first = new MessageFacts();
        const second = new MessageFacts();
        const fault = checkFields(fields, kind, first);
        expect(checkFields(fields, kind, second)).toEqual(fault);
        expect(second).toEqual(first);
      }),
      { numRuns: 1000 },
    );
  });

  it("is judged field by field without regard to the fields before, where the names are plain", () => {
    const plain = fc.array(
      fc.tuple(
        octets.map((name) => `x${name}`),
        values,
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(plain, (pairs) => {
        const together = checkFields(fieldsOf(pairs), MessageKind.TRAILERS, new MessageFacts());
        const alone = pairs.map((pair) =>
          checkFields(fieldsOf([pair]), MessageKind.TRAILERS, new MessageFacts()),
        );
        expect(together).toEqual(alone.find((fault) => fault !== null) ?? null);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("any list of pairs that was normalised", () => {
  it("has no uppercase letter in a name and no space at an edge", () => {
    fc.assert(
      fc.property(lists, (pairs) => {
        for (const { name, value } of prepareOutbound(pairs, { normalize: true, splitCookies: true })) {
          expect(name).not.toMatch(/[A-Z]|^[ \t]|[ \t]$/);
          expect(value).not.toMatch(/^[ \t]|[ \t]$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("stays as it is when it is normalised again", () => {
    const options = { normalize: true, splitCookies: true };
    fc.assert(
      fc.property(lists, (pairs) => {
        const once = prepareOutbound(pairs, options);
        const twice = prepareOutbound(once, options);
        expect(twice).toEqual(once);
      }),
      { numRuns: 1000 },
    );
  });

  it("comes out the same from pairs and from fields", () => {
    const options = { normalize: true, splitCookies: false };
    const shape = ({ name, value, sensitive }: HeaderField) => [name, value, sensitive];
    fc.assert(
      fc.property(lists, (pairs: Pair[]) => {
        const fromFields = prepareOutbound(
          pairs.map(([name, value]) => new HeaderField(name, value)),
          options,
        );
        expect(prepareOutbound(pairs, options).map(shape)).toEqual(fromFields.map(shape));
      }),
      { numRuns: 1000 },
    );
  });
});
