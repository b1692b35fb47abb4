import { describe, expect, it } from "vitest";
import { Encoder } from "../../src/hpack/index.ts";
import {
  ErrorCodes,
  NoSuchStreamError,
  ProtocolError,
  SettingCodes,
  StreamClosedError,
  StreamIDTooLowError,
  TooManyStreamsError,
} from "../../src/index.ts";
import {
  client,
  clientWithRequest,
  GET,
  OK,
  POST,
  receive,
  requestHead,
  server,
  serverWithRequest,
} from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectConnectionError, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { hex, sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, REFUSED_STREAM, COMPRESSION_ERROR, FRAME_SIZE_ERROR, ENHANCE_YOUR_CALM } = ErrorCodes;

function promise(parent: number, promised: number) {
  return frames.pushPromise(parent, promised).request("GET", "/a.css");
}

describe("a promise that a server sends (RFC 9113 section 8.4)", () => {
  it("goes on the stream of the request, and the response on the promised one", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    drive();
    server.pushStream(1, 2, requestHead("GET", "/a.css"));
    server.sendHeaders(2, OK);
    server.sendData(2, Uint8Array.of(0x41), { endStream: true });
    expect(told(drive().atClient)).toEqual([
      "PushedStreamReceived stream=2 on=1 :method=GET :scheme=https :authority=example.com :path=/a.css",
      "ResponseReceived stream=2 :status=200",
      'DataReceived stream=2 "A"',
      "StreamEnded stream=2",
    ]);
  });

  it("does not count before its response begins (section 5.1.2)", () => {
    const engine = serverWithRequest({}, [[SettingCodes.MAX_CONCURRENT_STREAMS, 1]]);
    for (const id of [2, 4, 6]) engine.pushStream(1, id, GET);
    expect(engine.openOutboundStreams).toBe(0);
    engine.sendHeaders(2, OK);
    expect(engine.openOutboundStreams).toBe(1);
    expectMisuse(engine, () => engine.sendHeaders(4, OK), TooManyStreamsError);
    engine.endStream(2);
    engine.sendHeaders(4, OK, { endStream: true });
  });

  it("may be taken back, by either side (section 5.1)", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    drive();
    server.pushStream(1, 2, GET);
    server.resetStream(2, { errorCode: ErrorCodes.CANCEL });
    server.pushStream(1, 4, GET);
    drive();
    client.resetStream(4, { errorCode: ErrorCodes.CANCEL });
    expect(told(drive().atServer)).toEqual(["StreamReset stream=4 CANCEL remote"]);
    expectMisuse(server, () => server.sendHeaders(4, OK), StreamClosedError);
  });

  it("may be for HEAD, whose response has no body", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    drive();
    server.pushStream(1, 2, requestHead("HEAD"));
    server.sendHeaders(2, [...OK, ["content-length", "10"]], { endStream: true });
    expect(told(drive().atClient).at(-1)).toBe("StreamEnded stream=2");
  });

  it("cannot be sent by a client", () => {
    const engine = clientWithRequest();
    expectMisuse(engine, () => engine.pushStream(1, 2, GET), ProtocolError);
  });

  it("cannot be sent where the client's ENABLE_PUSH is 0", () => {
    const engine = serverWithRequest({}, [[SettingCodes.ENABLE_PUSH, 0]]);
    expectMisuse(engine, () => engine.pushStream(1, 2, GET), ProtocolError);
  });

  it("needs a request that the client sent and that is not answered yet", () => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.pushStream(3, 2, GET), NoSuchStreamError);
    engine.pushStream(1, 2, GET);
    expectMisuse(engine, () => engine.pushStream(2, 4, GET), ProtocolError);
    engine.sendHeaders(1, OK, { endStream: true });
    expectMisuse(engine, () => engine.pushStream(1, 4, GET), ProtocolError);
    engine.resetStream(1);
    expectMisuse(engine, () => engine.pushStream(1, 4, GET), StreamClosedError);
  });

  it("cannot be made on a tunnel (section 8.5)", () => {
    const engine = server();
    receive(engine, frames.headers(1).field(":method", "CONNECT").field(":authority", "example.com:443"));
    engine.sendHeaders(1, OK);
    expectMisuse(engine, () => engine.pushStream(1, 2, GET), ProtocolError);
  });

  it.each([3, 0, -2, 1.5, 2 ** 31])("cannot promise stream %s (section 5.1.1)", (promised) => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.pushStream(1, promised, GET), ProtocolError);
  });

  it("cannot promise a stream that was used or skipped (section 5.1.1)", () => {
    const engine = serverWithRequest();
    engine.pushStream(1, 4, GET);
    expectMisuse(engine, () => engine.pushStream(1, 4, GET), StreamIDTooLowError);
    expectMisuse(engine, () => engine.pushStream(1, 2, GET), StreamIDTooLowError);
    expect(engine.getNextAvailableStreamId()).toBe(6);
  });

  it.each([
    ["has a method that is not safe", requestHead("POST")],
    ["has no :path", GET.slice(0, 3)],
    ["has content", [...GET, ["content-length", "5"]]],
    ["has a line break", [...GET, ["x", "a\r\nb"]]],
  ])("cannot be for a request that %s, and then no identifier is used up", (_what, headers) => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    drive();
    expectMisuse(server, () => server.pushStream(1, 2, headers as [string, string][]), ProtocolError);
    server.pushStream(1, 2, [...GET, ["x", "y"]]);
    expect(told(drive().atClient)[0]).toMatch(/^PushedStreamReceived stream=2 .* x=y$/);
  });
});

describe("a promise that a client receives (RFC 9113 section 6.6)", () => {
  it("is told with the stream it was made on", () => {
    const [event] = receive(clientWithRequest(), promise(1, 2));
    expect(event).toMatchObject({ type: "PushedStreamReceived", pushedStreamId: 2, parentStreamId: 1 });
  });

  it("does not see the reserved bit before the promised identifier", () => {
    const octets = promise(1, 2).octets;
    octets[9] = 0x80;
    expect(told(receive(clientWithRequest(), octets))[0]).toContain("stream=2");
  });

  it("may be padded, and may go on in CONTINUATION", () => {
    const engine = clientWithRequest();
    const first = frames.pushPromise(1, 2).field(":method", "GET").field(":scheme", "https").padded(3);
    const second = frames.continuation(1).field(":authority", "a").field(":path", "/");
    expect(told(receive(engine, first.withoutEndHeaders(), second))).toEqual([
      "PushedStreamReceived stream=2 on=1 :method=GET :scheme=https :authority=a :path=/",
    ]);
  });

  it("does not count before its response begins, and that may be refused (section 5.1.2)", () => {
    const engine = clientWithRequest({ initialSettings: { [SettingCodes.MAX_CONCURRENT_STREAMS]: 1 } });
    receive(engine, promise(1, 2), promise(1, 4), frames.headers(2).response(200));
    expect(engine.openInboundStreams).toBe(1);
    expectStreamError(engine, receive(engine, frames.headers(4).response(200)), 4, REFUSED_STREAM);
  });

  it.each([
    ["an idle stream", promise(3, 2), PROTOCOL_ERROR, "RFC 9113 section 5.1"],
    ["stream 0", promise(0, 2), PROTOCOL_ERROR, "RFC 9113 section 6.6"],
    ["a stream with an odd promise", promise(1, 3), PROTOCOL_ERROR, "RFC 9113 section 6.6"],
    ["a stream with a promise of 0", promise(1, 0), PROTOCOL_ERROR, "RFC 9113 section 6.6"],
    ["a stream in too few octets", frames.raw(5, 4, 1, "123"), FRAME_SIZE_ERROR, "RFC 9113 section 4.2"],
    [
      "a stream with too much padding",
      frames.raw(5, 12, 1, "\x09\0\0\0\x02"),
      PROTOCOL_ERROR,
      "RFC 9113 section 6.6",
    ],
  ])("costs the connection on %s", (_what, frame, errorCode, section) => {
    const engine = clientWithRequest();
    expectConnectionError(engine, receive(engine, frame), errorCode, section);
  });

  it("costs the connection on a pushed stream: only requests of the client are answered by more (section 6.6)", () => {
    const engine = clientWithRequest();
    receive(engine, promise(1, 2), frames.headers(2).response(200));
    expectConnectionError(engine, receive(engine, promise(2, 4)), PROTOCOL_ERROR, "RFC 9113 section 6.6");
  });

  it("costs the connection on a stream that the server has ended (section 6.6)", () => {
    const engine = clientWithRequest();
    receive(engine, frames.headers(1).response(200).endStream());
    expectConnectionError(engine, receive(engine, promise(1, 2)), PROTOCOL_ERROR);
  });

  it.each([2, 4])("costs the connection where stream %i is not idle any more (section 5.1.1)", (id) => {
    const engine = clientWithRequest();
    receive(engine, promise(1, 4));
    expectConnectionError(engine, receive(engine, promise(1, id)), PROTOCOL_ERROR, "RFC 9113 section 6.6");
  });

  it("costs the connection where push is off, once the server knows (section 6.6)", () => {
    const engine = clientWithRequest({ initialSettings: { [SettingCodes.ENABLE_PUSH]: 0 } });
    expectConnectionError(engine, receive(engine, promise(1, 2)), PROTOCOL_ERROR, "RFC 9113 section 6.6");
    const late = clientWithRequest();
    late.updateSettings({ [SettingCodes.ENABLE_PUSH]: 0 });
    expect(told(receive(late, promise(1, 2)))).toHaveLength(1);
    receive(late, frames.settingsAck());
    expectConnectionError(late, receive(late, promise(1, 4)), PROTOCOL_ERROR, "RFC 9113 section 6.6");
  });

  it("costs the connection where a client sends it (section 8.4)", () => {
    const engine = serverWithRequest();
    expectConnectionError(engine, receive(engine, promise(1, 2)), PROTOCOL_ERROR, "RFC 9113 section 8.4");
  });

  it("costs the promised stream where its request is malformed (section 8.4)", () => {
    const engine = clientWithRequest();
    const unsafe = frames.pushPromise(1, 2).request("POST", "/");
    expectStreamError(engine, receive(engine, unsafe), 2, PROTOCOL_ERROR, "RFC 9113 section 8.4");
    expect(told(receive(engine, frames.headers(1).response(200)))).toHaveLength(1);
  });

  it("costs the promised stream where its fields are too large (section 10.5.1)", () => {
    const engine = clientWithRequest({ limits: { fields: 4 } });
    const events = receive(engine, promise(1, 2).field("x", "y"));
    expectStreamError(engine, events, 2, ENHANCE_YOUR_CALM, "RFC 9113 section 10.5.1");
  });

  it("costs the connection where it cannot be decoded (section 4.3)", () => {
    const engine = clientWithRequest();
    expectConnectionError(
      engine,
      receive(engine, frames.pushPromise(1, 2).block(hex`be`)),
      COMPRESSION_ERROR,
    );
  });

  it("is refused on a stream that we reset: the server could not know (section 6.6)", () => {
    const engine = clientWithRequest();
    const encoder = new Encoder();
    engine.resetStream(1);
    sent(engine);
    expect(receive(engine, promise(1, 2).field("x", "y").compressedBy(encoder))).toEqual([]);
    expect(sent(engine)).toEqual(["RST_STREAM stream=2 error=REFUSED_STREAM"]);
    expect(receive(engine, frames.headers(2).response(200), frames.data(2, "dropped").endStream())).toEqual(
      [],
    );
    engine.sendHeaders(3, POST);
    const next = frames.headers(3).response(200).field("x", "y").compressedBy(encoder);
    expect(told(receive(engine, next))).toEqual(["ResponseReceived stream=3 :status=200 x=y"]);
  });

  it("is refused once we said that we take no more streams (section 6.8)", () => {
    const engine = clientWithRequest();
    engine.closeConnection();
    sent(engine);
    expect(receive(engine, promise(1, 2))).toEqual([]);
    expect(sent(engine)).toEqual(["RST_STREAM stream=2 error=REFUSED_STREAM"]);
    receive(engine, frames.headers(1).response(200).endStream());
    engine.endStream(1);
    expect(engine.isFinished).toBe(true);
  });

  it("may be followed by interim responses and the response", () => {
    const engine = clientWithRequest();
    receive(engine, promise(1, 2));
    const events = receive(
      engine,
      frames.headers(2).response(103),
      frames.headers(2).response(200).endStream(),
    );
    expect(told(events)).toEqual([
      "InformationalResponseReceived stream=2 :status=103",
      "ResponseReceived stream=2 :status=200",
      "StreamEnded stream=2",
    ]);
    expect(engine.openInboundStreams).toBe(0);
  });

  it.each([
    ["DATA", frames.data(2, "x")],
    ["WINDOW_UPDATE", frames.windowUpdate(2, 1)],
  ])("cannot be followed by %s on the promised stream (section 5.1)", (_what, frame) => {
    const engine = clientWithRequest();
    receive(engine, promise(1, 2));
    expectConnectionError(engine, receive(engine, frame), PROTOCOL_ERROR, "RFC 9113 section 5.1");
  });
});

describe("what a client may do on a promised stream (RFC 9113 section 5.1)", () => {
  it("is to open its window, and not to send on it", () => {
    const engine = clientWithRequest();
    receive(engine, promise(1, 2));
    engine.incrementFlowControlWindow(10, { streamId: 2 });
    expectMisuse(engine, () => engine.sendHeaders(2, GET), ProtocolError);
    expectMisuse(engine, () => engine.sendData(2, Uint8Array.of(1)), ProtocolError);
  });
});

describe("what a server may receive on a stream that it promised (RFC 9113 section 5.1)", () => {
  it("is WINDOW_UPDATE, PRIORITY and RST_STREAM, and nothing else", () => {
    const engine = serverWithRequest();
    engine.pushStream(1, 2, GET);
    sent(engine);
    const events = receive(engine, frames.windowUpdate(2, 5), frames.priority(2), frames.rstStream(2, 8));
    expect(events.map(({ type }) => type)).toEqual(["WindowUpdated", "PriorityUpdated", "StreamReset"]);
    engine.pushStream(1, 4, GET);
    expectConnectionError(
      engine,
      receive(engine, frames.data(4, "x")),
      PROTOCOL_ERROR,
      "RFC 9113 section 5.1",
    );
  });
});

describe("pushes and a client that has gone", () => {
  it("end with it: no promise goes out behind a GOAWAY", () => {
    const engine = serverWithRequest();
    receive(engine, frames.goaway(0));
    expectMisuse(engine, () => engine.pushStream(1, 2, GET), ProtocolError);
  });

  it("do not confuse the numbering of a client's own streams", () => {
    const engine = client();
    engine.sendHeaders(1, GET);
    receive(engine, promise(1, 8));
    expect([engine.highestInboundStreamId, engine.getNextAvailableStreamId()]).toEqual([8, 3]);
  });
});
