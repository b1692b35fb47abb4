import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection, SettingCodes } from "../../src/index.ts";
import { clientWithRequest, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames, joined } from "../support/frames.ts";
import { expectConnectionError, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR } = ErrorCodes;

/** A server with requests on streams 1 and 3, whose streams have windows of 10 octets. */
function serverWithSmallWindows(): H2Connection {
  const engine = server({ initialSettings: { [SettingCodes.INITIAL_WINDOW_SIZE]: 10 } });
  receive(engine, frames.headers(1).request("POST", "/"), frames.headers(3).request("POST", "/"));
  return engine;
}

describe("DATA that comes in (RFC 9113 section 6.1)", () => {
  it("is told with what it takes from the windows", () => {
    const [event] = receive(serverWithRequest(), frames.data(1, "body"));
    expect(event).toMatchObject({
      type: "DataReceived",
      streamId: 1,
      flowControlledLength: 4,
      streamEnded: null,
    });
  });

  it("takes from the windows with its padding and the octet that says how much (section 6.9.1)", () => {
    expect(told(receive(serverWithRequest(), frames.data(1, "body").padded(10)))).toEqual([
      'DataReceived stream=1 "body" takes=15',
    ]);
  });

  it("may be empty", () => {
    expect(told(receive(serverWithRequest(), frames.data(1)))).toEqual(['DataReceived stream=1 ""']);
  });

  it("may be nothing but padding", () => {
    expect(told(receive(serverWithRequest(), frames.data(1).padded(5)))).toEqual([
      'DataReceived stream=1 "" takes=6',
    ]);
  });

  it("may end the stream, with the same event in the list and in DataReceived", () => {
    const [data, ended] = receive(serverWithRequest(), frames.data(1, "x").endStream());
    expect(ended).toEqual({ type: "StreamEnded", streamId: 1 });
    expect((data as { streamEnded: unknown }).streamEnded).toBe(ended);
  });

  it("is a view on the chunk, not a copy, and no Buffer even where the chunk is one", () => {
    const chunk = Buffer.from(joined(frames.data(1, "body")));
    const [event] = serverWithRequest().receiveData(chunk);
    const { data } = event as { data: Uint8Array };
    expect(data.buffer).toBe(chunk.buffer);
    expect(Object.getPrototypeOf(data)).toBe(Uint8Array.prototype);
  });

  it("is whole even where the frame came in pieces", () => {
    const engine = serverWithRequest();
    const octets = joined(frames.data(1, "body").endStream());
    const events = Array.from(octets).flatMap((octet) => engine.receiveData(Uint8Array.of(octet)));
    expect(told(events)).toEqual(['DataReceived stream=1 "body"', "StreamEnded stream=1"]);
  });

  it.each([
    ["comes on stream 0", frames.raw(0, 0, 0, "x"), PROTOCOL_ERROR, "RFC 9113 section 6.1"],
    [
      "is padded beyond its end",
      frames.raw(0, 8, 1, Uint8Array.of(2, 0)),
      PROTOCOL_ERROR,
      "RFC 9113 section 6.1",
    ],
    [
      "has no room for the length of its padding",
      frames.raw(0, 8, 1),
      FRAME_SIZE_ERROR,
      "RFC 9113 section 4.2",
    ],
    [
      "is longer than MAX_FRAME_SIZE",
      frames.data(1, new Uint8Array(16_385)),
      FRAME_SIZE_ERROR,
      "RFC 9113 section 4.2",
    ],
    ["comes on an idle stream", frames.data(3, "x"), PROTOCOL_ERROR, "RFC 9113 section 5.1"],
  ])("costs the connection where it %s", (_what, frame, errorCode, section) => {
    const engine = serverWithRequest();
    expectConnectionError(engine, receive(engine, frame), errorCode, section);
  });

  it("is refused from its header where it is too long, without waiting for the rest (section 4.2)", () => {
    const engine = serverWithRequest();
    expectConnectionError(engine, receive(engine, frames.header(16_385, 0, 0, 1)), FRAME_SIZE_ERROR);
  });

  it("costs the stream where no head came before it (section 8.1)", () => {
    const engine = clientWithRequest();
    expectStreamError(
      engine,
      receive(engine, frames.data(1, "x")),
      1,
      PROTOCOL_ERROR,
      "RFC 9113 section 8.1",
    );
    expect(engine.inboundFlowControlWindow).toBe(65_534);
  });
});

describe("the windows that DATA takes from (RFC 9113 section 6.9)", () => {
  it("are those of the stream and of the connection", () => {
    const engine = serverWithSmallWindows();
    receive(engine, frames.data(1, "12345"));
    expect([engine.remoteFlowControlWindow(1), engine.remoteFlowControlWindow(3)]).toEqual([5, 10]);
    expect(engine.inboundFlowControlWindow).toBe(65_530);
  });

  it("may be used up to the last octet", () => {
    const engine = serverWithSmallWindows();
    expect(told(receive(engine, frames.data(1, "1234567890"), frames.data(1)))).toHaveLength(2);
  });

  it("let the end of a stream in without octets, even where SETTINGS put its window below zero (section 6.9.1)", () => {
    const engine = serverWithSmallWindows();
    receive(engine, frames.data(1, "12345"));
    engine.updateSettings({ [SettingCodes.INITIAL_WINDOW_SIZE]: 0 });
    receive(engine, frames.settingsAck());
    expect(engine.remoteFlowControlWindow(1)).toBe(-5);
    expect(told(receive(engine, frames.data(1).endStream())).at(-1)).toBe("StreamEnded stream=1");
  });

  it("end the stream where its own is overrun (section 6.9.1)", () => {
    const engine = serverWithSmallWindows();
    const events = receive(engine, frames.data(1, "1234567890!"));
    expectStreamError(engine, events, 1, FLOW_CONTROL_ERROR, "RFC 9113 section 6.9.1");
    expect(told(receive(engine, frames.data(3, "ok")))).toEqual(['DataReceived stream=3 "ok"']);
  });

  it("end the connection where that of the connection is overrun (section 6.9.1)", () => {
    const engine = server({ initialSettings: { [SettingCodes.INITIAL_WINDOW_SIZE]: 100_000 } });
    receive(engine, frames.headers(1).request("POST", "/"));
    const full = Array.from({ length: 3 }, () => frames.data(1, new Uint8Array(16_384)));
    receive(engine, ...full, frames.data(1, new Uint8Array(16_383)));
    expect(engine.inboundFlowControlWindow).toBe(0);
    const events = receive(engine, frames.data(1, "x"));
    expectConnectionError(engine, events, FLOW_CONTROL_ERROR, "RFC 9113 section 6.9.1");
  });

  it("count padding, which alone can overrun them", () => {
    const engine = serverWithSmallWindows();
    expectStreamError(engine, receive(engine, frames.data(1, "x").padded(9)), 1, FLOW_CONTROL_ERROR);
  });

  it("of the connection is given back for DATA that nobody will read", () => {
    const engine = server();
    for (let id = 1; id < 12; id += 2) {
      receive(engine, frames.headers(id).request("POST", "/"));
      engine.resetStream(id);
      receive(engine, frames.data(id, new Uint8Array(16_000)));
    }
    expect(sent(engine).filter((line) => line.startsWith("WINDOW_UPDATE"))).toEqual([
      "WINDOW_UPDATE stream=0 increment=48000",
      "WINDOW_UPDATE stream=0 increment=48000",
    ]);
    expect(engine.inboundFlowControlWindow).toBe(65_535);
  });
});
