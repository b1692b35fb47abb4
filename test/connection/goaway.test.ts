import { describe, expect, it } from "vitest";
import { Encoder } from "../../src/hpack/index.ts";
import { ErrorCodes, type H2Connection, ProtocolError, StreamClosedError } from "../../src/index.ts";
import {
  client,
  clientWithRequest,
  GET,
  OK,
  POST,
  receive,
  server,
  serverWithRequest,
} from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectAlive, expectConnectionError, expectMisuse } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { NO_ERROR, PROTOCOL_ERROR, FRAME_SIZE_ERROR, ENHANCE_YOUR_CALM } = ErrorCodes;

describe("GOAWAY that comes in (RFC 9113 section 6.8)", () => {
  it("is told with everything in it", () => {
    expect(receive(client(), frames.goaway(7, ENHANCE_YOUR_CALM, "slow down"))).toEqual([
      {
        type: "ConnectionTerminated",
        errorCode: ENHANCE_YOUR_CALM,
        lastStreamId: 7,
        additionalData: ascii("slow down"),
        initiator: "remote",
        error: null,
        unprocessedStreamIds: [],
      },
    ]);
  });

  it("has no debug data as a rule, and may have a code that nobody knows", () => {
    expect(receive(client(), frames.goaway(0, 0xbeef))).toMatchObject([
      { errorCode: 0xbeef, additionalData: null },
    ]);
  });

  it("keeps debug data where the chunk is reused", () => {
    const chunk = frames.goaway(0, 0, "bye");
    const [event] = client().receiveData(chunk);
    chunk.fill(0);
    expect(event).toMatchObject({ additionalData: ascii("bye") });
  });

  it("says which requests were surely not processed, and closes them", () => {
    const engine = client();
    for (const id of [1, 3, 5]) engine.sendHeaders(id, GET);
    expect(told(receive(engine, frames.goaway(1)))).toEqual([
      "ConnectionTerminated remote NO_ERROR last=1 unprocessed=3,5",
    ]);
    expect(engine.openOutboundStreams).toBe(1);
    expectMisuse(engine, () => engine.sendData(3, Uint8Array.of(1)), StreamClosedError);
  });

  it("lets the requests before it go on, both ways", () => {
    const engine = clientWithRequest();
    receive(engine, frames.goaway(1));
    engine.sendData(1, ascii("more"), { endStream: true });
    expect(sent(engine)).toEqual(['DATA stream=1 END_STREAM length=4 "more"']);
    expect(told(receive(engine, frames.headers(1).response(200).endStream()))).toHaveLength(2);
    expect(engine.isFinished).toBe(true);
  });

  it("keeps what waits to be sent", () => {
    const engine = clientWithRequest();
    engine.sendData(1, ascii("waits"));
    receive(engine, frames.goaway(1));
    expect(sent(engine)).toEqual(['DATA stream=1 length=5 "waits"']);
  });

  it("allows no new requests", () => {
    const engine = client();
    receive(engine, frames.goaway(2 ** 31 - 1));
    expect([engine.isClosing, engine.isFinished]).toEqual([true, true]);
    expectMisuse(engine, () => engine.sendHeaders(1, GET), ProtocolError);
  });

  it("may come again, with a lower last stream", () => {
    const engine = client();
    for (const id of [1, 3, 5]) engine.sendHeaders(id, GET);
    expect(told(receive(engine, frames.goaway(2 ** 31 - 1), frames.goaway(3)))).toEqual([
      "ConnectionTerminated remote NO_ERROR last=2147483647",
      "ConnectionTerminated remote NO_ERROR last=3 unprocessed=5",
    ]);
  });

  it("cannot bring streams back with a higher last stream", () => {
    const engine = client();
    for (const id of [1, 3]) engine.sendHeaders(id, GET);
    receive(engine, frames.goaway(1), frames.goaway(3));
    expect(engine.openOutboundStreams).toBe(1);
  });

  it("does not touch the peer's own streams", () => {
    const engine = serverWithRequest();
    expect(told(receive(engine, frames.goaway(0)))).toEqual(["ConnectionTerminated remote NO_ERROR last=0"]);
    engine.sendHeaders(1, OK);
    expectAlive(engine);
  });

  it("closes promises above its last stream", () => {
    const engine = serverWithRequest();
    engine.pushStream(1, 2, GET);
    expect(told(receive(engine, frames.goaway(0)))).toEqual([
      "ConnectionTerminated remote NO_ERROR last=0 unprocessed=2",
    ]);
  });

  it.each([
    ["comes on a stream", frames.raw(7, 0, 1, "12345678"), PROTOCOL_ERROR, "RFC 9113 section 6.8"],
    ["is seven octets long", frames.raw(7, 0, 0, "1234567"), FRAME_SIZE_ERROR, "RFC 9113 section 4.2"],
  ])("ends the connection where it %s", (_what, frame, errorCode, section) => {
    const engine = client();
    expectConnectionError(engine, receive(engine, frame), errorCode, section);
  });
});

describe("GOAWAY that goes out (RFC 9113 section 6.8)", () => {
  it("names the highest stream of the peer, or what the caller says", () => {
    const engine = serverWithRequest();
    receive(engine, frames.headers(5).request("GET", "/"));
    engine.closeConnection({ lastStreamId: 2 ** 31 - 1 });
    engine.closeConnection();
    engine.closeConnection({ lastStreamId: 1, additionalData: ascii("bye") });
    expect(sent(engine)).toEqual([
      "GOAWAY last=2147483647 error=NO_ERROR",
      "GOAWAY last=5 error=NO_ERROR",
      'GOAWAY last=1 error=NO_ERROR debug="bye"',
    ]);
  });

  it("never names a higher stream than before", () => {
    const engine = serverWithRequest();
    engine.closeConnection({ lastStreamId: 0 });
    engine.closeConnection({ lastStreamId: 7 });
    expect(sent(engine)).toEqual(["GOAWAY last=0 error=NO_ERROR", "GOAWAY last=0 error=NO_ERROR"]);
  });

  it("lets the requests before it go on, both ways", () => {
    const engine = serverWithRequest();
    engine.closeConnection();
    expect(told(receive(engine, frames.data(1, "more").endStream()))).toHaveLength(2);
    engine.sendHeaders(1, OK);
    expect(engine.isFinished).toBe(false);
    engine.endStream(1);
    expect(sent(engine)).toHaveLength(3);
    expect(engine.isFinished).toBe(true);
  });

  it("allows no new streams of ours", () => {
    const engine = client();
    engine.closeConnection();
    expectMisuse(engine, () => engine.sendHeaders(1, GET), ProtocolError);
  });

  it("is over at once with an error: nothing is received or sent any more", () => {
    const engine = clientWithRequest();
    engine.closeConnection({ errorCode: ENHANCE_YOUR_CALM });
    expect(sent(engine)).toEqual(["GOAWAY last=0 error=ENHANCE_YOUR_CALM"]);
    expect(engine.isFinished).toBe(true);
    expect(receive(engine, frames.headers(1).response(200))).toEqual([]);
    expectMisuse(engine, () => engine.sendData(1, Uint8Array.of(1)), ProtocolError);
  });

  it.each([
    ["a last stream below 0", { lastStreamId: -1 }, RangeError],
    ["a last stream of 32 bits", { lastStreamId: 2 ** 31 }, RangeError],
    ["a code of 33 bits", { errorCode: 2 ** 32 }, RangeError],
    ["text for octets", { additionalData: "bye" as unknown as Uint8Array }, TypeError],
  ])("cannot have %s", (_what, options, kind) => {
    const engine = server();
    expectMisuse(engine, () => engine.closeConnection(options), kind as typeof RangeError);
  });
});

describe("requests that come behind our GOAWAY (RFC 9113 section 6.8)", () => {
  function closing(): H2Connection {
    const engine = serverWithRequest();
    engine.closeConnection();
    sent(engine);
    return engine;
  }

  it("are dropped, with all that belongs to them: the client could not know", () => {
    const engine = closing();
    const late = [
      frames.headers(3).request("POST", "/"),
      frames.data(3, new Uint8Array(16_384)),
      frames.data(3, new Uint8Array(16_384)),
      frames.windowUpdate(3, 10),
      frames.priority(3),
      frames.headers(3).field("trailer", "x").endStream(),
    ];
    expect(told(receive(engine, ...late))).toEqual(["PriorityUpdated stream=3 weight=16 dependsOn=0"]);
    expect(told(receive(engine, frames.headers(5).request("GET", "/"), frames.rstStream(5)))).toEqual([]);
    expectAlive(engine);
    expect([engine.openInboundStreams, engine.inboundFlowControlWindow]).toEqual([1, 65_535]);
  });

  it("still count for the compression tables (section 4.3)", () => {
    const encoder = new Encoder();
    const engine = closing();
    const trailers = frames.headers(1).field("x-a", "1").endStream();
    receive(engine, frames.headers(3).request("GET", "/").field("x-a", "1").compressedBy(encoder));
    expect(told(receive(engine, trailers.compressedBy(encoder)))[0]).toBe("TrailersReceived stream=1 x-a=1");
  });

  it("do not hold up the end", () => {
    const engine = closing();
    receive(engine, frames.headers(3).request("POST", "/"));
    engine.resetStream(1);
    expect(engine.isFinished).toBe(true);
  });

  it("are not named by the next GOAWAY", () => {
    const engine = closing();
    receive(engine, frames.headers(3).request("POST", "/"));
    engine.closeConnection();
    expect(sent(engine)).toEqual(["GOAWAY last=1 error=NO_ERROR"]);
    const events = receive(engine, frames.raw(6, 0, 0));
    expect(told(events)).toEqual(["ConnectionTerminated local FRAME_SIZE_ERROR last=1"]);
  });
});

describe("GOAWAY for a fault of the peer (RFC 9113 section 5.4.1)", () => {
  it("keeps the events of the frames before the bad one", () => {
    const engine = server();
    const good = frames.headers(1).request("GET", "/").endStream();
    const events = receive(
      engine,
      good,
      frames.ping(),
      frames.raw(6, 0, 0),
      frames.headers(3).request("GET", "/"),
    );
    expect(events.map(({ type }) => type)).toEqual([
      "RequestReceived",
      "StreamEnded",
      "PingReceived",
      "ConnectionTerminated",
    ]);
    expect(sent(engine)[0]).toBe("PING ACK data=3132333435363738");
  });

  it("says the rule in words, on the wire and in the event", () => {
    const engine = server({ sendDebugData: true });
    const [event] = receive(engine, frames.raw(6, 0, 0));
    const text = "PING must be 8 octets long, not 0 (RFC 9113 section 6.7)";
    expect(event).toMatchObject({ additionalData: ascii(text) });
    expect(sent(engine)).toEqual([`GOAWAY last=0 error=FRAME_SIZE_ERROR debug="${text}"`]);
  });

  it("says nothing on the wire where that is switched off, and the rule in the event alone", () => {
    const engine = server({ sendDebugData: false });
    const [event] = receive(engine, frames.raw(6, 0, 0));
    expect(event).toMatchObject({ additionalData: null, error: { section: "RFC 9113 section 6.7" } });
    expect(sent(engine)).toEqual(["GOAWAY last=0 error=FRAME_SIZE_ERROR"]);
  });

  it("is sent once: whatever comes later is dropped, and no call is taken any more", () => {
    const engine = serverWithRequest();
    receive(engine, frames.raw(6, 0, 0));
    sent(engine);
    expect(receive(engine, frames.raw(6, 0, 0), frames.headers(3).request("GET", "/"))).toEqual([]);
    expect(engine.hasOutput).toBe(false);
    expectMisuse(engine, () => engine.sendHeaders(1, OK), ProtocolError);
    expectMisuse(engine, () => engine.closeConnection(), ProtocolError);
  });

  it("names the last stream that a GOAWAY before it named", () => {
    const engine = serverWithRequest();
    receive(engine, frames.headers(3).request("GET", "/"));
    engine.closeConnection({ lastStreamId: 1, errorCode: NO_ERROR });
    expect(told(receive(engine, frames.raw(6, 0, 0)))).toEqual([
      "ConnectionTerminated local FRAME_SIZE_ERROR last=1",
    ]);
  });

  it("lets no new request of a client out", () => {
    const engine = client();
    receive(engine, frames.raw(6, 0, 0));
    expectMisuse(engine, () => engine.sendHeaders(1, POST), ProtocolError);
  });
});
