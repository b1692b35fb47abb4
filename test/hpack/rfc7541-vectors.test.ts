import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Decoder, Encoder, encodeFieldBlock, HeaderField, Indexing } from "../../src/hpack/index.ts";
import { hexOf, octets, type Pair, pairs } from "./support.ts";

interface Vector {
  max_header_table_size?: number;
  force_huffman_on?: boolean;
  use_indexing?: boolean;
  sensitive_headers?: boolean;
  header_blocks: Block[];
}

interface Block {
  max_header_table_size?: number;
  headers: Record<string, string>[];
  encoded: string[];
  dynamic_table: Record<string, string>[];
  table_size: number;
}

const folder = new URL("../vectors/hpack-rfc7541/", import.meta.url);
const vectors = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name): [string, Vector] => [
    name.replace(/\.json$/, ""),
    JSON.parse(readFileSync(new URL(name, folder), "utf8")),
  ]);

function listed(records: readonly Record<string, string>[]): Pair[] {
  return records.flatMap((record) => Object.entries(record));
}

function encoderOf(vector: Vector): Encoder {
  return new Encoder({
    huffman: vector.force_huffman_on === true ? "always" : "never",
    indexing: () => (vector.use_indexing === false ? Indexing.none : Indexing.add),
  });
}

/** Both sides with the table the file begins with, which its first block does not tell. */
function begun(vector: Vector): { encoder: Encoder; decoder: Decoder } {
  const encoder = encoderOf(vector);
  const decoder = new Decoder();
  encoder.setMaxTableSize(vector.max_header_table_size ?? 4_096);
  decoder.decode(encodeFieldBlock(encoder, []));
  return { encoder, decoder };
}

describe("the examples of RFC 7541 appendix C and more tables", () => {
  it("are all here", () => {
    expect(vectors).toHaveLength(13);
  });

  it.each(vectors)("%s is decoded, with the same table behind each block", (_, vector) => {
    const { decoder } = begun(vector);
    for (const block of vector.header_blocks) {
      expect(pairs(decoder.decode(octets(block.encoded.join(""))))).toEqual(listed(block.headers));
      expect(pairs(decoder.dynamicTable)).toEqual(listed(block.dynamic_table));
      expect(decoder.tableSize).toBe(block.table_size);
    }
  });

  it.each(vectors)("%s is encoded to the same octets, with the same table behind each block", (_, vector) => {
    const { encoder } = begun(vector);
    for (const block of vector.header_blocks) {
      if (block.max_header_table_size !== undefined) encoder.setMaxTableSize(block.max_header_table_size);
      const sensitive = vector.sensitive_headers === true;
      const fields = listed(block.headers).map(([name, value]) => new HeaderField(name, value, sensitive));
      expect(hexOf(encodeFieldBlock(encoder, fields))).toBe(block.encoded.join("").replace(/ /g, ""));
      expect(pairs(encoder.dynamicTable)).toEqual(listed(block.dynamic_table));
      expect(encoder.tableSize).toBe(block.table_size);
    }
  });
});
