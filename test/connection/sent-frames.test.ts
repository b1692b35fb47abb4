import { describe, expect, it } from "vitest";
import type { H2Connection } from "../../src/index.ts";
import { clientWithRequest, GET, OK, POST, receive, serverWithRequest } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { sent } from "../support/wire.ts";

/** Flags that each type defines (RFC 9113 section 6); types of extensions define none. */
const FLAGS: Readonly<Record<number, number>> = { 0: 0x09, 1: 0x2d, 4: 0x01, 5: 0x0c, 6: 0x01, 9: 0x04 };

interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Uint8Array;
}

/** The frames as they stand on the wire, none of their bits interpreted. */
function rawFrames(octets: Uint8Array): RawFrame[] {
  const found: RawFrame[] = [];
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  for (let at = 0; at < octets.length; ) {
    const length = view.getUint32(at) >>> 8;
    found.push({
      type: view.getUint8(at + 3),
      flags: view.getUint8(at + 4),
      streamId: view.getUint32(at + 5),
      payload: octets.subarray(at + 9, at + 9 + length),
    });
    at += 9 + length;
  }
  return found;
}

/** All that a client can say. */
function talkativeClient(): RawFrame[] {
  const engine = clientWithRequest();
  receive(engine, frames.ping(), frames.settings());
  engine.sendHeaders(3, [...POST, ["x", "\u00ff".repeat(20_000)]], { priorityWeight: 7 });
  engine.sendData(3, ascii("padded"), { padLength: 9 });
  engine.prioritize(5, { dependsOn: 3, exclusive: true });
  engine.sendPriorityUpdate(3, { urgency: 1, incremental: true });
  engine.incrementFlowControlWindow(2 ** 31 - 1 - 65_535);
  engine.updateSettings({ 3: 7 });
  engine.ping(ascii("12345678"));
  engine.sendHeaders(3, [["trailer", "x"]], { endStream: true });
  engine.resetStream(1);
  engine.closeConnection({ lastStreamId: 2 ** 31 - 1 });
  return rawFrames(engine.dataToSend());
}

/** All that a server can say. */
function talkativeServer(): RawFrame[] {
  const engine = serverWithRequest();
  engine.advertiseAlternativeService("clear", { streamId: 1 });
  engine.advertiseOrigins(["https://example.com"]);
  engine.pushStream(1, 2, [...GET, ["x", "\u00ff".repeat(20_000)]]);
  engine.sendHeaders(1, OK);
  engine.queueData(1, new Uint8Array(50_000), { endStream: true });
  engine.sendHeaders(2, OK, { endStream: true });
  engine.shutdown();
  return rawFrames(engine.dataToSend());
}

const SPEAKERS = [
  ["a client", talkativeClient],
  ["a server", talkativeServer],
] as const;

describe.each(SPEAKERS)("the frames of %s", (_role, speak) => {
  it("have no flag set but those that their type defines (RFC 9113 section 4.1)", () => {
    const spoken = speak();
    expect(spoken.length).toBeGreaterThan(8);
    for (const { type, flags } of spoken) expect([type, flags & ~(FLAGS[type] ?? 0)]).toEqual([type, 0]);
  });

  it("have the reserved bit unset, in their header and in their payload (RFC 9113 section 4.1)", () => {
    for (const { type, streamId, payload } of speak()) {
      expect(streamId).toBeLessThan(2 ** 31);
      const hasReservedBit = type === 5 || type === 7 || type === 8 || type === 0x10;
      if (hasReservedBit) expect((payload[0] as number) & 0x80).toBe(0);
    }
  });

  it("are no longer than 16,384 octets as long as the peer does not take more (RFC 9113 section 4.1)", () => {
    for (const { payload } of speak()) expect(payload.length).toBeLessThanOrEqual(16_384);
  });

  it("have nothing between the pieces of a field block (RFC 9113 section 4.3)", () => {
    let block = 0;
    let pieces = 0;
    for (const { type, flags, streamId } of speak()) {
      if (block !== 0) expect([type, streamId]).toEqual([9, block]);
      const hasFields = type === 1 || type === 5 || type === 9;
      if (type === 9) pieces++;
      if (hasFields) block = (flags & 0x4) === 0 ? streamId : 0;
    }
    expect(block).toBe(0);
    expect(pieces).toBeGreaterThan(0);
  });
});

describe("padding that goes out (RFC 9113 section 6.1)", () => {
  it("is of zeros, and behind the content", () => {
    const engine = clientWithRequest();
    engine.sendData(1, ascii("abc"), { padLength: 200 });
    const [frame] = rawFrames(engine.dataToSend());
    expect(frame?.payload).toEqual(Uint8Array.of(200, ...ascii("abc"), ...new Uint8Array(200)));
  });
});

describe("what goes out first (RFC 9113 section 6.7)", () => {
  function busy(): H2Connection {
    const engine = serverWithRequest();
    engine.sendHeaders(1, OK);
    engine.queueData(1, new Uint8Array(60_000));
    return engine;
  }

  it("is the answer to PING, before the bodies that wait", () => {
    const engine = busy();
    engine.takeChunks(20_000);
    receive(engine, frames.ping("12345678"));
    expect(rawFrames(engine.dataToSend())[0]).toMatchObject({ type: 6, flags: 1 });
  });

  it("are SETTINGS acknowledgements and RST_STREAM too", () => {
    const engine = busy();
    sent(engine);
    engine.queueData(1, new Uint8Array(1_000));
    receive(engine, frames.settings(), frames.headers(3).field("x", "y"));
    expect(sent(engine)).toEqual([
      "SETTINGS ACK",
      "RST_STREAM stream=3 error=PROTOCOL_ERROR",
      "DATA stream=1 length=1000",
    ]);
  });
});
