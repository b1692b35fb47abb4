import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteQueue } from "../../src/bytes/byte-queue.ts";

/** Consumes `count` octets that are there. */
function read(queue: ByteQueue, count: number): Uint8Array {
  expect(queue.has(count)).toBe(true);
  const octets = queue.octets.subarray(queue.position, queue.position + count);
  queue.position += count;
  return octets;
}

describe("ByteQueue", () => {
  it("shows a chunk where it lies", () => {
    const queue = new ByteQueue();
    const chunk = Uint8Array.of(1, 2, 3);
    queue.push(chunk);
    expect(queue.has(3)).toBe(true);
    expect(queue.has(4)).toBe(false);
    expect(queue.octets).toBe(chunk);
    expect(read(queue, 2)).toEqual(Uint8Array.of(1, 2));
    expect(queue.length).toBe(1);
  });

  it("puts together what straddles two chunks, and shows the rest of the second where it lies", () => {
    const queue = new ByteQueue();
    const second = Uint8Array.of(3, 4, 5, 6);
    queue.push(Uint8Array.of(1, 2));
    expect(queue.has(4)).toBe(false);
    queue.detach();
    queue.push(second);
    expect(queue.length).toBe(6);
    expect(read(queue, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(read(queue, 2)).toEqual(Uint8Array.of(5, 6));
    expect(queue.octets).toBe(second);
  });

  it("needs the chunk no more after detach()", () => {
    const queue = new ByteQueue();
    const chunk = Uint8Array.of(1, 2, 3);
    queue.push(chunk);
    read(queue, 1);
    queue.detach();
    chunk.fill(9);
    expect(read(queue, 2)).toEqual(Uint8Array.of(2, 3));
  });

  it("holds nothing after detach() when everything was read", () => {
    const queue = new ByteQueue();
    queue.push(new Uint8Array(1000));
    read(queue, 1000);
    queue.detach();
    expect(queue.octets).toHaveLength(0);
    expect(queue.length).toBe(0);
  });

  it("takes empty chunks", () => {
    const queue = new ByteQueue();
    queue.push(new Uint8Array(0));
    expect(queue.has(0)).toBe(true);
    expect(queue.has(1)).toBe(false);
    queue.detach();
    queue.push(Uint8Array.of(1));
    expect(read(queue, 1)).toEqual(Uint8Array.of(1));
  });

  it("drops everything with clear()", () => {
    const queue = new ByteQueue();
    queue.push(Uint8Array.of(1));
    queue.detach();
    queue.push(Uint8Array.of(2));
    queue.clear();
    expect(queue.length).toBe(0);
    expect(queue.has(1)).toBe(false);
  });

  it("copies a long frame that comes octet by octet a bounded number of times", () => {
    const queue = new ByteQueue();
    const arrays = new Set<Uint8Array>();
    for (let octet = 0; octet < 20_000; octet++) {
      queue.push(Uint8Array.of(octet & 0xff));
      queue.has(20_000);
      queue.detach();
      arrays.add(queue.octets);
    }
    expect(arrays.size).toBeLessThan(12);
    expect(read(queue, 20_000)).toEqual(Uint8Array.from({ length: 20_000 }, (_, index) => index & 0xff));
  });

  it("agrees with a plain list of octets, and never touches a view on its own memory", () => {
    fc.assert(fc.property(fc.array(anyRound, { maxLength: 20 }), agreesWithList), { numRuns: 250 });
  });
});

/** One chunk, and how many octets are asked for at a time before it is detached. */
interface Round {
  readonly size: number;
  readonly reads: readonly number[];
}

const anyRound: fc.Arbitrary<Round> = fc.record({
  size: fc.oneof(fc.nat(12), fc.nat(200)),
  reads: fc.array(fc.oneof(fc.nat(12), fc.nat(150)), { maxLength: 12 }),
});

function agreesWithList(rounds: readonly Round[]): void {
  const queue = new ByteQueue();
  const expected: number[] = [];
  const seen: { octets: Uint8Array; copy: Uint8Array }[] = [];
  let next = 1;
  for (const { size, reads } of rounds) {
    const chunk = Uint8Array.from({ length: size }, () => next++ & 0xff);
    expected.push(...chunk);
    queue.push(chunk);
    for (const count of reads) {
      expect(queue.has(count)).toBe(count <= expected.length);
      if (count > expected.length) continue;
      const octets = read(queue, count);
      expect([...octets]).toEqual(expected.splice(0, count));
      if (octets.buffer !== chunk.buffer) seen.push({ octets, copy: Uint8Array.from(octets) });
    }
    expect(queue.length).toBe(expected.length);
    queue.detach();
    chunk.fill(0);
  }
  expect([...read(queue, expected.length)]).toEqual(expected);
  for (const { octets, copy } of seen) expect(octets).toEqual(copy);
}
