import { describe, expect, it } from "vitest";
import {
  ErrorCodes,
  FlowControlError,
  FrameTooLargeError,
  NoSuchStreamError,
  ProtocolError,
  SettingCodes,
  StreamClosedError,
} from "../../src/index.ts";
import { clientWithRequest, OK, receive, serverWithRequest } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectMisuse } from "../support/outcome.ts";
import { sent } from "../support/wire.ts";

const ONE = Uint8Array.of(0x31);

describe("DATA that goes out at once (RFC 9113 section 6.1)", () => {
  it("is one frame, and takes from both windows", () => {
    const engine = clientWithRequest();
    engine.sendData(1, ascii("body"));
    engine.sendData(1, ascii("end"), { endStream: true });
    expect(sent(engine)).toEqual([
      'DATA stream=1 length=4 "body"',
      'DATA stream=1 END_STREAM length=3 "end"',
    ]);
    expect([engine.outboundFlowControlWindow, engine.localFlowControlWindow(1)]).toEqual([65_528, 65_528]);
  });

  it("may be padded, which counts for the windows with the octet that says how much (section 6.9.1)", () => {
    const engine = clientWithRequest();
    engine.sendData(1, ascii("x"), { padLength: 9 });
    engine.sendData(1, ascii("y"), { padLength: 0 });
    expect(sent(engine)).toEqual(['DATA stream=1 PADDED length=11 "x"', 'DATA stream=1 PADDED length=2 "y"']);
    expect(engine.localFlowControlWindow(1)).toBe(65_522);
  });

  it("ends the stream without octets by endStream", () => {
    const engine = clientWithRequest();
    engine.endStream(1);
    expect(sent(engine)).toEqual(["DATA stream=1 END_STREAM length=0"]);
  });

  it("goes out by reference where it is large, and is copied where it is small", () => {
    const engine = clientWithRequest();
    const [small, large] = [new Uint8Array(100).fill(1), new Uint8Array(10_000).fill(1)];
    engine.sendData(1, small);
    engine.sendData(1, large);
    const chunks = engine.takeChunks();
    expect(chunks).toContain(large);
    expect(chunks.some(({ buffer }) => buffer === small.buffer)).toBe(false);
  });

  it("may be empty where the window is not open", () => {
    const engine = clientWithRequest({}, [[SettingCodes.INITIAL_WINDOW_SIZE, 0]]);
    engine.sendData(1, new Uint8Array(0));
    expect(sent(engine)).toEqual(["DATA stream=1 length=0"]);
  });
});

describe("DATA that cannot go out", () => {
  it("is larger than the window of the stream (section 5.2)", () => {
    const engine = clientWithRequest({}, [[SettingCodes.INITIAL_WINDOW_SIZE, 3]]);
    expect(expectMisuse(engine, () => engine.sendData(1, ascii("four")), FlowControlError).errorCode).toBe(
      ErrorCodes.FLOW_CONTROL_ERROR,
    );
    expectMisuse(engine, () => engine.sendData(1, ascii("two"), { padLength: 0 }), FlowControlError);
    expectMisuse(engine, () => engine.sendData(1, new Uint8Array(0), { padLength: 3 }), FlowControlError);
    engine.sendData(1, ascii("two"));
  });

  it("is larger than the window of the connection (section 5.2)", () => {
    const engine = clientWithRequest({}, [[SettingCodes.INITIAL_WINDOW_SIZE, 100_000]]);
    for (let index = 0; index < 4; index++) engine.sendData(1, new Uint8Array(16_383));
    expect(engine.localFlowControlWindow(1)).toBe(3);
    expectMisuse(engine, () => engine.sendData(1, ascii("four")), FlowControlError);
  });

  it("is larger than a frame may be (section 4.2)", () => {
    const engine = clientWithRequest();
    const error = expectMisuse(engine, () => engine.sendData(1, new Uint8Array(16_385)), FrameTooLargeError);
    expect(error.errorCode).toBe(ErrorCodes.FRAME_SIZE_ERROR);
    expectMisuse(
      engine,
      () => engine.sendData(1, new Uint8Array(16_384), { padLength: 0 }),
      FrameTooLargeError,
    );
  });

  it("has no stream", () => {
    const engine = clientWithRequest();
    expectMisuse(engine, () => engine.sendData(3, ONE), NoSuchStreamError);
    expectMisuse(engine, () => engine.endStream(3), NoSuchStreamError);
    expectMisuse(engine, () => engine.queueData(3, ONE), NoSuchStreamError);
    engine.resetStream(1);
    expectMisuse(engine, () => engine.sendData(1, ONE), StreamClosedError);
    expectMisuse(engine, () => engine.endStream(1), StreamClosedError);
    expectMisuse(engine, () => engine.queueData(1, ONE), StreamClosedError);
  });

  it("comes before the head of the response (section 8.1)", () => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.sendData(1, ONE), ProtocolError);
    expectMisuse(engine, () => engine.queueData(1, ONE), ProtocolError);
    engine.sendHeaders(1, [[":status", "103"]]);
    expectMisuse(engine, () => engine.sendData(1, ONE), ProtocolError);
  });

  it("comes behind the end of the stream (section 5.1)", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, OK);
    engine.endStream(1);
    expectMisuse(engine, () => engine.sendData(1, ONE), ProtocolError);
    expectMisuse(engine, () => engine.endStream(1), ProtocolError);
    receive(engine, frames.data(1).endStream());
    expectMisuse(engine, () => engine.sendData(1, ONE), StreamClosedError);
  });

  it.each([
    ["text", "text"],
    ["a list", [1, 2]],
    ["an ArrayBuffer", new ArrayBuffer(2)],
    ["nothing", undefined],
  ])("is %s", (_what, data) => {
    const engine = clientWithRequest();
    expectMisuse(engine, () => engine.sendData(1, data as unknown as Uint8Array), TypeError);
    expectMisuse(engine, () => engine.queueData(1, data as unknown as Uint8Array), TypeError);
  });

  it("has padding that is not 0 to 255 octets long", () => {
    const engine = clientWithRequest();
    for (const padLength of [-1, 256])
      expectMisuse(engine, () => engine.sendData(1, ONE, { padLength }), RangeError);
    for (const padLength of [0.5, Number.NaN]) {
      expectMisuse(engine, () => engine.sendData(1, ONE, { padLength }), TypeError);
    }
  });
});
