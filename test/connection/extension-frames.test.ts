import { describe, expect, it } from "vitest";
import {
  ErrorCodes,
  FrameTooLargeError,
  NoSuchStreamError,
  ProtocolError,
  SettingCodes,
} from "../../src/index.ts";
import { client, clientWithRequest, GET, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectAlive, expectConnectionError, expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { hex, sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR } = ErrorCodes;

describe("frames of unknown types (RFC 9113 section 5.5)", () => {
  it("are told as they are, and change nothing", () => {
    const [event] = receive(server(), frames.raw(0xfa, 0x81, 5, "payload"));
    expect(event).toMatchObject({
      type: "UnknownFrameReceived",
      frame: { frameType: 0xfa, flags: 0x81, streamId: 5, length: 7, payload: ascii("payload") },
    });
  });

  it("may come on any stream, closed ones included", () => {
    const engine = serverWithRequest();
    engine.resetStream(1);
    expect(told(receive(engine, frames.raw(0x20, 0, 1), frames.raw(0x20, 0, 9)))).toEqual([
      "UnknownFrameReceived 0x20 stream=1",
      "UnknownFrameReceived 0x20 stream=9",
    ]);
  });

  it("cannot be longer than MAX_FRAME_SIZE either (section 4.2)", () => {
    const engine = server();
    expectConnectionError(engine, receive(engine, frames.header(16_385, 0xfa, 0, 0)), FRAME_SIZE_ERROR);
  });

  it("go out with whatever the caller puts in", () => {
    const engine = client();
    engine.sendExtensionFrame({ type: 0xfa, flags: 0x81, streamId: 5, payload: ascii("hi") });
    engine.sendExtensionFrame({ type: 0x20 });
    expect(sent(engine)).toEqual([
      "UNKNOWN type=0xfa stream=5 0x81 length=2",
      "UNKNOWN type=0x20 stream=0 length=0",
    ]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xc, 0x10])(
    "cannot have type %i, which the engine knows",
    (type) => {
      const engine = client();
      expectMisuse(engine, () => engine.sendExtensionFrame({ type }), ProtocolError);
    },
  );

  it.each([-1, 256, 1.5])("cannot have type %s, which is no octet", (type) => {
    const engine = client();
    expectMisuse(engine, () => engine.sendExtensionFrame({ type }), ProtocolError);
  });

  it("cannot go out where they do not fit the wire", () => {
    const engine = client();
    const send = (frame: object) => () => engine.sendExtensionFrame({ type: 0xfa, ...frame });
    expectMisuse(engine, send({ payload: new Uint8Array(16_385) }), FrameTooLargeError);
    expectMisuse(engine, send({ streamId: 2 ** 31 }), RangeError);
    expectMisuse(engine, send({ flags: 256 }), RangeError);
    expectMisuse(engine, send({ payload: "text" }), TypeError);
  });
});

describe("ALTSVC that comes in (RFC 7838 section 4)", () => {
  it("tells of an origin on stream 0", () => {
    expect(told(receive(client(), frames.altsvc(0, "https://example.com", 'h3=":443"')))).toEqual([
      'AlternativeServiceAvailable https://example.com h3=":443"',
    ]);
  });

  it("tells of the request's origin on its stream, before the response", () => {
    expect(told(receive(clientWithRequest(), frames.altsvc(1, "", 'h3=":443"')))).toEqual([
      'AlternativeServiceAvailable example.com h3=":443"',
    ]);
  });

  it("tells of a promise's origin", () => {
    const engine = clientWithRequest();
    receive(engine, frames.pushPromise(1, 2).request("GET", "/", "push.example.com"));
    expect(told(receive(engine, frames.altsvc(2, "", "clear")))).toEqual([
      "AlternativeServiceAvailable push.example.com clear",
    ]);
  });

  it.each([
    ["on stream 0 without an origin", frames.altsvc(0, "", "clear")],
    ["on a stream with an origin", frames.altsvc(1, "https://example.com", "clear")],
    ["on an idle stream", frames.altsvc(3, "", "clear")],
  ])("is ignored %s", (_what, frame) => {
    const engine = clientWithRequest();
    expect(receive(engine, frame)).toEqual([]);
    expectAlive(engine);
  });

  it("is ignored behind the response, and on a closed stream", () => {
    const engine = clientWithRequest();
    receive(engine, frames.headers(1).response(200));
    expect(receive(engine, frames.altsvc(1, "", "clear"))).toEqual([]);
    engine.resetStream(1);
    expect(receive(engine, frames.altsvc(1, "", "clear"))).toEqual([]);
  });

  it("is ignored by servers", () => {
    expect(receive(server(), frames.altsvc(0, "https://example.com", "clear"))).toEqual([]);
  });

  it.each([
    ["has no length of the origin", frames.raw(0xa, 0, 0, "x")],
    ["ends within the origin", frames.raw(0xa, 0, 0, hex`0005 61`)],
  ])("ends the connection where it %s (RFC 9113 section 4.2)", (_what, frame) => {
    const engine = client();
    expectConnectionError(engine, receive(engine, frame), FRAME_SIZE_ERROR, "RFC 9113 section 4.2");
  });
});

describe("ALTSVC that goes out (RFC 7838 section 4)", () => {
  it("is for an origin, or for the stream of a request before its response", () => {
    const engine = serverWithRequest();
    engine.advertiseAlternativeService("clear", { origin: "https://example.com" });
    engine.advertiseAlternativeService('h3=":443"', { streamId: 1 });
    expect(sent(engine)).toEqual([
      'ALTSVC stream=0 origin="https://example.com" value="clear"',
      'ALTSVC stream=1 origin="" value="h3=\\":443\\""',
    ]);
  });

  it("is for exactly one of the two", () => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.advertiseAlternativeService("clear", {}), RangeError);
    const both = { origin: "https://example.com", streamId: 1 };
    expectMisuse(engine, () => engine.advertiseAlternativeService("clear", both), RangeError);
  });

  it("needs a stream that is there, and not yet answered", () => {
    const engine = serverWithRequest();
    const advertise = (streamId: number) => () => engine.advertiseAlternativeService("clear", { streamId });
    expectMisuse(engine, advertise(3), NoSuchStreamError);
    engine.sendHeaders(1, OK);
    expectMisuse(engine, advertise(1), ProtocolError);
  });

  it("is not for clients to send", () => {
    const engine = clientWithRequest();
    expectMisuse(engine, () => engine.advertiseAlternativeService("clear", { streamId: 1 }), ProtocolError);
  });

  it("is made of octets", () => {
    const engine = server();
    expectMisuse(
      engine,
      () => engine.advertiseAlternativeService("\u20ac", { origin: "https://a" }),
      RangeError,
    );
    expectMisuse(engine, () => engine.advertiseAlternativeService("clear", { origin: "\u20ac" }), RangeError);
  });
});

describe("ORIGIN (RFC 8336)", () => {
  it("tells a client what the server answers for", () => {
    const { server, drive } = pair();
    server.advertiseOrigins(["https://example.com", "https://example.org"]);
    expect(told(drive().atClient)).toEqual(["OriginReceived https://example.com https://example.org"]);
  });

  it("may be empty", () => {
    expect(receive(client(), frames.origin())).toEqual([{ type: "OriginReceived", origins: [] }]);
  });

  it.each([
    ["on a stream", frames.raw(0xc, 0, 1, hex`0001 61`)],
    ["with flags that change its meaning", frames.raw(0xc, 0x1, 0, hex`0001 61`)],
  ])("is ignored %s (section 2.1)", (_what, frame) => {
    expect(receive(client(), frame)).toEqual([]);
  });

  it("is ignored by servers (section 2.1)", () => {
    expect(receive(server(), frames.origin("https://example.com"))).toEqual([]);
  });

  it("ends the connection where it ends within an origin (RFC 9113 section 4.2)", () => {
    const engine = client();
    expectConnectionError(engine, receive(engine, frames.raw(0xc, 0, 0, hex`0005 61`)), FRAME_SIZE_ERROR);
  });

  it("is not for clients to send, and is made of octets", () => {
    const asClient = client();
    expectMisuse(asClient, () => asClient.advertiseOrigins([]), ProtocolError);
    const engine = server();
    expectMisuse(engine, () => engine.advertiseOrigins(["https://\u20ac"]), RangeError);
  });
});

describe("PRIORITY_UPDATE (RFC 9218 section 7.1)", () => {
  it("tells a server what the client asks for", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    client.sendPriorityUpdate(1, { urgency: 1, incremental: true });
    expect(drive().atServer.at(-1)).toEqual({
      type: "PriorityUpdateReceived",
      streamId: 1,
      fieldValue: "u=1, i",
      urgency: 1,
      isIncremental: true,
    });
    expect(server.openInboundStreams).toBe(1);
  });

  it("may come before its request", () => {
    expect(told(receive(server(), frames.priorityUpdate(7, "u=0")))).toEqual([
      "PriorityUpdateReceived stream=7 urgency=0",
    ]);
  });

  it("is ignored for a stream that is closed, and where its value is no dictionary", () => {
    const engine = serverWithRequest();
    engine.resetStream(1);
    expect(receive(engine, frames.priorityUpdate(1, "u=0"), frames.priorityUpdate(3, "u=,"))).toEqual([]);
  });

  it("may be for a promise, but not for one that was not made", () => {
    const engine = serverWithRequest();
    engine.pushStream(1, 2, GET);
    sent(engine);
    expect(told(receive(engine, frames.priorityUpdate(2, "u=6")))).toHaveLength(1);
    const events = receive(engine, frames.priorityUpdate(4, "u=6"));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9218 section 7.1");
  });

  it.each([
    ["comes on a stream", server, frames.raw(0x10, 0, 1, hex`00000001`), PROTOCOL_ERROR],
    ["is for stream 0", server, frames.priorityUpdate(0, "u=1"), PROTOCOL_ERROR],
    ["is three octets long", server, frames.raw(0x10, 0, 0, "123"), FRAME_SIZE_ERROR],
    ["comes from a server", client, frames.priorityUpdate(1, "u=1"), PROTOCOL_ERROR],
  ])("ends the connection where it %s", (_what, engineOf, frame, errorCode) => {
    const engine = engineOf();
    expectConnectionError(engine, receive(engine, frame), errorCode);
  });

  it("cannot be sent for a push that was not promised", () => {
    const engine = clientWithRequest();
    const update = () => engine.sendPriorityUpdate(2, { urgency: 1, incremental: false });
    expectMisuse(engine, update, NoSuchStreamError);
    receive(engine, frames.pushPromise(1, 2).request("GET", "/"));
    update();
    expect(sent(engine)).toHaveLength(1);
  });

  it("is not for servers to send", () => {
    const engine = serverWithRequest();
    expectMisuse(
      engine,
      () => engine.sendPriorityUpdate(1, { urgency: 1, incremental: false }),
      ProtocolError,
    );
  });

  it.each([0, -1, 1.5, 2 ** 31])("cannot be for stream %s", (streamId) => {
    const engine = client();
    expectMisuse(
      engine,
      () => engine.sendPriorityUpdate(streamId, { urgency: 1, incremental: false }),
      ProtocolError,
    );
  });

  it.each([-1, 8, 0.5])("cannot have an urgency of %s (section 4.1)", (urgency) => {
    const engine = client();
    expectMisuse(engine, () => engine.sendPriorityUpdate(1, { urgency, incremental: false }), RangeError);
  });
});

describe("announcements that do not fit into a frame (RFC 9113 section 4.2)", () => {
  const text = "x".repeat(16_384);

  it("are refused before anything was sent", () => {
    const engine = server();
    const send = {
      altsvc: () => engine.advertiseAlternativeService(text, { origin: "" }),
      origin: () => engine.advertiseOrigins([text.slice(10_000), text.slice(10_000), text.slice(10_000)]),
      goaway: () => engine.closeConnection({ additionalData: new Uint8Array(16_377) }),
    };
    for (const call of Object.values(send)) expectMisuse(engine, call, FrameTooLargeError);
    engine.closeConnection({ additionalData: new Uint8Array(16_376) });
  });
});

describe("settings of extensions", () => {
  it("may be of any id, both ways (RFC 9113 section 6.5.2)", () => {
    const { client, server, drive } = pair();
    server.updateSettings({ 61680: 7 });
    const { atClient, atServer } = drive();
    expect(told(atClient)).toEqual(["RemoteSettingsChanged 0xf0f0=7"]);
    expect(told(atServer)).toEqual(["SettingsAcknowledged 0xf0f0=7"]);
    expect([client.remoteSettings.get(0xf0f0), server.localSettings.get(0xf0f0)]).toEqual([7, 7]);
    expect(client.remoteSettings.has(SettingCodes.ENABLE_CONNECT_PROTOCOL)).toBe(true);
  });
});
