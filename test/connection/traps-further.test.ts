import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ErrorCodes,
  FlowControlError,
  FrameDataMissingError,
  H2Connection,
  type HeaderInput,
  InvalidSettingsValueError,
  NoSuchStreamError,
  ProtocolError,
  SettingCodes,
  StreamClosedError,
} from "../../src/index.ts";
import { client, clientWithRequest, GET, OK, POST, receive, server } from "../support/engine.ts";
import { type FieldBlockBuilder, frames, type Wire } from "../support/frames.ts";
import {
  expectAlive,
  expectConnectionError,
  expectMisuse,
  expectStreamError,
  thrownBy,
} from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

/** Where hyper-h2 falls, one group a trap: those that `traps.test.ts` leaves. */

/** The highest three bits of an octet that changes the size of the dynamic table (RFC 7541 section 6.3). */
const SIZE_UPDATE = 0x20;

const { PROTOCOL_ERROR, COMPRESSION_ERROR, STREAM_CLOSED, FRAME_SIZE_ERROR } = ErrorCodes;

describe("trap 8: whatever is thrown is one of our errors, before anything changed", () => {
  it.each<[string, (engine: H2Connection) => void, abstract new (...parameters: never[]) => Error]>([
    ["0 octets on an idle stream", (engine) => engine.sendData(5, new Uint8Array(0)), NoSuchStreamError],
    ["the end of an idle stream", (engine) => engine.endStream(5), NoSuchStreamError],
    [
      "a window of an idle stream",
      (engine) => engine.incrementFlowControlWindow(1, { streamId: 5 }),
      NoSuchStreamError,
    ],
    [
      "an acknowledgement for an idle stream",
      (engine) => engine.acknowledgeReceivedData(40_000, 5),
      NoSuchStreamError,
    ],
    [
      "a window that is too large",
      (engine) => engine.incrementFlowControlWindow(2 ** 31 - 1),
      FlowControlError,
    ],
    ["an increment of 0", (engine) => engine.incrementFlowControlWindow(0), RangeError],
    ["a field without a name", (engine) => engine.sendHeaders(3, [...GET, ["", "x"]]), ProtocolError],
    ["a field that is none", (engine) => engine.sendHeaders(3, ["ab"] as unknown as HeaderInput), TypeError],
    ["text beyond octets", (engine) => engine.sendHeaders(3, [...GET, ["a", "\u20ac"]]), TypeError],
    [
      "debug data that are no octets",
      (engine) => engine.closeConnection({ additionalData: "x" as never }),
      TypeError,
    ],
    ["PING of 7 octets", (engine) => engine.ping(new Uint8Array(7)), RangeError],
    [
      "padding of 256 octets",
      (engine) => engine.sendData(1, new Uint8Array(1), { padLength: 256 }),
      RangeError,
    ],
    ["a setting of 17 bits", (engine) => engine.updateSettings({ 65536: 1 }), InvalidSettingsValueError],
    ["a chunk that is text", (engine) => engine.receiveData("PRI" as never), TypeError],
  ])("%s", (_, call, kind) => {
    const engine = clientWithRequest();
    expectMisuse(engine, () => call(engine), kind);
    expectAlive(engine);
  });

  it.each([
    ["AAEAABAA!", ProtocolError],
    ["AAEAABAA=", ProtocolError],
    ["A", FrameDataMissingError],
    ["AAEA", FrameDataMissingError],
    ["AASAAAAA", InvalidSettingsValueError],
    ["AAIAAAAC", InvalidSettingsValueError],
  ])("for an HTTP2-Settings of %s (RFC 7540 section 3.2.1)", (value, kind) => {
    const engine = new H2Connection({ clientSide: false });
    expectMisuse(engine, () => engine.initiateUpgradeConnection(value), kind);
  });

  it("a field that is not of the encoding resets its stream", () => {
    const engine = server({ headerEncoding: "utf-8" });
    const events = receive(engine, frames.headers(1).request("GET", "/").field("x-text", "\xff"));
    expectStreamError(engine, events, 1, PROTOCOL_ERROR);
  });

  it("a priority fits beside a field block of any length (RFC 9113 section 6.2)", () => {
    const { client: one, drive } = pair();
    // Around the length at which block and priority together fill one frame.
    for (let length = 16_200; length <= 16_390; length += 1) {
      const streamId = one.getNextAvailableStreamId();
      one.sendHeaders(streamId, [...GET, ["x-long", "~".repeat(length)]], {
        endStream: true,
        priorityWeight: 1,
      });
      one.resetStream(streamId);
    }
    const { atServer } = drive();
    expect(atServer.filter(({ type }) => type === "RequestReceived")).toHaveLength(191);
    expect(atServer.some(({ type }) => type === "ConnectionTerminated")).toBe(false);
  });

  it("and from a peer nothing is thrown at all, for any octets behind the preface", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (octets, clientSide) => {
        const engine = new H2Connection({ clientSide });
        engine.initiateConnection();
        const start = clientSide ? frames.settings() : frames.preface();
        receive(engine, start, octets);
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});

describe("trap 9: the reserved bit counts for nothing (RFC 9113 section 4.1)", () => {
  it("in the identifier of a promised stream (section 6.6)", () => {
    const engine = clientWithRequest();
    const events = receive(engine, frames.pushPromise(1, 0x80000002).request("GET", "/"));
    expect(told(events)[0]).toContain("PushedStreamReceived stream=2 on=1");
  });

  it("in a frame header, a window increment and the last stream of GOAWAY (sections 6.9 and 6.8)", () => {
    const engine = clientWithRequest();
    expect(told(receive(engine, frames.headers(0x80000001).response(200)))[0]).toContain("stream=1");
    expect(told(receive(engine, frames.windowUpdate(0, 0x80000005)))).toEqual(["WindowUpdated stream=0 +5"]);
    expect(told(receive(engine, frames.goaway(0x80000001)))[0]).toContain("last=1");
  });
});

describe("trap 10: a fault of one stream ends that stream (RFC 9113 section 5.4.2)", () => {
  const head = (): FieldBlockBuilder => frames.headers(1).request("POST", "/");

  it.each<[string, number, readonly Wire[]]>([
    ["a malformed request", PROTOCOL_ERROR, [frames.headers(1).request("GET", "")]],
    ["a long body", PROTOCOL_ERROR, [head().field("content-length", "1"), frames.data(1, "ab")]],
    ["trailers that do not end it", PROTOCOL_ERROR, [head(), frames.headers(1).field("x", "1")]],
    ["WINDOW_UPDATE of 0", PROTOCOL_ERROR, [head(), frames.windowUpdate(1, 0)]],
    ["PRIORITY of 4 octets", FRAME_SIZE_ERROR, [head(), frames.raw(0x2, 0, 1, "1234")]],
    ["DATA behind its end", STREAM_CLOSED, [head().endStream(), frames.data(1, "x")]],
  ])("%s", (_, errorCode, wire) => {
    const engine = server();
    expectStreamError(engine, receive(engine, ...wire), 1, errorCode);
  });
});

describe("trap 11: an error says in words what is wrong", () => {
  it("of a stream that is closed, and of one that never was", () => {
    const engine = clientWithRequest();
    engine.resetStream(1);
    const closed = thrownBy(() => engine.sendData(1, Uint8Array.of(1)));
    expect(closed).toBeInstanceOf(StreamClosedError);
    expect(closed).toMatchObject({ message: "stream 1 is closed", streamId: 1, errorCode: STREAM_CLOSED });
    const unknown = thrownBy(() => engine.sendData(9, Uint8Array.of(1)));
    expect(unknown).toMatchObject({
      message: "stream 9 was never opened",
      streamId: 9,
      errorCode: PROTOCOL_ERROR,
    });
  });
});

describe("smaller traps", () => {
  it("a frame that is too long is refused before it came whole (RFC 9113 section 4.2)", () => {
    const engine = server();
    const events = receive(engine, frames.header(16_385, 0x0, 0, 1));
    expectConnectionError(engine, events, FRAME_SIZE_ERROR);
  });

  it("a wrong preface is answered with GOAWAY (RFC 9113 section 3.4)", () => {
    const engine = new H2Connection({ clientSide: false });
    engine.initiateConnection();
    sent(engine);
    const events = engine.receiveData(frames.raw(0x4, 0, 0));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9113 section 3.4");
  });

  it("an acknowledgement of SETTINGS has no content (RFC 9113 section 6.5)", () => {
    const engine = server();
    const events = receive(engine, frames.raw(0x4, 0x1, 0, "6octet"));
    expectConnectionError(engine, events, FRAME_SIZE_ERROR, "RFC 9113 section 6.5");
  });

  it("an acknowledgement is for one frame of SETTINGS, also if the next one has other settings", () => {
    const engine = client();
    engine.updateSettings({ [SettingCodes.INITIAL_WINDOW_SIZE]: 1 });
    engine.updateSettings({ [SettingCodes.MAX_FRAME_SIZE]: 20_000 });
    receive(engine, frames.settingsAck());
    expect([engine.localSettings.initialWindowSize, engine.maxInboundFrameSize]).toEqual([1, 16_384]);
    receive(engine, frames.settingsAck());
    expect(engine.maxInboundFrameSize).toBe(20_000);
  });

  it("a field block that cannot be decompressed is COMPRESSION_ERROR (RFC 9113 section 4.3)", () => {
    const engine = server();
    const events = receive(engine, frames.headers(1).block(Uint8Array.of(0xff, 0xff, 0x7f)));
    expectConnectionError(engine, events, COMPRESSION_ERROR);
  });

  it("RST_STREAM on an idle stream ends the connection (RFC 9113 section 6.4)", () => {
    const engine = server();
    expectConnectionError(engine, receive(engine, frames.rstStream(1)), PROTOCOL_ERROR);
  });

  it("a frame behind GOAWAY is taken, and streams up to the last one go on (RFC 9113 section 6.8)", () => {
    const { client: one, server: other, drive } = pair();
    one.sendHeaders(1, POST);
    drive();
    other.closeConnection();
    drive();
    one.sendData(1, Uint8Array.of(1), { endStream: true });
    expect(drive().atServer.map(({ type }) => type)).toEqual(["DataReceived", "StreamEnded"]);
    other.sendHeaders(1, OK, { endStream: true });
    expect(drive().atClient.map(({ type }) => type)).toEqual(["ResponseReceived", "StreamEnded"]);
  });

  it("the table of our compression does not grow to whatever the peer allows", () => {
    const engine = client({}, [[SettingCodes.HEADER_TABLE_SIZE, 0xffffffff]]);
    engine.sendHeaders(1, GET, { endStream: true });
    const firstOctetOfBlock = engine.dataToSend()[9] as number;
    expect(firstOctetOfBlock & 0xe0).not.toBe(SIZE_UPDATE);
  });

  it("a half that the peer closed gets no window any more", () => {
    const { client: one, server: other, drive } = pair();
    one.sendHeaders(1, POST);
    for (let frame = 1; frame <= 3; frame++)
      one.sendData(1, new Uint8Array(16_384), { endStream: frame === 3 });
    drive();
    other.acknowledgeReceivedData(49_152, 1);
    expect(sent(other)).toEqual(["WINDOW_UPDATE stream=0 increment=49152"]);
  });
});
