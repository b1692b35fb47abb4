import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { H2Configuration, type H2Connection, type H2Options } from "../../src/index.ts";
import { OK, receive, server } from "../support/engine.ts";
import { frames } from "../support/frames.ts";

const FRAME = 16_384;
/** Windows that no test uses up. */
const OPEN = 2 ** 31 - 1;

/** A server with a request on each of these streams, in this order, which asked with this priority. */
function serverWith(priorities: Readonly<Record<number, string>>, options: H2Options = {}): H2Connection {
  const engine = server(options, [[4, OPEN]]);
  receive(engine, frames.windowUpdate(0, OPEN - 65_535));
  for (const [id, priority] of Object.entries(priorities)) {
    receive(engine, frames.headers(Number(id)).request("GET", "/").field("priority", priority).endStream());
    engine.sendHeaders(Number(id), OK);
  }
  engine.takeChunks(0);
  return engine;
}

/** The streams that have the next turns, a frame each, where each of them always has more to send. */
function turns(engine: H2Connection, streamIds: readonly number[], count: number): number[] {
  const served: number[] = [];
  while (served.length < count) {
    for (const id of streamIds) {
      if (engine.bufferedAmount(id) <= FRAME) engine.queueData(id, new Uint8Array(2 * FRAME));
    }
    served.push(...dataStreams(engine.takeChunks(FRAME)));
  }
  return served;
}

function dataStreams(chunks: readonly Uint8Array[]): number[] {
  const octets = Buffer.concat(chunks);
  const streams: number[] = [];
  for (let position = 0; position < octets.length; position += 9 + octets.readUIntBE(position, 3)) {
    if (octets[position + 3] === 0) streams.push(octets.readUInt32BE(position + 5));
  }
  return streams;
}

/** Turns from one to the next of a stream, from the first one on and up to the end. */
function longestWait(served: readonly number[], streamId: number): number {
  let longest = 0;
  let last = -1;
  for (let turn = 0; turn <= served.length; turn++) {
    if (turn < served.length && served[turn] !== streamId) continue;
    longest = Math.max(longest, turn - last);
    last = turn;
  }
  return longest;
}

describe("a stream that the others leave nothing (RFC 9218 section 10)", () => {
  it("has one turn of 16, though something more urgent never ends", () => {
    const served = turns(serverWith({ 1: "u=0", 3: "u=7" }), [1, 3], 64);
    expect(served.flatMap((id, turn) => (id === 3 ? [turn + 1] : []))).toEqual([16, 32, 48, 64]);
  });

  it("has it though the endless one is of its own urgency, and not incremental", () => {
    const served = turns(serverWith({ 1: "u=3", 3: "u=3, i", 5: "u=3" }), [1, 3, 5], 64);
    expect(served.filter((id) => id !== 1)).toEqual([3, 5, 3, 5]);
  });

  it("shares it with those that fare no better: who waited longest is next", () => {
    const served = turns(serverWith({ 1: "u=0", 3: "u=7", 5: "u=5", 7: "u=7, i" }), [1, 3, 5, 7], 96);
    expect(served.filter((id) => id !== 1)).toEqual([5, 3, 7, 5, 3, 7]);
  });

  it("goes on where it stood: one turn does not change the order of requests", () => {
    const engine = serverWith({ 1: "u=0", 3: "u=3", 5: "u=3" });
    turns(engine, [1, 3, 5], 48);
    engine.resetStream(1);
    engine.takeChunks(0);
    expect(turns(engine, [3, 5], 10)).toEqual(Array.from({ length: 10 }, () => 3));
  });

  it("waits no longer because its priority changed meanwhile", () => {
    const engine = serverWith({ 1: "u=0", 3: "u=7", 5: "u=7" });
    const served = turns(engine, [1, 3, 5], 15);
    engine.setPriority(3, { urgency: 6, incremental: true });
    served.push(...turns(engine, [1, 3, 5], 1));
    expect(served.filter((id) => id !== 1)).toEqual([3]);
  });

  it("loses no turn to a stream that was reset", () => {
    const engine = serverWith({ 1: "u=0", 3: "u=7", 5: "u=7" });
    turns(engine, [1, 3, 5], 15);
    receive(engine, frames.rstStream(3));
    expect(turns(engine, [1, 5], 1)).toEqual([5]);
  });

  it("loses no turn to an empty window of the connection (RFC 9113 section 6.9.1)", () => {
    const engine = server({ fairTurnInterval: 2 }, [[4, OPEN]]);
    for (const [id, priority] of [
      [1, "u=0"],
      [3, "u=7"],
    ] as const) {
      receive(engine, frames.headers(id).request("GET", "/").field("priority", priority).endStream());
      engine.sendHeaders(id, OK);
      engine.queueData(id, new Uint8Array(10 * FRAME));
    }
    expect(dataStreams(engine.takeChunks())).toEqual([1, 3, 1, 3]);
    const served: number[] = [];
    for (let round = 0; round < 6; round++) {
      expect(engine.takeChunks()).toEqual([]);
      receive(engine, frames.windowUpdate(0, FRAME));
      served.push(...dataStreams(engine.takeChunks()));
    }
    // The first of them had an octet of window less than a frame, and takes it now.
    expect(served.filter((id) => id === 3)).toHaveLength(3);
  });

  it("saves nothing up while it is alone", () => {
    const engine = serverWith({ 1: "u=7", 3: "u=0" });
    expect(turns(engine, [1], 40)).toEqual(Array.from({ length: 40 }, () => 1));
    expect(turns(engine, [3, 1], 15)).not.toContain(1);
  });
});

describe("a stream that takes no turns any more (RFC 9218 section 10)", () => {
  it("stands where its request stands among those of its urgency", () => {
    const engine = serverWith({ 1: "u=3, i", 3: "u=3" });
    expect(turns(engine, [1, 3], 3)).toEqual([1, 3, 3]);
    engine.setPriority(1, { urgency: 3, incremental: false });
    expect(turns(engine, [1, 3], 3)).toEqual([1, 1, 1]);
  });

  it("stands behind older ones, too", () => {
    const engine = serverWith({ 1: "u=3", 3: "u=3, i", 5: "u=3" });
    expect(turns(engine, [3, 1, 5], 2)).toEqual([3, 1]);
    engine.setPriority(3, { urgency: 3, incremental: false });
    engine.resetStream(1);
    engine.takeChunks(0);
    expect(turns(engine, [3, 5], 2)).toEqual([3, 3]);
  });
});

describe("the option fairTurnInterval", () => {
  it.each([1, 2, 5])("gives one turn of %i to the stream that waited longest", (fairTurnInterval) => {
    const served = turns(serverWith({ 1: "u=0", 3: "u=7" }, { fairTurnInterval }), [1, 3], 40);
    expect(served.filter((id) => id === 3)).toHaveLength(Math.floor(40 / Math.max(2, fairTurnInterval)));
  });

  it("of infinity means that priority alone counts", () => {
    const engine = serverWith({ 1: "u=0", 3: "u=7" }, { fairTurnInterval: Number.POSITIVE_INFINITY });
    expect(new Set(turns(engine, [1, 3], 200))).toEqual(new Set([1]));
  });

  it("is 16 unless it is given", () => {
    expect(new H2Configuration().fairTurnInterval).toBe(16);
  });

  it.each([0, -1, 1.5, Number.NaN])("cannot be %s", (fairTurnInterval) => {
    expect(() => new H2Configuration({ fairTurnInterval })).toThrow(RangeError);
  });
});

describe("any streams that always have something to send", () => {
  const priority = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.boolean());

  it("are all served, each within N times fairTurnInterval turns, N being their number", () => {
    fc.assert(
      fc.property(
        fc.array(priority, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 8 }),
        (asked, fairTurnInterval) => {
          const ids = asked.map((_, index) => 2 * index + 1);
          const fields = asked.map(([urgency, incremental]) => `u=${urgency}${incremental ? ", i" : ""}`);
          const engine = serverWith(
            Object.fromEntries(ids.map((id, index) => [id, fields[index] as string])),
            { fairTurnInterval },
          );
          const bound = ids.length * fairTurnInterval;
          const served = turns(engine, ids, 3 * bound);
          for (const id of ids) expect(longestWait(served, id)).toBeLessThanOrEqual(bound);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("streams that are reset while nothing can be sent", () => {
  it("are in nobody's way afterwards", () => {
    const engine = server({}, [[4, OPEN]]);
    for (let id = 1; id < 200; id += 2) {
      receive(engine, frames.headers(id).request("GET", "/").endStream());
      engine.sendHeaders(id, OK);
      engine.queueData(id, new Uint8Array(65_535));
      engine.takeChunks();
      if (id > 1 && id < 199) receive(engine, frames.rstStream(id));
    }
    receive(engine, frames.windowUpdate(0, 65_535));
    expect(new Set(dataStreams(engine.takeChunks()))).toEqual(new Set([199]));
    expect(engine.openInboundStreams).toBe(2);
  });
});
