import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Inflow } from "../../../../src/http/server/connection/inflow.ts";
import type { ServerStream } from "../../../../src/http/server/connection/server-stream.ts";

/** A reader with room for two octets, and what was acknowledged for it. */
function flowing(): { inflow: Inflow; reader: Readable; acknowledged: number[] } {
  const acknowledged: number[] = [];
  const stream = { acknowledge: (octets: number) => void acknowledged.push(octets) };
  const reader = new Readable({ highWaterMark: 2, read: () => {} });
  return { inflow: new Inflow(stream as ServerStream, reader), reader, acknowledged };
}

const pair = (): Uint8Array => Uint8Array.of(1, 2);

describe("what a client sends (RFC 9113 section 5.2.2)", () => {
  it("is acknowledged, padding included, as it is passed on", () => {
    const { inflow, reader, acknowledged } = flowing();
    inflow.receive(pair(), 9);
    expect([reader.readableLength, acknowledged, inflow.isEmpty]).toEqual([2, [9], true]);
  });

  it("waits unacknowledged while the reader has no room", () => {
    const { inflow, reader, acknowledged } = flowing();
    for (const cost of [2, 3, 4]) inflow.receive(pair(), cost);
    expect([reader.readableLength, acknowledged, inflow.isEmpty]).toEqual([2, [2], false]);
    reader.read();
    inflow.read();
    expect([reader.readableLength, acknowledged]).toEqual([2, [2, 3]]);
  });

  it("is acknowledged at once when nobody will read it", () => {
    const { inflow, reader, acknowledged } = flowing();
    for (const cost of [2, 3, 4]) inflow.receive(pair(), cost);
    expect([inflow.release(), acknowledged]).toEqual([7, [2, 7]]);
    reader.destroy();
    inflow.receive(pair(), 5);
    expect(acknowledged).toEqual([2, 7, 5]);
  });

  it("goes to the reader before its end, whether there is room or not", () => {
    const { inflow, reader, acknowledged } = flowing();
    for (const cost of [2, 3, 4]) inflow.receive(pair(), cost);
    inflow.flush();
    expect([reader.readableLength, acknowledged, inflow.isEmpty]).toEqual([6, [2, 7], true]);
  });
});
