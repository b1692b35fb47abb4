import { describe, expect, it } from "vitest";
import { BlockReader } from "../../src/hpack/block-reader.ts";
import { octets } from "./support.ts";

describe("the reader of a field block", () => {
  it("has nothing before a block begins", () => {
    const { octets: none, position, end } = new BlockReader();
    expect([none.length, position, end]).toEqual([0, 0, 0]);
  });

  it("begins each block at its first octet", () => {
    const reader = new BlockReader();
    reader.begin(octets("8284"));
    reader.position = 2;
    const block = octets("868788");
    reader.begin(block);
    expect(reader.octets).toBe(block);
    expect([reader.position, reader.end]).toEqual([0, 3]);
  });

  it("does not keep the octets of a block that is finished", () => {
    const reader = new BlockReader();
    reader.begin(octets("8284"));
    reader.finish();
    expect([reader.octets.length, reader.position, reader.end]).toEqual([0, 0, 0]);
  });
});
