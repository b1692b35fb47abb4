import { describe, expect, it } from "vitest";
import { ErrorCodes, H2Connection, SettingCodes } from "../../src/index.ts";
import { client, GET, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectConnectionError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent, sentFrames } from "../support/wire.ts";

const { HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, MAX_CONCURRENT_STREAMS } = SettingCodes;

/** The octets of the one field block that waits to be sent. */
function blockOf(engine: H2Connection): number[] {
  const block = sentFrames(engine).find(({ frame }) => "fragment" in frame);
  return Array.from((block as { frame: { fragment: Uint8Array } } | undefined)?.frame.fragment ?? []);
}

describe("the SETTINGS of the preface (RFC 9113 section 3.4)", () => {
  it("are acknowledged behind our own", () => {
    const atServer = new H2Connection({ clientSide: false });
    atServer.initiateConnection();
    receive(atServer, frames.preface(), frames.settings([MAX_CONCURRENT_STREAMS, 3]));
    expect(sent(atServer)).toEqual([expect.stringMatching(/^SETTINGS HEADER/), "SETTINGS ACK"]);
    const atClient = new H2Connection({ clientSide: true });
    atClient.initiateConnection();
    receive(atClient, frames.settings());
    expect(sent(atClient)).toEqual([expect.stringMatching(/^SETTINGS HEADER/), "SETTINGS ACK"]);
  });
});

describe("settings of the peer, one behind the other (RFC 9113 section 6.5.3)", () => {
  it("hold from their place in the stream of frames on", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, OK);
    engine.queueData(1, new Uint8Array(20_000));
    receive(engine, frames.settings([INITIAL_WINDOW_SIZE, 10]), frames.windowUpdate(1, 5));
    expect(sent(engine)).toEqual([
      "HEADERS stream=1 END_HEADERS :status=200",
      "SETTINGS ACK",
      "DATA stream=1 length=15",
    ]);
  });

  it("are taken in the order of the frame: the window moves by the last value", () => {
    const engine = serverWithRequest();
    receive(
      engine,
      frames.settings([INITIAL_WINDOW_SIZE, 1], [MAX_FRAME_SIZE, 20_000], [INITIAL_WINDOW_SIZE, 100]),
    );
    expect([engine.localFlowControlWindow(1), engine.maxOutboundFrameSize]).toEqual([100, 20_000]);
  });

  it("are refused by the first one that is wrong", () => {
    const engine = server();
    const events = receive(engine, frames.settings([INITIAL_WINDOW_SIZE, 2 ** 31], [MAX_FRAME_SIZE, 1]));
    expectConnectionError(engine, events, ErrorCodes.FLOW_CONTROL_ERROR);
  });

  it("have the smallest table size signalled, and the last one behind it (RFC 7541 section 4.2)", () => {
    const engine = client();
    engine.sendHeaders(1, [...GET, ["x-a", "stored"]]);
    sent(engine);
    receive(engine, frames.settings([HEADER_TABLE_SIZE, 0], [HEADER_TABLE_SIZE, 4_096]));
    engine.sendHeaders(3, [...GET, ["x-a", "stored"]]);
    expect(blockOf(engine).slice(0, 4)).toEqual([0x20, 0x3f, 0xe1, 0x1f]);
  });

  it("have a smaller table signalled before the fields of the next block (RFC 9113 section 4.3.1)", () => {
    const engine = client();
    receive(engine, frames.settings([HEADER_TABLE_SIZE, 100]));
    engine.sendHeaders(1, GET);
    expect(blockOf(engine).slice(0, 2)).toEqual([0x3f, 100 - 31]);
  });

  it("may leave no room for requests, which is a limit like any other (RFC 9113 section 6.5.2)", () => {
    const engine = client({}, [[MAX_CONCURRENT_STREAMS, 0]]);
    expect(() => engine.sendHeaders(1, GET)).toThrow(/MAX_CONCURRENT_STREAMS|concurrent/i);
    receive(engine, frames.settings([MAX_CONCURRENT_STREAMS, 1]));
    engine.sendHeaders(1, GET);
    expect(engine.openOutboundStreams).toBe(1);
  });
});

describe("settings of ours that the peer does not know yet", () => {
  it("do not count against what it sent before: a smaller window (RFC 9113 section 6.9.3)", () => {
    const engine = serverWithRequest();
    engine.updateSettings({ [INITIAL_WINDOW_SIZE]: 10 });
    const before = frames.data(1, new Uint8Array(1_000));
    expect(told(receive(engine, before))).toEqual(["DataReceived stream=1 1000 octets"]);
    receive(engine, frames.settingsAck());
    expect(engine.remoteFlowControlWindow(1)).toBe(10 - 1_000);
    expect(told(receive(engine, frames.data(1).endStream()))).toHaveLength(2);
  });

  it("do not count against what it sent before: fewer streams (RFC 9113 section 5.1.2)", () => {
    const engine = serverWithRequest();
    engine.updateSettings({ [MAX_CONCURRENT_STREAMS]: 1 });
    expect(told(receive(engine, frames.headers(3).request("GET", "/")))[0]).toMatch(/^RequestReceived/);
    receive(engine, frames.settingsAck());
    expect(told(receive(engine, frames.headers(5).request("GET", "/")))).toEqual([
      "StreamReset stream=5 REFUSED_STREAM local",
    ]);
  });
});
