import { describe, expect, it } from "vitest";
import { type H2Connection, NoSuchStreamError, SettingCodes } from "../../src/index.ts";
import { receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectMisuse } from "../support/outcome.ts";
import { sent } from "../support/wire.ts";

/** A server that received this much on stream 1. */
function serverWithBody(octets: number): H2Connection {
  const engine = serverWithRequest();
  for (let left = octets; left > 0; left -= 16_384)
    receive(engine, frames.data(1, new Uint8Array(Math.min(left, 16_384))));
  return engine;
}

describe("octets that the application is done with", () => {
  it("open both windows, that of the connection first, once half of a window was processed", () => {
    const engine = serverWithBody(40_000);
    engine.acknowledgeReceivedData(32_766, 1);
    expect(sent(engine)).toEqual([]);
    engine.acknowledgeReceivedData(1, 1);
    expect(sent(engine)).toEqual([
      "WINDOW_UPDATE stream=0 increment=32767",
      "WINDOW_UPDATE stream=1 increment=32767",
    ]);
    expect(engine.remoteFlowControlWindow(1)).toBe(65_535 - 40_000 + 32_767);
  });

  it("open them early for a peer at zero: not with 1,024 octets, but with 1,025", () => {
    const engine = serverWithBody(65_535);
    engine.acknowledgeReceivedData(1_024, 1);
    expect(sent(engine)).toEqual([]);
    engine.acknowledgeReceivedData(1, 1);
    expect(sent(engine)).toEqual([
      "WINDOW_UPDATE stream=0 increment=1025",
      "WINDOW_UPDATE stream=1 increment=1025",
    ]);
  });

  it("open each window by its own measure", () => {
    const engine = server({ initialSettings: { [SettingCodes.INITIAL_WINDOW_SIZE]: 100 } });
    receive(engine, frames.headers(1).request("POST", "/"), frames.data(1, new Uint8Array(60)));
    engine.acknowledgeReceivedData(60, 1);
    expect(sent(engine)).toEqual(["WINDOW_UPDATE stream=1 increment=60"]);
  });

  it("add up over streams for the connection", () => {
    const engine = server();
    for (const id of [1, 3, 5]) {
      receive(engine, frames.headers(id).request("POST", "/"), frames.data(id, new Uint8Array(16_000)));
      engine.acknowledgeReceivedData(16_000, id);
    }
    expect(sent(engine)).toEqual(["WINDOW_UPDATE stream=0 increment=48000"]);
  });

  it("open nothing beyond the size of the window, however much is acknowledged", () => {
    const engine = serverWithBody(10);
    engine.acknowledgeReceivedData(1_000_000, 1);
    expect([engine.inboundFlowControlWindow, engine.remoteFlowControlWindow(1)]).toEqual([65_535, 65_535]);
  });

  it("open the connection alone where the peer has ended its half: it needs no window there", () => {
    const engine = serverWithBody(40_000);
    receive(engine, frames.data(1).endStream());
    engine.acknowledgeReceivedData(40_000, 1);
    expect(sent(engine)).toEqual(["WINDOW_UPDATE stream=0 increment=40000"]);
  });

  it.each([
    ["we reset", (engine: H2Connection) => engine.resetStream(1)],
    ["the peer reset", (engine: H2Connection) => void receive(engine, frames.rstStream(1))],
  ])("open the connection alone where %s the stream", (_who, reset) => {
    const engine = serverWithBody(40_000);
    reset(engine);
    engine.acknowledgeReceivedData(40_000, 1);
    expect(sent(engine).at(-1)).toBe("WINDOW_UPDATE stream=0 increment=40000");
  });

  it("may be none", () => {
    const engine = serverWithBody(10);
    engine.acknowledgeReceivedData(0, 1);
    expect(sent(engine)).toEqual([]);
  });

  it("count for nothing once the connection is over", () => {
    const engine = serverWithBody(40_000);
    engine.closeConnection({ errorCode: 1 });
    sent(engine);
    engine.acknowledgeReceivedData(40_000, 1);
    expect(sent(engine)).toEqual([]);
  });

  it("are never of a stream that nobody opened", () => {
    const engine = serverWithBody(65_535);
    expectMisuse(engine, () => engine.acknowledgeReceivedData(40_000, 3), NoSuchStreamError);
    expectMisuse(engine, () => engine.acknowledgeReceivedData(40_000, 2), NoSuchStreamError);
  });

  it.each([
    ["a stream of 0", 10, 0],
    ["a stream below 0", 10, -1],
    ["half a stream", 10, 1.5],
    ["octets below 0", -1, 1],
    ["half an octet", 0.5, 1],
  ])("cannot be %s", (_what, octets, streamId) => {
    const engine = serverWithBody(65_535);
    expectMisuse(engine, () => engine.acknowledgeReceivedData(octets, streamId), RangeError);
  });
});
