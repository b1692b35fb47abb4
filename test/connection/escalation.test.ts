import { describe, expect, it } from "vitest";
import { ErrorCodes, SettingCodes } from "../../src/index.ts";
import { clientWithRequest, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames, type Wire } from "../support/frames.ts";
import { expectConnectionError, expectStreamError } from "../support/outcome.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, FLOW_CONTROL_ERROR, STREAM_CLOSED, FRAME_SIZE_ERROR, ENHANCE_YOUR_CALM } = ErrorCodes;
const ESCALATED = { escalateStreamErrors: true };

describe("escalateStreamErrors: what would cost a stream costs the connection (RFC 9113 section 5.4.1)", () => {
  const faults: readonly (readonly [string, readonly Wire[], number])[] = [
    ["a malformed request", [frames.headers(3).field(":method", "GET")], PROTOCOL_ERROR],
    ["trailers that do not end the stream", [frames.headers(1).field("x", "y")], PROTOCOL_ERROR],
    ["WINDOW_UPDATE of nothing", [frames.windowUpdate(1, 0)], PROTOCOL_ERROR],
    ["PRIORITY that is too short", [frames.raw(2, 0, 1, "1234")], FRAME_SIZE_ERROR],
    ["DATA beyond the window of a stream", [frames.data(1, "more than ten octets")], FLOW_CONTROL_ERROR],
    [
      "a field section that is too large",
      [frames.headers(3).request("GET", "/").field("x", "y".repeat(500))],
      ENHANCE_YOUR_CALM,
    ],
  ];

  it.each(faults)("%s", (_what, wire, errorCode) => {
    const engine = serverWithRequest({
      ...ESCALATED,
      strictStart: true,
      initialSettings: { [SettingCodes.INITIAL_WINDOW_SIZE]: 10, [SettingCodes.MAX_HEADER_LIST_SIZE]: 400 },
    });
    expectConnectionError(engine, receive(engine, ...wire), errorCode);
  });

  it("a body of the wrong length", () => {
    const engine = server(ESCALATED);
    const request = frames.headers(1).request("POST", "/").field("content-length", "5");
    expectConnectionError(engine, receive(engine, request, frames.data(1).endStream()), PROTOCOL_ERROR);
  });

  it("a stream too many, with PROTOCOL_ERROR", () => {
    const engine = serverWithRequest({
      ...ESCALATED,
      initialSettings: { [SettingCodes.MAX_CONCURRENT_STREAMS]: 1 },
    });
    const events = receive(engine, frames.headers(3).request("GET", "/"));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9113 section 5.1.2");
  });

  it("keeps the events of the frames before", () => {
    const engine = server(ESCALATED);
    const events = receive(engine, frames.ping(), frames.headers(1).field("x", "y"));
    expect(events.map(({ type }) => type)).toEqual(["PingReceived", "ConnectionTerminated"]);
  });
});

describe("what stays a fault of the stream even so, as in hyper-h2", () => {
  it("is a window that overflows", () => {
    const engine = clientWithRequest(ESCALATED);
    expectStreamError(engine, receive(engine, frames.windowUpdate(1, 2 ** 31 - 1)), 1, FLOW_CONTROL_ERROR);
  });

  it("is a frame on a stream that the peer had closed", () => {
    const engine = server(ESCALATED);
    receive(engine, frames.headers(1).request("GET", "/").endStream());
    expectStreamError(engine, receive(engine, frames.data(1, "x")), 1, STREAM_CLOSED);
  });

  it("is a promise on a stream that we reset", () => {
    const engine = clientWithRequest(ESCALATED);
    engine.resetStream(1);
    sent(engine);
    receive(engine, frames.pushPromise(1, 2).request("GET", "/"));
    expect(sent(engine)).toEqual(["RST_STREAM stream=2 error=REFUSED_STREAM"]);
  });
});
