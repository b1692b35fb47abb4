import { describe, expect, it } from "vitest";
import { type H2Connection, ProtocolError, SettingCodes } from "../../src/index.ts";
import { clientWithRequest, GET, OK, POST, receive, serverWithRequest } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

/** A server that answered on stream 1 and may send this much on each stream. */
function answering(window: number, options: object = {}): H2Connection {
  const engine = serverWithRequest(options, [[SettingCodes.INITIAL_WINDOW_SIZE, window]]);
  engine.sendHeaders(1, OK);
  sent(engine);
  return engine;
}

describe("a queued body (RFC 9113 section 5.2)", () => {
  it("is cut into frames as large as the peer takes them", () => {
    const engine = answering(65_535);
    engine.queueData(1, new Uint8Array(40_000), { endStream: true });
    expect(sent(engine)).toEqual([
      "DATA stream=1 length=16384",
      "DATA stream=1 length=16384",
      "DATA stream=1 END_STREAM length=7232",
    ]);
  });

  it("waits for the window of its stream", () => {
    const engine = answering(4);
    engine.queueData(1, ascii("ten octets"), { endStream: true });
    expect(sent(engine)).toEqual(['DATA stream=1 length=4 "ten "']);
    expect(engine.bufferedAmount(1)).toBe(6);
    receive(engine, frames.windowUpdate(1, 100));
    expect(sent(engine)).toEqual(['DATA stream=1 END_STREAM length=6 "octets"']);
    expect(engine.bufferedAmount(1)).toBe(0);
  });

  it("waits for the window of the connection", () => {
    const engine = answering(100_000);
    engine.queueData(1, new Uint8Array(70_000), { endStream: true });
    expect(sent(engine).at(-1)).toBe("DATA stream=1 length=16383");
    expect(sent(engine)).toEqual([]);
    receive(engine, frames.windowUpdate(0, 10_000));
    expect(sent(engine)).toEqual(["DATA stream=1 END_STREAM length=4465"]);
  });

  it("goes on where SETTINGS open the window, and stops where they close it (section 6.9.2)", () => {
    const engine = answering(0);
    engine.queueData(1, ascii("ten octets"));
    receive(engine, frames.settings([SettingCodes.INITIAL_WINDOW_SIZE, 3]));
    expect(sent(engine)).toEqual(["SETTINGS ACK", 'DATA stream=1 length=3 "ten"']);
    receive(engine, frames.settings([SettingCodes.INITIAL_WINDOW_SIZE, 0]), frames.windowUpdate(1, 3));
    expect(sent(engine)).toEqual(["SETTINGS ACK"]);
  });

  it("is cut only when output is taken, so that what happens before still counts", () => {
    const engine = answering(65_535);
    engine.queueData(1, ascii("never sent"));
    expect(engine.hasOutput).toBe(false);
    receive(engine, frames.rstStream(1));
    expect(sent(engine)).toEqual([]);
  });

  it("may be given in pieces, and ended without octets", () => {
    const engine = answering(65_535);
    engine.queueData(1, ascii("one"));
    engine.queueData(1, ascii("two"));
    engine.queueData(1, new Uint8Array(0), { endStream: true });
    expect(sent(engine)).toEqual(['DATA stream=1 END_STREAM length=6 "onetwo"']);
  });

  it("may be nothing but the end, which needs no window (section 6.9.1)", () => {
    const engine = answering(0);
    engine.queueData(1, new Uint8Array(0), { endStream: true });
    expect(sent(engine)).toEqual(["DATA stream=1 END_STREAM length=0"]);
  });

  it("is ended behind what waits by endStream too", () => {
    const engine = answering(3);
    engine.queueData(1, ascii("abcdef"));
    engine.endStream(1);
    expect(sent(engine)).toEqual(['DATA stream=1 length=3 "abc"']);
    receive(engine, frames.windowUpdate(1, 3));
    expect(sent(engine)).toEqual(['DATA stream=1 END_STREAM length=3 "def"']);
  });

  it("goes out by reference where it is large", () => {
    const engine = answering(65_535);
    const body = new Uint8Array(20_000);
    engine.queueData(1, body);
    expect(engine.takeChunks().filter(({ buffer }) => buffer === body.buffer)).toHaveLength(1);
  });

  it("is gone with its stream", () => {
    const engine = answering(0);
    engine.queueData(1, new Uint8Array(1_000));
    engine.resetStream(1);
    expect(engine.bufferedAmount(1)).toBe(0);
    receive(engine, frames.windowUpdate(1, 1_000));
    expect(sent(engine)).toEqual(["RST_STREAM stream=1 error=NO_ERROR"]);
  });

  it("is not sent once the connection is over", () => {
    const engine = answering(65_535);
    engine.queueData(1, ascii("late"));
    receive(engine, frames.raw(6, 0, 1, "12345678"));
    expect(sent(engine)).toEqual([expect.stringMatching(/^GOAWAY/)]);
  });
});

describe("what follows on a queued body", () => {
  it("are trailers, which wait behind it and end the stream", () => {
    const engine = answering(4);
    engine.queueData(1, ascii("ten octets"));
    engine.sendHeaders(1, [["x-checksum", "9"]], { endStream: true });
    expect(sent(engine)).toEqual(['DATA stream=1 length=4 "ten "']);
    receive(engine, frames.windowUpdate(1, 100));
    expect(sent(engine)).toEqual([
      'DATA stream=1 length=6 "octets"',
      "HEADERS stream=1 END_STREAM END_HEADERS x-checksum=9",
    ]);
    expect(engine.bufferedAmount(1)).toBe(0);
  });

  it("are trailers, compressed in the order in which blocks travel (RFC 7541 section 2.2)", () => {
    const { client, server, drive } = pair({
      client: { initialSettings: { [SettingCodes.INITIAL_WINDOW_SIZE]: 1 } },
    });
    for (const id of [1, 3]) client.sendHeaders(id, GET, { endStream: true });
    drive();
    server.sendHeaders(1, OK);
    server.queueData(1, ascii("held"));
    server.sendHeaders(1, [["x-first", "1"]], { endStream: true });
    server.sendHeaders(3, [...OK, ["x-second", "2"], ["x-first", "1"]], { endStream: true });
    drive();
    client.incrementFlowControlWindow(10, { streamId: 1 });
    expect(told(drive().atClient).at(-2)).toBe("TrailersReceived stream=1 x-first=1");
  });

  it("is no data that overtakes it", () => {
    const engine = answering(1);
    engine.queueData(1, ascii("wait"));
    sent(engine);
    expectMisuse(engine, () => engine.sendData(1, ascii("now")), ProtocolError);
    expectMisuse(engine, () => engine.sendData(1, new Uint8Array(0), { endStream: true }), ProtocolError);
  });

  it("is nothing once it was ended", () => {
    const engine = answering(1);
    engine.queueData(1, ascii("wait"), { endStream: true });
    sent(engine);
    expectMisuse(engine, () => engine.queueData(1, ascii("more")), ProtocolError);
    expectMisuse(engine, () => engine.endStream(1), ProtocolError);
    expectMisuse(engine, () => engine.sendHeaders(1, [["x", "y"]], { endStream: true }), ProtocolError);
  });

  it("is nothing once trailers wait", () => {
    const engine = answering(1);
    engine.queueData(1, ascii("wait"));
    engine.sendHeaders(1, [["x", "y"]], { endStream: true });
    expectMisuse(engine, () => engine.queueData(1, ascii("more")), ProtocolError);
    expectMisuse(engine, () => engine.sendData(1, ascii("more")), ProtocolError);
    expectMisuse(engine, () => engine.sendHeaders(1, [["x", "y"]], { endStream: true }), ProtocolError);
  });
});

describe("back-pressure", () => {
  it("says whether more is welcome: at the low-water mark it is, above it is not", () => {
    const engine = answering(0, { sendBufferLowWaterMark: 10 });
    expect(engine.queueData(1, new Uint8Array(10))).toBe(true);
    expect(engine.queueData(1, new Uint8Array(1))).toBe(false);
    expect(engine.bufferedAmount(1)).toBe(11);
  });

  it("tells once the queue has fallen to the mark, by the next receiveData or by takeEvents", () => {
    const engine = answering(0, { sendBufferLowWaterMark: 10 });
    engine.queueData(1, new Uint8Array(30));
    receive(engine, frames.windowUpdate(1, 19));
    sent(engine);
    expect(engine.takeEvents()).toEqual([]);
    receive(engine, frames.windowUpdate(1, 1));
    sent(engine);
    expect(told(receive(engine, frames.ping()))).toEqual(["StreamDrained stream=1", "PingReceived 12345678"]);
    expect(engine.takeEvents()).toEqual([]);
  });

  it("tells it once, and only where more was not welcome before", () => {
    const engine = answering(1_000, { sendBufferLowWaterMark: 10 });
    engine.queueData(1, new Uint8Array(10));
    sent(engine);
    expect(engine.takeEvents()).toEqual([]);
    engine.queueData(1, new Uint8Array(20));
    engine.queueData(1, new Uint8Array(20));
    sent(engine);
    expect(told(engine.takeEvents())).toEqual(["StreamDrained stream=1"]);
  });

  it("tells nothing of a stream that was reset since", () => {
    const engine = answering(30, { sendBufferLowWaterMark: 10 });
    engine.queueData(1, new Uint8Array(30));
    sent(engine);
    engine.resetStream(1);
    expect(engine.takeEvents()).toEqual([]);
  });

  it("has 65,536 octets as its mark where nothing is said", () => {
    const engine = answering(0);
    expect(engine.queueData(1, new Uint8Array(65_536))).toBe(true);
    expect(engine.queueData(1, new Uint8Array(1))).toBe(false);
  });

  it("counts nothing for streams that are not there", () => {
    expect(answering(0).bufferedAmount(99)).toBe(0);
  });
});

describe("a long body between two engines", () => {
  it("arrives whole, by windows that open as it is acknowledged", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, POST);
    const body = Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251);
    client.queueData(1, body, { endStream: true });
    const received: number[] = [];
    for (let turns = 0; turns < 100 && received.length < body.length; turns++) {
      for (const event of drive().atServer) {
        if (event.type !== "DataReceived") continue;
        for (const octet of event.data) received.push(octet);
        server.acknowledgeReceivedData(event.flowControlledLength, 1);
      }
    }
    expect(Buffer.from(received).equals(body)).toBe(true);
  });

  it("waits for a client's server that never opens a window", () => {
    const engine = clientWithRequest({}, [[SettingCodes.INITIAL_WINDOW_SIZE, 0]]);
    engine.queueData(1, new Uint8Array(1_000), { endStream: true });
    expect(sent(engine)).toEqual([]);
    expect(engine.bufferedAmount(1)).toBe(1_000);
  });
});
