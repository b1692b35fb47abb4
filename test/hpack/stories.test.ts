import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Decoder, Encoder, encodeFieldBlock, indexEverything } from "../../src/hpack/index.ts";
import { hexOf, octets, type Pair, pairs } from "./support.ts";

interface Story {
  fields: Pair[][];
  wires: Record<string, string[]>;
}

const folder = new URL("../vectors/hpack-stories/", import.meta.url);
const stories = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name): [string, Story] => [
    name.replace(/\.json$/, ""),
    JSON.parse(readFileSync(new URL(name, folder), "utf8")),
  ]);
const wires = stories.flatMap(([story, { fields, wires }]) =>
  Object.entries(wires).map(([encoder, blocks]) => ({ encoder, story, fields, blocks })),
);

describe("stories of recorded traffic", () => {
  it("are all here", () => {
    expect(stories).toHaveLength(32);
    expect(wires).toHaveLength(145);
    expect(wires.flatMap(({ blocks }) => blocks)).toHaveLength(5_746);
  });

  it.each(wires)("$story is decoded as $encoder wrote it", ({ fields, blocks }) => {
    const decoder = new Decoder();
    expect(blocks.map((wire) => pairs(decoder.decode(octets(wire))))).toEqual(fields);
  });

  it.each(stories)("%s is encoded so that the decoder gets the same fields and table", (_, { fields }) => {
    const encoder = new Encoder();
    const decoder = new Decoder();
    for (const list of fields) {
      expect(JSON.stringify(pairs(decoder.decode(encodeFieldBlock(encoder, list))))).toBe(
        JSON.stringify(list),
      );
      expect(JSON.stringify(decoder.dynamicTable)).toBe(JSON.stringify(encoder.dynamicTable));
      expect(decoder.tableSize).toBe(encoder.tableSize);
    }
  });

  it.each(wires.filter(({ encoder }) => encoder === "python-hpack" || encoder === "swift-nio-hpack-huffman"))(
    "$story gets the octets of $encoder with everything indexed and Huffman coded",
    ({ fields, blocks }) => {
      const encoder = new Encoder({ indexing: indexEverything, huffman: "always" });
      expect(fields.map((list) => hexOf(encodeFieldBlock(encoder, list)))).toEqual(blocks);
    },
  );

  it("become smaller than nghttp2 makes them", () => {
    const written = wires.filter(({ encoder }) => encoder === "nghttp2");
    const theirs = written.flatMap(({ blocks }) => blocks).join("").length / 2;
    const ours = written.map(({ fields }) => {
      const encoder = new Encoder();
      return fields.map((list) => encodeFieldBlock(encoder, list).length);
    });
    expect(ours.flat().reduce((sum, length) => sum + length)).toBeLessThan(theirs);
  });
});
