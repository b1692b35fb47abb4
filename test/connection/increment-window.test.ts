import { describe, expect, it } from "vitest";
import {
  ErrorCodes,
  FlowControlError,
  NoSuchStreamError,
  ProtocolError,
  StreamClosedError,
} from "../../src/index.ts";
import { client, clientWithRequest, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectConnectionError, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR } = ErrorCodes;
const LARGEST = 2 ** 31 - 1;

describe("windows that we open by hand (RFC 9113 section 6.9)", () => {
  it("are that of the connection or that of a stream", () => {
    const engine = serverWithRequest();
    engine.incrementFlowControlWindow(100);
    engine.incrementFlowControlWindow(50, { streamId: 1 });
    expect(sent(engine)).toEqual([
      "WINDOW_UPDATE stream=0 increment=100",
      "WINDOW_UPDATE stream=1 increment=50",
    ]);
    expect([engine.inboundFlowControlWindow, engine.remoteFlowControlWindow(1)]).toEqual([65_635, 65_585]);
  });

  it("keep their new size from then on", () => {
    const engine = serverWithRequest();
    engine.incrementFlowControlWindow(LARGEST - 65_535);
    receive(engine, frames.data(1, new Uint8Array(16_384)));
    engine.acknowledgeReceivedData(16_384, 1);
    expect(engine.inboundFlowControlWindow).toBe(LARGEST - 16_384);
  });

  it.each([0, -1, 1.5, 2 ** 31, Number.NaN])("cannot grow by %s octets", (increment) => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.incrementFlowControlWindow(increment), RangeError);
    expectMisuse(engine, () => engine.incrementFlowControlWindow(increment, { streamId: 1 }), RangeError);
  });

  it("cannot be larger than 2^31 - 1 (section 6.9.1)", () => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.incrementFlowControlWindow(LARGEST), FlowControlError);
    expectMisuse(engine, () => engine.incrementFlowControlWindow(LARGEST, { streamId: 1 }), FlowControlError);
  });

  it("need a stream that is there", () => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.incrementFlowControlWindow(1, { streamId: 3 }), NoSuchStreamError);
    engine.resetStream(1);
    expectMisuse(engine, () => engine.incrementFlowControlWindow(1, { streamId: 1 }), StreamClosedError);
  });

  it("are not for a stream that we promised: nothing comes there (section 5.1)", () => {
    const engine = serverWithRequest();
    engine.pushStream(1, 2, [
      [":method", "GET"],
      [":scheme", "https"],
      [":authority", "a"],
      [":path", "/"],
    ]);
    expectMisuse(engine, () => engine.incrementFlowControlWindow(1, { streamId: 2 }), ProtocolError);
  });
});

describe("windows that the peer opens (RFC 9113 section 6.9)", () => {
  it("are that of the connection or that of a stream", () => {
    const engine = clientWithRequest();
    expect(told(receive(engine, frames.windowUpdate(0, 7), frames.windowUpdate(1, 5)))).toEqual([
      "WindowUpdated stream=0 +7",
      "WindowUpdated stream=1 +5",
    ]);
    expect([engine.outboundFlowControlWindow, engine.localFlowControlWindow(1)]).toEqual([65_542, 65_540]);
  });

  it("do not see the reserved bit before the increment", () => {
    const engine = client();
    receive(engine, frames.raw(8, 0, 0, Uint8Array.of(0x80, 0, 0, 1)));
    expect(engine.outboundFlowControlWindow).toBe(65_536);
  });

  it("end the connection where that of the connection would pass 2^31 - 1 (section 6.9.1)", () => {
    const engine = client();
    const events = receive(engine, frames.windowUpdate(0, LARGEST));
    expectConnectionError(engine, events, FLOW_CONTROL_ERROR, "RFC 9113 section 6.9.1");
  });

  it("end the stream where its own would pass 2^31 - 1 (section 6.9.1)", () => {
    const engine = clientWithRequest();
    const events = receive(engine, frames.windowUpdate(1, LARGEST));
    expectStreamError(engine, events, 1, FLOW_CONTROL_ERROR, "RFC 9113 section 6.9.1");
  });

  it("cannot grow by nothing: that costs what was meant (section 6.9)", () => {
    const engine = clientWithRequest();
    expectStreamError(
      engine,
      receive(engine, frames.windowUpdate(1, 0)),
      1,
      PROTOCOL_ERROR,
      "RFC 9113 section 6.9",
    );
    expectConnectionError(
      engine,
      receive(engine, frames.windowUpdate(0, 0)),
      PROTOCOL_ERROR,
      "RFC 9113 section 6.9",
    );
  });

  it.each([3, 5])("end the connection where the frame is not four octets long, but %i", (length) => {
    const engine = server();
    const events = receive(engine, frames.raw(8, 0, 0, new Uint8Array(length)));
    expectConnectionError(engine, events, FRAME_SIZE_ERROR, "RFC 9113 section 6.9");
  });

  it("end the connection where the stream is idle (section 5.1)", () => {
    const engine = server();
    expectConnectionError(
      engine,
      receive(engine, frames.windowUpdate(1, 1)),
      PROTOCOL_ERROR,
      "RFC 9113 section 5.1",
    );
  });
});

describe("asking for windows", () => {
  it("gives the smaller one of stream and connection", () => {
    const engine = clientWithRequest();
    receive(engine, frames.windowUpdate(1, 100_000));
    expect(engine.localFlowControlWindow(1)).toBe(65_535);
    engine.incrementFlowControlWindow(100, { streamId: 1 });
    expect(engine.remoteFlowControlWindow(1)).toBe(65_535);
  });

  it("needs a stream that is there", () => {
    const engine = clientWithRequest();
    expectMisuse(engine, () => engine.localFlowControlWindow(3), NoSuchStreamError);
    expectMisuse(engine, () => engine.remoteFlowControlWindow(2), NoSuchStreamError);
    engine.resetStream(1);
    expectMisuse(engine, () => engine.localFlowControlWindow(1), StreamClosedError);
    expectMisuse(engine, () => engine.remoteFlowControlWindow(1), StreamClosedError);
  });
});
