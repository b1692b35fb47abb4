import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Decoder,
  Encoder,
  encodeFieldBlock,
  FieldListTooLarge,
  HeaderField,
  HpackFault,
  Indexing,
} from "../../src/hpack/index.ts";
import { octets } from "./support.ts";

const anyText = fc.uint8Array({ maxLength: 30 }).map((codes) => String.fromCharCode(...codes));
const name = fc.oneof(
  fc.constantFrom(":method", ":status", "cookie", "a", "b", "__proto__", "0", ""),
  anyText,
);
const value = fc.oneof(fc.constantFrom("GET", "200", "404", "", "1", "2", "x".repeat(100)), anyText);
const field = fc
  .tuple(name, value, fc.nat(9))
  .map(([name, value, chance]) => new HeaderField(name, value, chance === 0));
const tableSize = fc.constantFrom(0, 31, 32, 64, 100, 200, 4_096, 10_000);
/** Sizes that the decoder's side announces, then a list to encode. */
const round = fc.tuple(fc.array(tableSize, { maxLength: 2 }), fc.array(field, { maxLength: 12 }));
const options = fc.record({
  maxTableSize: tableSize,
  huffman: fc.constantFrom("shorter", "always", "never"),
  indexing: fc.constantFrom(
    undefined,
    () => Indexing.none,
    () => Indexing.add,
    () => Indexing.onRepeat,
  ),
});

/** Without the verdict that rules of HTTP may have put on a field of the static table. */
function plain(fields: readonly HeaderField[]): [string, string, boolean][] {
  return fields.map(({ name, value, sensitive }) => [name, value, sensitive]);
}

describe("HPACK as a whole", () => {
  it("gives back any lists over any changes of the table, with equal tables behind each block", () => {
    fc.assert(
      fc.property(fc.array(round, { maxLength: 12 }), options, (rounds, { indexing, ...rest }) => {
        const encoder = new Encoder(indexing === undefined ? rest : { ...rest, indexing });
        const decoder = new Decoder();
        for (const [sizes, fields] of rounds) {
          for (const size of sizes) {
            decoder.setMaxTableSize(size);
            encoder.setMaxTableSize(size);
          }
          expect(plain(decoder.decode(encodeFieldBlock(encoder, fields)))).toEqual(plain(fields));
          expect(decoder.dynamicTable).toEqual(encoder.dynamicTable);
          expect(decoder.tableSize).toBe(encoder.tableSize);
          expect(decoder.tableMaxSize).toBe(encoder.tableMaxSize);
        }
      }),
    );
  });

  it("makes of any octets fields or a fault, and nothing else", () => {
    const limits = { maxListSize: 200, maxFields: 5, hardListSize: 600, hardFields: 20 };
    const likely = fc.constantFrom(
      0x82,
      0xbe,
      0x40,
      0x41,
      0x00,
      0x04,
      0x10,
      0x20,
      0x3f,
      0x01,
      0x81,
      0xff,
      0x1f,
    );
    const block = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.array(likely, { maxLength: 40 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
        const decoder = new Decoder(limits);
        try {
          for (const octets of blocks) {
            expect(decoder.decode(octets).length).toBeLessThanOrEqual(limits.maxFields);
            expect(decoder.tableSize).toBeLessThanOrEqual(decoder.tableMaxSize);
          }
        } catch (thrown) {
          if (!(thrown instanceof HpackFault || thrown instanceof FieldListTooLarge)) throw thrown;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps its tables in step when fields are too many to be stored", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { maxLength: 12 }), { maxLength: 6 }),
        fc.nat(6),
        (lists, maxFields) => {
          const encoder = new Encoder();
          const decoder = new Decoder({ maxFields });
          for (const list of lists) {
            expect(plain(decoder.decode(encodeFieldBlock(encoder, list)))).toEqual(
              plain(list.slice(0, maxFields)),
            );
            expect(decoder.truncated).toBe(list.length > maxFields);
            expect(decoder.dynamicTable).toEqual(encoder.dynamicTable);
          }
        },
      ),
    );
  });

  // A decoder that is not linear needs minutes here, so that the time limit of the test is the judge.
  it.each([
    ["references", "be", 1_000_000],
    ["small entries that evict others", "40 00 00", 300_000],
    ["entries as large as the table", `40 00 7fe11e ${"61".repeat(4_064)}`, 250],
    ["entries larger than the table", `40 00 7fe21e ${"61".repeat(4_065)}`, 250],
    ["literals", "00 0161 0162", 200_000],
    ["Huffman coded literals", "00 811f 811f", 200_000],
  ])("reads a block of 1 MiB in linear time: %s", (_, hex, repeated) => {
    const decoder = new Decoder(NO_LIMITS);
    decoder.decode(octets("40 0161 0162"));
    expect(decoder.decode(repeat(hex, repeated))).toHaveLength(repeated);
  });

  it("reads a block of 1 MiB in linear time: size updates", () => {
    const decoder = new Decoder(NO_LIMITS);
    expect(decoder.decode(repeat("20 3fe11f", 250_000))).toEqual([]);
  });

  it("reads a block of 1 MiB in linear time: one long string", () => {
    const value = "a".repeat(1_600_000);
    const block = encodeFieldBlock(new Encoder({ huffman: "always" }), [["a", value]]);
    expect(new Decoder(NO_LIMITS).decode(block)[0]?.value === value).toBe(true);
  });
});

const NO_LIMITS = {
  maxListSize: Number.POSITIVE_INFINITY,
  maxFields: Number.POSITIVE_INFINITY,
  hardListSize: Number.POSITIVE_INFINITY,
  hardFields: Number.POSITIVE_INFINITY,
};

function repeat(hex: string, times: number): Uint8Array {
  const unit = octets(hex);
  const block = new Uint8Array(unit.length * times);
  for (let count = 0; count < times; count++) block.set(unit, count * unit.length);
  return block;
}
