import { describe, expect, it } from "vitest";
import { type H2Connection, NoSuchStreamError, StreamClosedError } from "../../src/index.ts";
import { OK, receive, server } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectMisuse } from "../support/outcome.ts";
import { sent } from "../support/wire.ts";

/** A server with a body of 20,000 octets queued on each of these streams, which asked with this priority. */
function busy(priorities: Readonly<Record<number, string>>): H2Connection {
  const engine = server({}, [[4, 1_000_000]]);
  for (const [id, priority] of Object.entries(priorities)) {
    const request = frames.headers(Number(id)).request("GET", "/").endStream();
    receive(engine, priority === "" ? request : request.field("priority", priority));
    engine.sendHeaders(Number(id), OK);
    engine.queueData(Number(id), new Uint8Array(20_000), { endStream: true });
  }
  engine.takeChunks(0);
  return engine;
}

/** The streams that DATA went out on, in order, with so much body at most. */
function sentWithin(engine: H2Connection, budget: number): number[] {
  const octets = Buffer.concat(engine.takeChunks(budget));
  const streams: number[] = [];
  for (let position = 0; position < octets.length; position += 9 + octets.readUIntBE(position, 3)) {
    if (octets[position + 3] === 0) streams.push(octets.readUInt32BE(position + 5));
  }
  return streams;
}

describe("which stream sends next (RFC 9218 section 10)", () => {
  it("is the first one, to its end, among equals that are of no use in parts", () => {
    expect(sentWithin(busy({ 1: "u=3", 3: "u=3", 5: "u=3" }), 60_000)).toEqual([1, 1, 3, 3, 5, 5]);
  });

  it("is each in turn where nobody said anything, so that a small response need not wait for a large one", () => {
    expect(sentWithin(busy({ 1: "", 3: "", 5: "" }), 60_000)).toEqual([1, 3, 5, 1, 3, 5]);
  });

  it("is the more urgent one", () => {
    expect(sentWithin(busy({ 1: "u=5", 3: "u=0", 5: "" }), 60_000)).toEqual([3, 3, 5, 5, 1, 1]);
  });

  it("is each in turn, a frame each, among equals that are of use in parts", () => {
    expect(sentWithin(busy({ 1: "i", 3: "i", 5: "i" }), 60_000)).toEqual([1, 3, 5, 1, 3, 5]);
  });

  it("is the more urgent one even among those that are of use in parts", () => {
    expect(sentWithin(busy({ 1: "i", 3: "u=2, i", 5: "u=2, i" }), 60_000)).toEqual([3, 5, 3, 5, 1, 1]);
  });

  it("is another one where the first must wait for its window", () => {
    const engine = busy({ 1: "u=3", 3: "u=3" });
    receive(engine, frames.settings([4, 10]));
    engine.dataToSend();
    receive(engine, frames.windowUpdate(3, 1_000));
    expect(sentWithin(engine, 60_000)).toEqual([3]);
  });

  it("takes one up again, in the order of the requests, when its window opens", () => {
    const engine = busy({ 1: "u=3", 3: "u=3" });
    receive(engine, frames.settings([4, 0]));
    engine.dataToSend();
    receive(engine, frames.windowUpdate(3, 20_000), frames.windowUpdate(1, 20_000));
    expect(sentWithin(engine, 60_000)).toEqual([1, 1, 3, 3]);
  });

  it("is decided when output is taken: a late change counts", () => {
    const engine = busy({ 1: "u=3", 3: "u=3" });
    engine.setPriority(3, { urgency: 0, incremental: false });
    expect(sentWithin(engine, 60_000)).toEqual([3, 3, 1, 1]);
  });

  it("changes with PRIORITY_UPDATE of the client (RFC 9218 section 7.1)", () => {
    const engine = busy({ 1: "u=3", 3: "u=3" });
    receive(engine, frames.priorityUpdate(3, "u=1"));
    expect(sentWithin(engine, 60_000)).toEqual([3, 3, 1, 1]);
  });

  it("keeps to the order in which streams came where the change is none", () => {
    const engine = busy({ 1: "u=3", 3: "u=3" });
    engine.setPriority(1, { urgency: 3, incremental: true });
    expect(sentWithin(engine, 60_000)).toEqual([1, 3, 3, 1]);
  });

  it("is one that only has to end where the window of the connection is used up (RFC 9113 section 6.9.1)", () => {
    const engine = server({}, [[4, 1_000_000]]);
    for (const id of [1, 3, 5]) {
      receive(engine, frames.headers(id).request("GET", "/").endStream());
      engine.sendHeaders(id, OK);
    }
    engine.queueData(1, new Uint8Array(100_000), { endStream: true });
    engine.dataToSend();
    engine.queueData(3, new Uint8Array(0), { endStream: true });
    engine.queueData(5, new Uint8Array(10), { endStream: true });
    expect(sentWithin(engine, 1_000)).toEqual([3]);
    expect(engine.bufferedAmount(1) + engine.bufferedAmount(5)).toBe(34_475);
  });

  it("sends trailers in their turn where the window of the connection is used up", () => {
    const engine = server({}, [[4, 1_000_000]]);
    for (const id of [1, 3]) {
      receive(engine, frames.headers(id).request("GET", "/").field("priority", "u=3").endStream());
      engine.sendHeaders(id, OK);
    }
    engine.queueData(1, new Uint8Array(65_535));
    engine.sendHeaders(1, [["x", "y"]], { endStream: true });
    engine.queueData(3, new Uint8Array(1));
    expect(sent(engine).at(-1)).toBe("HEADERS stream=1 END_STREAM END_HEADERS x=y");
  });
});

describe("how much is sent", () => {
  it("is bounded by the budget of takeChunks, in octets of body", () => {
    const engine = busy({ 1: "" });
    expect(sentWithin(engine, 5_000)).toEqual([1]);
    expect(engine.bufferedAmount(1)).toBe(15_000);
    expect(sentWithin(engine, 0)).toEqual([]);
    expect(engine.bufferedAmount(1)).toBe(15_000);
  });

  it("is bounded by the amount of dataToSend, frame headers included", () => {
    const engine = busy({ 1: "" });
    expect(engine.dataToSend(100)).toHaveLength(100);
    expect(engine.bufferedAmount(1)).toBeGreaterThan(19_000);
  });
});

describe("priority that the caller sets (RFC 9218 section 4)", () => {
  it.each([-1, 8, 0.5, Number.NaN])("has no urgency of %s", (urgency) => {
    const engine = busy({ 1: "" });
    sent(engine);
    receive(engine, frames.headers(3).request("GET", "/"));
    expectMisuse(engine, () => engine.setPriority(3, { urgency, incremental: false }), RangeError);
  });

  it("needs a stream that is there", () => {
    const engine = server();
    expectMisuse(engine, () => engine.setPriority(1, { urgency: 0, incremental: false }), NoSuchStreamError);
    receive(engine, frames.headers(1).request("GET", "/"), frames.rstStream(1));
    expectMisuse(engine, () => engine.setPriority(1, { urgency: 0, incremental: false }), StreamClosedError);
  });

  it("is asked for in any form that the priority field may have, and the default otherwise", () => {
    expect(sentWithin(busy({ 1: "u=7;x", 3: "i=?1, u=2", 5: "no, dictionary=" }), 60_000)).toEqual([
      3, 3, 5, 5, 1, 1,
    ]);
  });
});
