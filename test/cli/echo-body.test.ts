import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonBody, patternBody, piecesOf } from "../../src/cli/echo-body.ts";

describe("piecesOf", () => {
  it("gives the whole pattern in order, however it is cut", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300_000 }),
        fc.option(fc.integer({ min: 1, max: 50 })),
        (size, chunks) => {
          const whole = Buffer.concat([...piecesOf(patternBody(size), chunks)]);
          expect(whole.length).toBe(size);
          expect(whole.every((octet, index) => octet === index % 251)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("cuts a body into the pieces that are wanted, and into no empty ones", () => {
    const lengths = (size: number, chunks: number): number[] =>
      [...piecesOf(patternBody(size), chunks)].map(({ length }) => length);
    expect(lengths(10, 3)).toEqual([4, 4, 2]);
    expect(lengths(2, 5)).toEqual([1, 1]);
    expect(lengths(0, 5)).toEqual([]);
  });

  it("makes no piece longer than 64 KiB", () => {
    const lengths = [...piecesOf(patternBody(200_000), 1)].map(({ length }) => length);
    expect(lengths).toEqual([65_536, 65_536, 65_536, 3_392]);
  });

  it("gives a value as JSON with a line break at its end", () => {
    const whole = Buffer.concat([...piecesOf(jsonBody({ a: "é" }), 3)]);
    expect(whole.toString()).toBe('{\n  "a": "é"\n}\n');
  });
});
