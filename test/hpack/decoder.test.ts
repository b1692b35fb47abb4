import { describe, expect, it } from "vitest";
import { Decoder, FieldListTooLarge, HpackFault } from "../../src/hpack/index.ts";
import { decoded, octets, pairs, thrownBy } from "./support.ts";

/** "a: b" as a literal that is added, one that is not, and one that never is. */
const ADD = "40 0161 0162";
const PLAIN = "00 0161 0162";
const NEVER = "10 0161 0162";

function decode(decoder: Decoder, hex: string): [string, string][] {
  return pairs(decoder.decode(octets(hex))).map(([name, value]) => [name, value]);
}

function faultOf(decoder: Decoder, hex: string): unknown {
  return thrownBy(() => decoder.decode(octets(hex)));
}

/** Indexed field of the static table with size 32 + 7 + 3 = 42. */
const GET_SIZE = 42;
const GET = "82";

describe("representations (RFC 7541 section 6)", () => {
  it("reads an empty block as no fields", () => {
    expect(decoded("")).toEqual([]);
  });

  it("reads an indexed field from either table (section 6.1)", () => {
    expect(decoded(`82 ${ADD} be`)).toEqual([
      [":method", "GET"],
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("reads an index of more than one octet (section 6.1)", () => {
    const decoder = new Decoder();
    for (let count = 0; count < 66; count++) decode(decoder, `40 0161 01${(0x30 + count).toString(16)}`);
    expect(decode(decoder, "ff00")).toEqual([["a", "0"]]);
    expect(decode(decoder, "fe")).toEqual([["a", "1"]]);
  });

  it("adds a literal with incremental indexing (section 6.2.1)", () => {
    const decoder = new Decoder();
    expect(decode(decoder, `${ADD} 41 0163`)).toEqual([
      ["a", "b"],
      [":authority", "c"],
    ]);
    expect(pairs(decoder.dynamicTable)).toEqual([
      [":authority", "c"],
      ["a", "b"],
    ]);
    expect(decoder.tableSize).toBe(34 + 43);
  });

  it("takes a name from the dynamic table (section 6.2.1)", () => {
    expect(decoded(`${ADD} 7e 0163`)).toEqual([
      ["a", "b"],
      ["a", "c"],
    ]);
  });

  it("leaves the table alone for a literal without indexing (section 6.2.2)", () => {
    const decoder = new Decoder();
    expect(decode(decoder, `${PLAIN} 04 0163 0f0d 0164`)).toEqual([
      ["a", "b"],
      [":path", "c"],
      ["content-length", "d"],
    ]);
    expect(decoder.dynamicTable).toEqual([]);
  });

  it("marks a never-indexed literal as sensitive, and nothing else (section 6.2.3)", () => {
    const decoder = new Decoder();
    const fields = decoder.decode(octets(`${NEVER} 1f08 0163 ${PLAIN} ${ADD} 82`));
    expect(fields.map((field) => field.sensitive)).toEqual([true, true, false, false, false]);
    expect(fields[1]?.name).toBe("authorization");
    expect(pairs(decoder.dynamicTable)).toEqual([["a", "b"]]);
  });

  it("gives the very objects of the tables", () => {
    const decoder = new Decoder();
    const [added] = decoder.decode(octets(ADD));
    const [again, method] = decoder.decode(octets("be 82"));
    expect(again).toBe(added);
    expect(new Decoder().decode(octets("82"))[0]).toBe(method);
  });

  it("returns a new array each time, and keeps no hold on the block", () => {
    const decoder = new Decoder();
    const block = octets(ADD);
    const fields = decoder.decode(block);
    block.fill(0x78);
    expect(decoder.decode(octets("be"))).toEqual(fields);
    expect(decoder.decode(octets("be"))).not.toBe(fields);
  });

  it("reads a block that lies within a larger array", () => {
    const decoder = new Decoder();
    expect(pairs(decoder.decode(octets("ff 82 ff").subarray(1, 2)))).toEqual([[":method", "GET"]]);
  });

  it.each(["__proto__", "constructor", "0", ""])("reads %j like any name", (name) => {
    const text = Array.from(name, (character) => character.charCodeAt(0).toString(16)).join("");
    const literal = `40 0${name.length.toString(16)} ${text} 0162`;
    expect(decoded(`${literal} be`)).toEqual([
      [name, "b"],
      [name, "b"],
    ]);
  });

  it("gives every octet as one character", () => {
    expect(decoded("00 0161 04007f80ff")).toEqual([["a", "\u0000\u007f\u0080\u00ff"]]);
  });
});

describe("indexes (RFC 7541 section 2.3.3)", () => {
  it("refuses index 0 (section 6.1)", () => {
    const fault = new HpackFault("index 0 refers to no field", "RFC 7541 section 6.1");
    expect(faultOf(new Decoder(), "80")).toStrictEqual(fault);
  });

  it.each([
    ["be", 62],
    ["c6", 70],
    ["ff00", 127],
    ["7e 0162", 62],
    ["0f2f 0162", 62],
    ["1f2f 0162", 62],
    [`${ADD} bf`, 63],
  ])("refuses an index beyond both tables: %s", (hex, index) => {
    const fault = new HpackFault(`index ${index} is beyond both tables`, "RFC 7541 section 2.3.3");
    expect(faultOf(new Decoder(), hex)).toStrictEqual(fault);
  });

  it("refuses the index of an evicted entry", () => {
    const decoder = new Decoder();
    decode(decoder, `${ADD} ${ADD}`);
    expect(decode(decoder, "be bf")).toHaveLength(2);
    const fault = new HpackFault("index 63 is beyond both tables", "RFC 7541 section 2.3.3");
    expect(faultOf(decoder, "3f04 be bf")).toStrictEqual(fault);
  });

  it.each(["40", "4001", "40 0161", "40 0161 01", "41", "00", "10 0161", "0f", "0f0d", "ff", "3f"])(
    "refuses a block that ends within a field: %s",
    (hex) => {
      expect(faultOf(new Decoder(), hex)).toBeInstanceOf(HpackFault);
    },
  );
});

describe("the decoder's dynamic table (RFC 7541 section 4)", () => {
  it("has 4,096 octets at the start (RFC 9113 section 6.5.2)", () => {
    expect(new Decoder().tableMaxSize).toBe(4_096);
    expect(new Decoder().tableSize).toBe(0);
  });

  it("is emptied by an entry larger than itself, which is no error (section 4.4)", () => {
    const decoder = new Decoder();
    expect(decode(decoder, `3f03 ${ADD} 40 0161 020000`)).toHaveLength(2);
    expect(decoder.dynamicTable).toEqual([]);
  });

  it("gives a name from an entry that the new one evicts (section 4.4)", () => {
    const decoder = new Decoder();
    expect(decode(decoder, `3f03 ${ADD} 7e 0163`)).toEqual([
      ["a", "b"],
      ["a", "c"],
    ]);
    expect(pairs(decoder.dynamicTable)).toEqual([["a", "c"]]);
  });
});

describe("size updates (RFC 7541 sections 4.2 and 6.3)", () => {
  it("change the table at the start of a block", () => {
    const decoder = new Decoder();
    decode(decoder, ADD);
    expect(decode(decoder, "3f03 be")).toEqual([["a", "b"]]);
    expect(decoder.tableMaxSize).toBe(34);
    expect(decode(decoder, "20")).toEqual([]);
    expect(decoder.tableMaxSize).toBe(0);
    expect(decoder.dynamicTable).toEqual([]);
  });

  it("may be several at the start of a block", () => {
    const decoder = new Decoder();
    decode(decoder, ADD);
    expect(decode(decoder, `20 3fe11f ${ADD}`)).toEqual([["a", "b"]]);
    expect(decoder.tableMaxSize).toBe(4_096);
    expect(decoder.dynamicTable).toHaveLength(1);
  });

  it.each(["82 20", `${PLAIN} 3fe11f`, "20 82 20"])("may not stand behind a field: %s", (hex) => {
    const reason = "a size update does not stand at the beginning of the block";
    expect(faultOf(new Decoder(), hex)).toStrictEqual(new HpackFault(reason, "RFC 7541 section 4.2"));
  });

  it("may not stand behind a field that is not stored any more", () => {
    const reason = "a size update does not stand at the beginning of the block";
    const fault = new HpackFault(reason, "RFC 7541 section 4.2");
    expect(faultOf(new Decoder({ maxFields: 1 }), "82 82 20")).toStrictEqual(fault);
  });

  it("may not go beyond what we announced (section 6.3)", () => {
    const reason = "a size update to 4097 is beyond the announced 4096";
    const fault = new HpackFault(reason, "RFC 7541 section 6.3");
    expect(faultOf(new Decoder(), "3fe21f")).toStrictEqual(fault);
    const decoder = new Decoder();
    decoder.setMaxTableSize(4_097);
    expect(decode(decoder, "3fe21f")).toEqual([]);
    expect(decoder.tableMaxSize).toBe(4_097);
  });

  it("need not be as large as we announced", () => {
    const decoder = new Decoder();
    decoder.setMaxTableSize(65_536);
    expect(decode(decoder, `3f45 ${ADD}`)).toEqual([["a", "b"]]);
    expect(decoder.tableMaxSize).toBe(100);
  });

  it("must follow when we announce less than the table in use (section 4.2)", () => {
    const fault = new HpackFault(
      "the block does not begin with a size update to 100 or less",
      "RFC 7541 section 4.2",
    );
    for (const block of ["", "82", ADD]) {
      const decoder = new Decoder();
      decoder.setMaxTableSize(100);
      expect(faultOf(decoder, block)).toStrictEqual(fault);
    }
    const decoder = new Decoder();
    decoder.setMaxTableSize(100);
    expect(decode(decoder, "3f45 82")).toEqual([[":method", "GET"]]);
    expect(decode(decoder, "82")).toEqual([[":method", "GET"]]);
  });

  it("must tell the smallest size in between, too (section 4.2)", () => {
    const missing = new Decoder();
    missing.setMaxTableSize(0);
    missing.setMaxTableSize(4_096);
    expect(faultOf(missing, "3fe11f 82")).toStrictEqual(
      new HpackFault("the block does not begin with a size update to 0 or less", "RFC 7541 section 4.2"),
    );
    const told = new Decoder();
    told.setMaxTableSize(0);
    told.setMaxTableSize(4_096);
    expect(decode(told, "20 3fe11f 82")).toEqual([[":method", "GET"]]);
  });

  it("need not follow when the table in use is no larger", () => {
    const decoder = new Decoder();
    decode(decoder, "3f45");
    decoder.setMaxTableSize(100);
    expect(decode(decoder, "82")).toEqual([[":method", "GET"]]);
  });
});

describe("limits of the decoder", () => {
  it("has defaults", () => {
    const { maxListSize, maxFields, hardListSize, hardFields } = new Decoder();
    expect([maxListSize, maxFields, hardListSize, hardFields]).toEqual([65_536, 384, 131_072, 1_000]);
    expect(new Decoder({ maxListSize: 1_000 }).hardListSize).toBe(2_000);
    expect(new Decoder({ maxListSize: 1_000, hardListSize: 1_500 }).hardListSize).toBe(1_500);
  });

  it("stores fields up to maxListSize, counted as RFC 9113 section 6.5.2 does", () => {
    const decoder = new Decoder({ maxListSize: 2 * GET_SIZE });
    expect(decode(decoder, GET.repeat(2))).toHaveLength(2);
    expect(decoder.truncated).toBe(false);
    expect(decode(decoder, GET.repeat(3))).toHaveLength(2);
    expect(decoder.truncated).toBe(true);
  });

  it("stores maxFields fields", () => {
    const decoder = new Decoder({ maxFields: 2 });
    expect(decode(decoder, GET.repeat(2))).toHaveLength(2);
    expect(decoder.truncated).toBe(false);
    expect(decode(decoder, GET.repeat(3))).toHaveLength(2);
    expect(decoder.truncated).toBe(true);
  });

  it("has truncated nothing before the first block", () => {
    expect(new Decoder().truncated).toBe(false);
  });

  it("says of each block anew whether it was truncated", () => {
    const decoder = new Decoder({ maxFields: 1 });
    decode(decoder, GET.repeat(2));
    decode(decoder, GET);
    expect(decoder.truncated).toBe(false);
  });

  it("stores no later field that would still fit", () => {
    const decoder = new Decoder({ maxListSize: 50 });
    const large = `00 0161 14 ${"62".repeat(20)}`;
    expect(decode(decoder, `${large} ${PLAIN}`)).toEqual([]);
    expect(decoder.truncated).toBe(true);
  });

  it("keeps the table in step with the fields that it does not store", () => {
    const decoder = new Decoder({ maxFields: 1 });
    decode(decoder, `82 ${PLAIN} ${ADD} ${NEVER} 44 811f`);
    expect(pairs(decoder.dynamicTable)).toEqual([
      [":path", "a"],
      ["a", "b"],
    ]);
    expect(decode(decoder, "bf")).toEqual([["a", "b"]]);
  });

  it("counts a name that a table has among the fields that it does not store", () => {
    const path = "04 0162";
    const size = GET_SIZE + 5 + 1 + 32;
    const exact = new Decoder({ maxFields: 1, hardListSize: size });
    expect(decode(exact, `82 ${path}`)).toHaveLength(1);
    const less = new Decoder({ maxFields: 1, hardListSize: size - 1 });
    expect(faultOf(less, `82 ${path}`)).toBeInstanceOf(FieldListTooLarge);
  });

  it.each([
    ["an index beyond the tables", "82 82 be"],
    ["index 0", "82 82 80"],
    ["a name index beyond the tables", "82 82 0f2f 0162"],
    ["a cut literal", "82 82 00 0161"],
    ["bad Huffman padding", "82 82 00 0161 81ff"],
  ])("still refuses %s among the fields that it does not store", (_, hex) => {
    expect(faultOf(new Decoder({ maxFields: 1 }), hex)).toBeInstanceOf(HpackFault);
  });

  it("stops at hardListSize with FieldListTooLarge", () => {
    const decoder = new Decoder({ maxListSize: GET_SIZE, hardListSize: 3 * GET_SIZE });
    expect(decode(decoder, GET.repeat(3))).toHaveLength(1);
    expect(faultOf(decoder, GET.repeat(4))).toStrictEqual(
      new FieldListTooLarge("the size of a field section exceeds 126", "RFC 9113 section 10.5.1"),
    );
  });

  it("stops at hardFields with FieldListTooLarge", () => {
    const decoder = new Decoder({ maxFields: 1, hardFields: 3 });
    expect(decode(decoder, GET.repeat(3))).toHaveLength(1);
    expect(faultOf(decoder, GET.repeat(4))).toStrictEqual(
      new FieldListTooLarge("the number of fields of a field section exceeds 3", "RFC 9113 section 10.5.1"),
    );
  });

  it("counts literals of every kind against the hard limits, with all their octets", () => {
    const size = 34;
    for (const literal of [PLAIN, NEVER, ADD, "00 811f 811f"]) {
      const exact = new Decoder({ maxFields: 0, hardListSize: 2 * size });
      expect(decode(exact, literal.repeat(2))).toEqual([]);
      const less = new Decoder({ maxFields: 0, hardListSize: 2 * size - 1 });
      expect(faultOf(less, literal.repeat(2))).toBeInstanceOf(FieldListTooLarge);
    }
  });

  it("takes a soft limit above the hard one for the hard one", () => {
    const bySize = new Decoder({ maxListSize: 1_000, hardListSize: GET_SIZE });
    expect(bySize.maxListSize).toBe(GET_SIZE);
    expect(faultOf(bySize, GET.repeat(2))).toBeInstanceOf(FieldListTooLarge);
    const byCount = new Decoder({ hardFields: 1 });
    expect(byCount.maxFields).toBe(1);
    expect(faultOf(byCount, GET.repeat(2))).toBeInstanceOf(FieldListTooLarge);
    expect(new Decoder({ maxFields: 5_000 }).hardFields).toBe(5_000);
  });

  it("may be changed between blocks", () => {
    const decoder = new Decoder();
    decoder.maxFields = 1;
    expect(decode(decoder, GET.repeat(2))).toHaveLength(1);
    decoder.maxFields = 2;
    expect(decode(decoder, GET.repeat(2))).toHaveLength(2);
  });

  it("does not unfold an HPACK bomb: one large entry, and a block of references to it", () => {
    const decoder = new Decoder();
    decode(decoder, `40 0161 7fa11e ${"62".repeat(4_000)}`);
    expect(decoder.tableSize).toBe(4_033);
    expect(decode(decoder, "be".repeat(20))).toHaveLength(16);
    expect(decoder.truncated).toBe(true);
    expect(faultOf(decoder, "be".repeat(16_000))).toBeInstanceOf(FieldListTooLarge);
  });
});
