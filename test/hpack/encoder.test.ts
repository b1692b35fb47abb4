import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import {
  Encoder,
  type EncoderOptions,
  encodeFieldBlock,
  type HeaderField,
  Indexing,
} from "../../src/hpack/index.ts";
import { encoded, hexOf, type Pair, pairs, plainEncoder, sensitive } from "./support.ts";

function block(encoder: Encoder, ...fields: (HeaderField | Pair)[]): string {
  return hexOf(encodeFieldBlock(encoder, fields));
}

function plain(options: EncoderOptions): Encoder {
  return new Encoder({ huffman: "never", indexing: () => Indexing.add, ...options });
}

describe("representations (RFC 7541 section 6)", () => {
  it("writes no fields as no octets", () => {
    expect(encoded()).toBe("");
  });

  it("writes an index where a table has name and value (section 6.1)", () => {
    expect(encoded([":method", "GET"], ["a", "b"], ["a", "b"])).toBe("824001610162be");
  });

  it("writes an index of more than one octet (section 6.1)", () => {
    const encoder = plainEncoder();
    for (let count = 0; count < 66; count++) block(encoder, ["a", `${count}`]);
    expect(block(encoder, ["a", "1"], ["a", "0"])).toBe("feff00");
  });

  it("adds what the policy wants added (section 6.2.1)", () => {
    const encoder = plainEncoder();
    expect(block(encoder, ["a", "b"], [":authority", "c"])).toBe("4001610162410163");
    expect(pairs(encoder.dynamicTable)).toEqual([
      [":authority", "c"],
      ["a", "b"],
    ]);
    expect(encoder.tableSize).toBe(34 + 43);
  });

  it("takes a name from the dynamic table (section 6.2.1)", () => {
    expect(encoded(["a", "b"], ["a", "c"])).toBe("40016101627e0163");
  });

  it("writes without indexing what the policy does not want added (section 6.2.2)", () => {
    const encoder = plain({ indexing: () => Indexing.none });
    expect(block(encoder, ["a", "b"], [":path", "c"], ["via", "d"])).toBe("0001610162040163" + "0f2d0164");
    expect(encoder.dynamicTable).toEqual([]);
  });

  it("uses a table entry whatever the policy says", () => {
    const encoder = plain({ indexing: (field) => (field.value === "1" ? Indexing.add : Indexing.none) });
    expect(block(encoder, ["a", "1"], ["a", "1"], ["a", "2"], [":method", "GET"])).toBe(
      "4001610131" + "be" + "0f2f0132" + "82",
    );
  });

  it("writes sensitive fields never indexed (section 6.2.3)", () => {
    const encoder = plainEncoder();
    expect(block(encoder, sensitive("a", "b"))).toBe("1001610162");
    expect(encoder.dynamicTable).toEqual([]);
  });

  it("takes the name of a sensitive field from a table, but never the value (section 7.1.3)", () => {
    const encoder = plainEncoder();
    expect(block(encoder, ["a", "b"], sensitive("a", "b"))).toBe("4001610162" + "1f2f0162");
    expect(block(encoder, sensitive(":method", "GET"))).toBe("1203474554");
    expect(block(encoder, sensitive("authorization", ""))).toBe("1f0800");
  });

  it("empties the table with an entry larger than it, as the decoder does (section 4.4)", () => {
    const encoder = plain({ maxTableSize: 34 });
    block(encoder, ["a", "b"]);
    expect(block(encoder, ["a", "bc"])).toBe("7e026263");
    expect(encoder.dynamicTable).toEqual([]);
    expect(block(encoder, ["a", "b"])).toBe("4001610162");
  });

  it("Huffman codes strings where that is shorter, unless told otherwise (section 5.2)", () => {
    expect(block(new Encoder(), ["a", "302"], ["XX", "b"])).toBe("400161826402400258580162");
    expect(block(new Encoder({ huffman: "always" }), ["XX", ""])).toBe("4082fcfc80");
    expect(block(new Encoder({ huffman: "never" }), ["a", "302"])).toBe("40016103333032");
  });

  it.each(["__proto__", "constructor", "0"])("writes %j like any name", (name) => {
    const literal = block(plainEncoder(), [name, "b"]);
    expect(literal.startsWith("40")).toBe(true);
    expect(encoded([name, "b"], [name, "b"])).toBe(`${literal}be`);
  });
});

describe("a value that the policy wants to see twice", () => {
  it("is added when it comes again, and is an index from then on", () => {
    const encoder = new Encoder({ huffman: "never" });
    expect(block(encoder, ["content-length", "13"])).toBe("0f0d023133");
    expect(block(encoder, ["content-length", "13"])).toBe("5c023133");
    expect(block(encoder, ["content-length", "13"])).toBe("be");
  });

  it("is not added when others come in between", () => {
    const encoder = new Encoder({ huffman: "never" });
    for (const value of ["1", "2", "1", "2"]) {
      expect(block(encoder, ["content-length", value])).toMatch(/^0f0d/);
    }
  });

  it("is added at once under a name that no table has", () => {
    const encoder = plain({ indexing: () => Indexing.onRepeat });
    expect(block(encoder, ["a", "b"])).toBe("4001610162");
    expect(block(encoder, ["a", "c"])).toBe("0f2f0163");
    expect(block(encoder, ["a", "c"])).toBe("7e0163");
  });
});

describe("size updates (RFC 7541 section 4.2)", () => {
  it("are not written at the start, nor for the size there is", () => {
    const encoder = plain({});
    encoder.setMaxTableSize(4_096);
    expect(block(encoder, [":method", "GET"])).toBe("82");
  });

  it("are written once, before the next block's fields", () => {
    const encoder = plain({});
    encoder.setMaxTableSize(100);
    expect(block(encoder, [":method", "GET"])).toBe("3f4582");
    expect(block(encoder, [":method", "GET"])).toBe("82");
    expect(encoder.tableMaxSize).toBe(100);
  });

  it("are written before a block without fields, too", () => {
    const encoder = plain({});
    encoder.setMaxTableSize(0);
    expect(block(encoder)).toBe("20");
  });

  it("tell the smallest size and the last one", () => {
    const encoder = plain({});
    for (const size of [2_000, 0, 100, 50, 4_096]) encoder.setMaxTableSize(size);
    expect(block(encoder)).toBe("203fe11f");
  });

  it("tell one size where the last one is the smallest", () => {
    const encoder = plain({});
    for (const size of [200, 100]) encoder.setMaxTableSize(size);
    expect(block(encoder)).toBe("3f45");
  });

  it("tell the smallest size only where it is below what the peer knows", () => {
    const encoder = plain({ maxTableSize: 8_192 });
    encoder.setMaxTableSize(100);
    block(encoder);
    for (const size of [200, 300]) encoder.setMaxTableSize(size);
    expect(block(encoder)).toBe("3f8d02");
  });

  it("stay within our own cap, whatever the peer allows", () => {
    const encoder = plain({});
    encoder.setMaxTableSize(1_000_000);
    expect(encoder.tableMaxSize).toBe(4_096);
    expect(block(encoder)).toBe("");
  });

  it("tell the peer about a cap below the size at the start", () => {
    const encoder = plain({ maxTableSize: 100 });
    expect(encoder.tableMaxSize).toBe(100);
    expect(block(encoder)).toBe("3f45");
    encoder.setMaxTableSize(4_096);
    expect(block(encoder)).toBe("");
  });

  it("follow the peer beyond 4,096 where the cap allows it", () => {
    const encoder = plain({ maxTableSize: 65_536 });
    expect(encoder.tableMaxSize).toBe(4_096);
    encoder.setMaxTableSize(1_000_000);
    expect(encoder.tableMaxSize).toBe(65_536);
    expect(block(encoder)).toBe("3fe1ff03");
  });

  it("evict what has no room any more, at once", () => {
    const encoder = plain({});
    block(encoder, ["a", "b"], ["c", "d"]);
    encoder.setMaxTableSize(40);
    expect(pairs(encoder.dynamicTable)).toEqual([["c", "d"]]);
    encoder.setMaxTableSize(4_096);
    expect(block(encoder, ["c", "d"], ["a", "b"])).toBe("3f09" + "3fe11f" + "be" + "4001610162");
  });
});

describe("encode", () => {
  it("appends to what the writer is at, in one piece however long", () => {
    const writer = new ChunkWriter();
    writer.mark();
    writer.write(Uint8Array.of(1, 2, 3));
    const encoder = plain({ indexing: () => Indexing.none });
    const [field] = [sensitive("a", "b".repeat(100_000))];
    encoder.encode([field as HeaderField], writer);
    const start = writer.markPosition;
    expect(hexOf(writer.chunk.subarray(start, start + 6))).toBe("010203100161");
    expect(writer.position - start).toBe(3 + 3 + 4 + 100_000);
  });
});
