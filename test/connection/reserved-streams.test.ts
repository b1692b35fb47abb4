import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection, ProtocolError } from "../../src/index.ts";
import { clientWithRequest, GET, OK, receive, serverWithRequest } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectConnectionError, expectMisuse } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, CANCEL } = ErrorCodes;

/** A server that promised stream 2. */
function promising(): H2Connection {
  const engine = serverWithRequest();
  engine.pushStream(1, 2, GET);
  sent(engine);
  return engine;
}

/** A client that was promised stream 2. */
function promised(): H2Connection {
  const engine = clientWithRequest();
  receive(engine, frames.pushPromise(1, 2).request("GET", "/"));
  return engine;
}

describe("a stream that is reserved (local) (RFC 9113 section 5.1)", () => {
  it.each([
    ["DATA", frames.data(2, "x")],
    ["HEADERS", frames.headers(2).request("GET", "/")],
  ])("ends the connection where %s comes on it from the client", (_what, frame) => {
    const engine = promising();
    expectConnectionError(engine, receive(engine, frame), PROTOCOL_ERROR);
  });

  it("takes WINDOW_UPDATE, PRIORITY and RST_STREAM", () => {
    expect(
      told(receive(promising(), frames.windowUpdate(2, 5), frames.priority(2), frames.rstStream(2, CANCEL))),
    ).toEqual([
      "WindowUpdated stream=2 +5",
      "PriorityUpdated stream=2 weight=16 dependsOn=0",
      "StreamReset stream=2 CANCEL remote",
    ]);
  });

  it("lets HEADERS and RST_STREAM out, and neither DATA nor WINDOW_UPDATE", () => {
    const engine = promising();
    expectMisuse(engine, () => engine.sendData(2, ascii("x")), ProtocolError);
    expectMisuse(engine, () => engine.queueData(2, ascii("x")), ProtocolError);
    expectMisuse(engine, () => engine.endStream(2), ProtocolError);
    expectMisuse(engine, () => engine.incrementFlowControlWindow(1, { streamId: 2 }), ProtocolError);
    engine.sendHeaders(2, OK, { endStream: true });
    expect(sent(engine)).toEqual(["HEADERS stream=2 END_STREAM END_HEADERS :status=200"]);
  });
});

describe("a stream that is reserved (remote) (RFC 9113 section 5.1)", () => {
  it.each([
    ["DATA", frames.data(2, "x")],
    ["WINDOW_UPDATE", frames.windowUpdate(2, 1)],
    ["PUSH_PROMISE", frames.pushPromise(2, 4).request("GET", "/")],
  ])("ends the connection where %s comes on it from the server", (_what, frame) => {
    const engine = promised();
    expectConnectionError(engine, receive(engine, frame), PROTOCOL_ERROR);
  });

  it("takes PRIORITY, RST_STREAM and HEADERS", () => {
    expect(told(receive(promised(), frames.priority(2), frames.headers(2).response(200)))).toEqual([
      "PriorityUpdated stream=2 weight=16 dependsOn=0",
      "ResponseReceived stream=2 :status=200",
    ]);
    expect(told(receive(promised(), frames.rstStream(2, CANCEL)))).toEqual([
      "StreamReset stream=2 CANCEL remote",
    ]);
  });

  it("lets RST_STREAM, WINDOW_UPDATE and PRIORITY out, and neither HEADERS nor DATA", () => {
    const engine = promised();
    expectMisuse(engine, () => engine.sendHeaders(2, GET), ProtocolError);
    expectMisuse(engine, () => engine.sendData(2, ascii("x")), ProtocolError);
    expectMisuse(engine, () => engine.queueData(2, ascii("x")), ProtocolError);
    engine.incrementFlowControlWindow(1, { streamId: 2 });
    engine.prioritize(2);
    engine.resetStream(2, { errorCode: CANCEL });
    expect(sent(engine)).toEqual([
      "WINDOW_UPDATE stream=2 increment=1",
      "PRIORITY stream=2 dependsOn=0 weight=16",
      "RST_STREAM stream=2 error=CANCEL",
    ]);
  });

  it("may be reset where the client finds that the server may not speak for it (section 8.4)", () => {
    const engine = promised();
    engine.resetStream(2, { errorCode: PROTOCOL_ERROR });
    expect(sent(engine)).toEqual(["RST_STREAM stream=2 error=PROTOCOL_ERROR"]);
    expect(receive(engine, frames.headers(2).response(200), frames.data(2, "x").endStream())).toEqual([]);
  });

  it("is half-closed for the client once its response began: nothing else opens it", () => {
    const engine = promised();
    receive(engine, frames.headers(2).response(200));
    expectMisuse(engine, () => engine.sendHeaders(2, GET, { endStream: true }), ProtocolError);
    const events = receive(engine, frames.pushPromise(2, 4).request("GET", "/"));
    expectConnectionError(engine, events, PROTOCOL_ERROR);
  });
});
