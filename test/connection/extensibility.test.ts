import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection, type H2Event } from "../../src/index.ts";
import { client, clientWithRequest, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames, joined, type Wire } from "../support/frames.ts";
import { expectAlive, expectConnectionError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR } = ErrorCodes;

type Case = readonly [engine: () => H2Connection, frame: () => Wire, defined: number];

/** One frame of each type, on an engine that takes it, and the flags that its type defines. */
const CASES: Readonly<Record<string, Case>> = {
  DATA: [serverWithRequest, () => frames.data(1, "body"), 0x09],
  HEADERS: [server, () => frames.headers(1).request("GET", "/"), 0x2d],
  PRIORITY: [server, () => frames.priority(1, { weight: 9 }), 0],
  RST_STREAM: [serverWithRequest, () => frames.rstStream(1, 8), 0],
  SETTINGS: [server, () => frames.settings([3, 9]), 0x01],
  PUSH_PROMISE: [clientWithRequest, () => frames.pushPromise(1, 2).request("GET", "/"), 0x0c],
  PING: [server, () => frames.ping(), 0x01],
  GOAWAY: [server, () => frames.goaway(0), 0],
  WINDOW_UPDATE: [serverWithRequest, () => frames.windowUpdate(1, 9), 0],
};

describe("flags that a type does not define (RFC 9113 section 4.1)", () => {
  function eventsWith(engineOf: () => H2Connection, frame: Wire, flags: number): H2Event[] {
    const octets = joined(frame);
    octets[4] = (octets[4] as number) | flags;
    return receive(engineOf(), octets);
  }

  it.each(Object.entries(CASES))("are ignored on %s", (_type, [engineOf, frame, defined]) => {
    const plain = eventsWith(engineOf, frame(), 0);
    expect(plain.length).toBeGreaterThan(0);
    for (let bit = 1; bit < 0x100; bit <<= 1) {
      if ((defined & bit) === 0) expect(eventsWith(engineOf, frame(), bit)).toEqual(plain);
    }
    expect(eventsWith(engineOf, frame(), 0xff & ~defined)).toEqual(plain);
  });

  it("are ignored on CONTINUATION", () => {
    for (let bit = 1; bit < 0x100; bit <<= 1) {
      if (bit === 0x4) continue;
      const rest = frames.continuation(1).field("a", "b").withFlags(bit);
      const events = receive(server(), frames.headers(1).request("GET", "/").withoutEndHeaders(), rest);
      expect(told(events)[0]).toMatch(/a=b$/);
    }
  });
});

describe("the reserved bit of a frame header (RFC 9113 section 4.1)", () => {
  it.each(Object.entries(CASES))("is ignored on %s", (_type, [engineOf, frame]) => {
    const octets = joined(frame());
    octets[5] = (octets[5] as number) | 0x80;
    expect(receive(engineOf(), octets)).toEqual(receive(engineOf(), frame()));
  });
});

describe("what nobody knows (RFC 9113 section 5.5)", () => {
  it.each([0x0b, 0x0d, 0x0f, 0x1f, 0x80, 0xfa, 0xff])("may be a frame of type %i, of any length", (type) => {
    const engine = serverWithRequest();
    const odd = [0, 1, 16_384].map((length) => frames.raw(type, 0xff, 1, new Uint8Array(length)));
    const events = receive(engine, ...odd, frames.data(1, "x"));
    expect(events.map((event) => event.type)).toEqual([
      ...odd.map(() => "UnknownFrameReceived"),
      "DataReceived",
    ]);
    expect(engine.inboundFlowControlWindow).toBe(65_534);
    expect(sent(engine)).toEqual([]);
  });

  it("may be a setting, of any value, between others that count (section 6.5.2)", () => {
    for (const engine of [server(), client()]) {
      receive(engine, frames.settings([0x0a0a, 2 ** 32 - 1], [4, 100], [0xffff, 0], [0, 1]));
      expect(engine.remoteSettings.get(4)).toBe(100);
      expect(sent(engine)).toEqual(["SETTINGS ACK"]);
    }
  });

  it.each([0x0e, 0xff, 0x7fffffff, 0xffffffff])("may be error code %i, which changes nothing", (code) => {
    const engine = clientWithRequest();
    expect(receive(engine, frames.rstStream(1, code))).toMatchObject([
      { type: "StreamReset", errorCode: code, isUnprocessed: false },
    ]);
    expect(receive(engine, frames.goaway(1, code))).toMatchObject([
      { type: "ConnectionTerminated", errorCode: code, error: null },
    ]);
    expectAlive(engine);
  });

  it("may not be a frame within a field block, on whatever stream", () => {
    for (const streamId of [0, 1, 5]) {
      const engine = server();
      const begun = frames.headers(1).request("GET", "/").withoutEndHeaders();
      expectConnectionError(engine, receive(engine, begun, frames.raw(0xfa, 0, streamId)), PROTOCOL_ERROR);
    }
  });

  it("may be DATA's padding: its octets need not be zero (section 6.1)", () => {
    const padded = frames.raw(0, 0x8, 1, "\x03body\xff\x01\x02");
    expect(told(receive(serverWithRequest(), padded))).toEqual(['DataReceived stream=1 "body" takes=8']);
  });
});

describe("frames of 16,384 octets (RFC 9113 section 4.2)", () => {
  const wholeBlock = 16_384 - joined(frames.headers(1).request("GET", "/").field("x", "")).length;

  it.each([
    ["DATA", serverWithRequest, frames.data(1, new Uint8Array(16_384)), "DataReceived"],
    ["GOAWAY", server, frames.goaway(0, 0, "x".repeat(16_376)), "ConnectionTerminated"],
    [
      "HEADERS",
      server,
      frames
        .headers(1)
        .request("GET", "/")
        .field("x", "y".repeat(wholeBlock + 9 - 2)),
      "RequestReceived",
    ],
  ] as const)("are taken: %s", (_type, engineOf, frame, type) => {
    const octets = joined(frame);
    expect(octets.length).toBe(9 + 16_384);
    expect(receive(engineOf(), octets).map((event) => event.type)).toContain(type);
  });
});
