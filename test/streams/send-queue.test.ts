import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SendQueue } from "../../src/streams/send-queue.ts";

describe("what a stream has still to send", () => {
  it("gives large chunks back in order, by reference, and at most one at a time", () => {
    const queue = new SendQueue();
    const chunks = [new Uint8Array(2_000).fill(1), new Uint8Array(3_000).fill(2)];
    for (const chunk of chunks) queue.push(chunk);
    expect(queue.length).toBe(5_000);
    const first = queue.take(10_000);
    expect(first).toEqual(chunks[0]);
    expect(first.buffer).toBe(chunks[0]?.buffer);
    expect(queue.take(10_000)).toEqual(chunks[1]);
    expect(queue.isEmpty).toBe(true);
  });

  it.each([
    ["of 1,024 octets, though more waits behind it", [1_024, 1], 10_000, 1_024],
    ["that fills the limit by itself", [3, 1], 3, 3],
    ["that is longer than the limit", [3, 1], 2, 2],
    ["that is the last one", [3], 10, 3],
  ])("gives a chunk %s by reference", (_what, lengths, limit, taken) => {
    const queue = new SendQueue();
    const chunks = lengths.map((length) => new Uint8Array(length));
    for (const chunk of chunks) queue.push(chunk);
    const first = queue.take(limit);
    expect(first).toHaveLength(taken);
    expect(first.buffer).toBe(chunks[0]?.buffer);
  });

  it("joins a chunk of 1,023 octets with what waits behind it", () => {
    const queue = new SendQueue();
    queue.push(new Uint8Array(1_023));
    queue.push(new Uint8Array(1));
    expect(queue.take(10_000)).toHaveLength(1_024);
  });

  it("joins small chunks, so that they do not become a frame each", () => {
    const queue = new SendQueue();
    for (const octet of [1, 2, 3]) queue.push(Uint8Array.of(octet));
    expect(queue.take(2)).toEqual(Uint8Array.of(1, 2));
    expect(queue.take(100)).toEqual(Uint8Array.of(3));
  });

  it("joins at most 4 KiB", () => {
    const queue = new SendQueue();
    for (let index = 0; index < 10; index++) queue.push(new Uint8Array(1_000));
    expect([queue.take(16_384), queue.take(16_384), queue.take(16_384)].map(({ length }) => length)).toEqual([
      4_096, 4_096, 1_808,
    ]);
  });

  it("cuts a chunk that is longer than the limit and goes on where it was cut", () => {
    const queue = new SendQueue();
    queue.push(Uint8Array.of(1, 2, 3, 4, 5));
    expect([queue.take(2), queue.take(2), queue.take(2)]).toEqual([
      Uint8Array.of(1, 2),
      Uint8Array.of(3, 4),
      Uint8Array.of(5),
    ]);
  });

  it("is not empty as long as the end of the stream waits", () => {
    const queue = new SendQueue();
    queue.endStream = true;
    expect(queue.isEmpty).toBe(false);
  });

  it("is not empty as long as octets wait", () => {
    const queue = new SendQueue();
    queue.push(Uint8Array.of(1));
    expect(queue.isEmpty).toBe(false);
  });

  it("does not count chunks without octets", () => {
    const queue = new SendQueue();
    queue.push(new Uint8Array(0));
    expect(queue.isEmpty).toBe(true);
    const chunk = new Uint8Array(2_000);
    queue.push(chunk);
    expect(queue.take(10_000).buffer).toBe(chunk.buffer);
  });

  it("loses and repeats nothing, however it is filled and emptied", () => {
    const step = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.integer({ min: 1, max: 25 }),
      fc.integer({ min: 1, max: 25 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 900 }), (steps) => {
        const queue = new SendQueue();
        const waiting: number[] = [];
        for (const each of steps) {
          if (typeof each !== "number") {
            queue.push(each);
            waiting.push(...each);
          } else if (queue.length > 0) {
            const taken = queue.take(each);
            expect(taken.length).toBeLessThanOrEqual(each);
            expect(Array.from(taken)).toEqual(waiting.splice(0, taken.length));
          }
          expect(queue.length).toBe(waiting.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keeps order over many small chunks", () => {
    const queue = new SendQueue();
    for (let index = 0; index < 1_000; index++) queue.push(Uint8Array.of(index & 0xff));
    for (let index = 0; index < 1_000; index++) expect(queue.take(1)).toEqual(Uint8Array.of(index & 0xff));
    expect(queue.length).toBe(0);
  });
});
