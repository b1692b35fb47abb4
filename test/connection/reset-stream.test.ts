import { describe, expect, it } from "vitest";
import { Encoder } from "../../src/hpack/index.ts";
import { ErrorCodes, type H2Connection, NoSuchStreamError, StreamClosedError } from "../../src/index.ts";
import { clientWithRequest, GET, OK, POST, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectConnectionError, expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL } = ErrorCodes;

describe("RST_STREAM that goes out (RFC 9113 section 6.4)", () => {
  it("ends the stream with the code that the caller gives, NO_ERROR if none", () => {
    const engine = clientWithRequest();
    engine.sendHeaders(3, POST);
    sent(engine);
    engine.resetStream(1, { errorCode: CANCEL });
    engine.resetStream(3);
    expect(sent(engine)).toEqual(["RST_STREAM stream=1 error=CANCEL", "RST_STREAM stream=3 error=NO_ERROR"]);
    expect(engine.openOutboundStreams).toBe(0);
  });

  it("may have a code that nobody knows (section 7)", () => {
    const engine = clientWithRequest();
    engine.resetStream(1, { errorCode: 0xffffffff });
    expect(sent(engine)).toEqual(["RST_STREAM stream=1 error=0xffffffff"]);
  });

  it("cannot have a code of more than 32 bits", () => {
    const engine = clientWithRequest();
    for (const errorCode of [-1, 2 ** 32])
      expectMisuse(engine, () => engine.resetStream(1, { errorCode }), RangeError);
  });

  it("needs a stream, and goes out once", () => {
    const engine = clientWithRequest();
    expectMisuse(engine, () => engine.resetStream(3), NoSuchStreamError);
    engine.resetStream(1);
    expectMisuse(engine, () => engine.resetStream(1), StreamClosedError);
  });
});

describe("what may still arrive on a stream that we reset (RFC 9113 section 5.1)", () => {
  function serverThatReset(): H2Connection {
    const engine = serverWithRequest();
    engine.resetStream(1);
    sent(engine);
    return engine;
  }

  it("is nothing that anybody is told of, nor answered", () => {
    const engine = serverThatReset();
    const late = [
      frames.data(1, "late"),
      frames.windowUpdate(1, 5),
      frames.headers(1).field("trailer", "x").endStream(),
      frames.rstStream(1, CANCEL),
    ];
    expect(receive(engine, ...late)).toEqual([]);
    expect(sent(engine)).toEqual([]);
  });

  it("still counts for the window of the connection, which is given back (section 6.9)", () => {
    const engine = serverThatReset();
    for (let index = 0; index < 2; index++) receive(engine, frames.data(1, new Uint8Array(16_384)));
    expect(sent(engine)).toEqual(["WINDOW_UPDATE stream=0 increment=32768"]);
    expect(engine.inboundFlowControlWindow).toBe(65_535);
  });

  it("still counts for the compression tables (section 4.3)", () => {
    const encoder = new Encoder();
    const engine = serverThatReset();
    const late = frames.headers(1).field("x-late", "kept").endStream().compressedBy(encoder);
    receive(engine, late);
    const next = frames.headers(3).request("GET", "/").field("x-late", "kept").compressedBy(encoder);
    expect(told(receive(engine, next))[0]).toMatch(/^RequestReceived stream=3 .* x-late=kept$/);
  });

  it("may still be too much for the window of the connection (section 6.9.1)", () => {
    const engine = server({ initialSettings: { 4: 100_000 } });
    for (const id of [1, 3]) receive(engine, frames.headers(id).request("POST", "/"));
    for (let index = 0; index < 3; index++) receive(engine, frames.data(1, new Uint8Array(16_384)));
    engine.resetStream(3);
    const events = receive(engine, frames.data(3, new Uint8Array(16_384)));
    expectConnectionError(engine, events, ErrorCodes.FLOW_CONTROL_ERROR, "RFC 9113 section 6.9.1");
  });

  it("is an end that both sides wanted: two RST_STREAM that cross are fine", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET);
    drive();
    client.resetStream(1, { errorCode: CANCEL });
    server.resetStream(1, { errorCode: CANCEL });
    const { atClient, atServer } = drive();
    expect([atClient, atServer]).toEqual([[], []]);
  });
});

describe("RST_STREAM that comes in (RFC 9113 section 6.4)", () => {
  it("ends the stream", () => {
    const engine = serverWithRequest();
    expect(receive(engine, frames.rstStream(1, CANCEL))).toEqual([
      {
        type: "StreamReset",
        streamId: 1,
        errorCode: CANCEL,
        remoteReset: true,
        isUnprocessed: false,
        error: null,
      },
    ]);
    expect(engine.openInboundStreams).toBe(0);
    expectMisuse(engine, () => engine.sendHeaders(1, OK), StreamClosedError);
  });

  it("keeps a code that nobody knows as a number (section 7)", () => {
    expect(told(receive(serverWithRequest(), frames.rstStream(1, 0x1f)))).toEqual([
      "StreamReset stream=1 0x1f remote",
    ]);
  });

  it("says that a request was not processed, where the server refused it (section 8.7)", () => {
    const engine = clientWithRequest();
    expect(told(receive(engine, frames.rstStream(1, REFUSED_STREAM)))).toEqual([
      "StreamReset stream=1 REFUSED_STREAM remote unprocessed",
    ]);
  });

  it("says no such thing of a client's refusal of our own answer", () => {
    const events = receive(serverWithRequest(), frames.rstStream(1, REFUSED_STREAM));
    expect(told(events)).toEqual(["StreamReset stream=1 REFUSED_STREAM remote"]);
  });

  it("is not answered, and says nothing new on a closed stream (section 5.1)", () => {
    const engine = serverWithRequest();
    receive(engine, frames.rstStream(1));
    expect(receive(engine, frames.rstStream(1))).toEqual([]);
    expect(sent(engine)).toEqual([]);
  });

  it("drops what was queued", () => {
    const engine = clientWithRequest({}, [[4, 0]]);
    engine.queueData(1, new Uint8Array(100));
    receive(engine, frames.rstStream(1));
    expect(engine.bufferedAmount(1)).toBe(0);
  });

  it.each([
    ["comes on an idle stream", frames.rstStream(1), PROTOCOL_ERROR, "RFC 9113 section 5.1"],
    ["comes on stream 0", frames.rstStream(0), PROTOCOL_ERROR, "RFC 9113 section 6.4"],
    ["is three octets long", frames.raw(3, 0, 1, "123"), FRAME_SIZE_ERROR, "RFC 9113 section 6.4"],
    ["is five octets long", frames.raw(3, 0, 1, "12345"), FRAME_SIZE_ERROR, "RFC 9113 section 6.4"],
  ])("ends the connection where it %s", (_what, frame, errorCode, section) => {
    const engine = server();
    expectConnectionError(engine, receive(engine, frame), errorCode, section);
  });
});

describe("a response that is complete before the request (RFC 9113 section 8.1)", () => {
  it("may be followed by RST_STREAM(NO_ERROR), which asks for no more of it", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, POST);
    drive();
    server.sendHeaders(1, [[":status", "413"]], { endStream: true });
    server.resetStream(1);
    expect(told(drive().atClient)).toEqual([
      "ResponseReceived stream=1 :status=413",
      "StreamEnded stream=1",
      "StreamReset stream=1 NO_ERROR remote",
    ]);
    client.sendHeaders(3, GET);
    expect(told(drive().atServer)[0]).toMatch(/^RequestReceived stream=3/);
  });
});
