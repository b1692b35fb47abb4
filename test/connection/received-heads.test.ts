import { describe, expect, it } from "vitest";
import { Encoder } from "../../src/hpack/index.ts";
import { ErrorCodes, type H2Connection, SettingCodes } from "../../src/index.ts";
import { client, clientWithRequest, receive, server, serverWithRequest } from "../support/engine.ts";
import { type FieldBlockBuilder, frames } from "../support/frames.ts";
import { expectAlive, expectConnectionError, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { hex, sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR, COMPRESSION_ERROR, REFUSED_STREAM, ENHANCE_YOUR_CALM } = ErrorCodes;

function get(streamId: number): FieldBlockBuilder {
  return frames.headers(streamId).request("GET", "/").endStream();
}

describe("a request that a server receives (RFC 9113 section 8.3.1)", () => {
  it("is told with its fields in order", () => {
    const engine = server();
    const [event] = receive(
      engine,
      frames.headers(1).request("GET", "/").field("b", "1").field("a", "2").field("b", "3"),
    );
    expect(event).toMatchObject({
      type: "RequestReceived",
      streamId: 1,
      streamEnded: null,
      priorityUpdated: null,
    });
    expect(told([event as never])).toEqual([
      "RequestReceived stream=1 :method=GET :scheme=https :authority=example.com :path=/ b=1 a=2 b=3",
    ]);
  });

  it("keeps what must never be indexed apart (RFC 7541 section 6.2.3)", () => {
    const [line] = told(
      receive(server(), frames.headers(1).request("GET", "/").secret("authorization", "x")),
    );
    expect(line).toContain(" authorization!=x");
  });

  it("carries related events, which come behind it as the same objects", () => {
    const [request, ended, priority] = receive(
      server(),
      get(1).priority({ weight: 5, dependsOn: 3, exclusive: true }),
    );
    expect(request).toMatchObject({ type: "RequestReceived" });
    expect(ended).toEqual({ type: "StreamEnded", streamId: 1 });
    expect(priority).toEqual({
      type: "PriorityUpdated",
      streamId: 1,
      weight: 5,
      dependsOn: 3,
      exclusive: true,
    });
    expect(request).toHaveProperty("streamEnded", ended);
    expect((request as { streamEnded: unknown }).streamEnded).toBe(ended);
    expect((request as { priorityUpdated: unknown }).priorityUpdated).toBe(priority);
  });

  it("opens a stream, which counts (section 5.1.2)", () => {
    const engine = server();
    receive(engine, frames.headers(1).request("POST", "/"), get(3));
    expect(engine.openInboundStreams).toBe(2);
    expect(engine.highestInboundStreamId).toBe(3);
  });

  it("may skip identifiers, which closes those between (section 5.1.1)", () => {
    const engine = server();
    receive(engine, get(1), get(7));
    expectConnectionError(engine, receive(engine, get(5)), PROTOCOL_ERROR, "RFC 9113 section 5.1.1");
  });

  it("cannot have an even identifier (section 5.1.1)", () => {
    const engine = server();
    expectConnectionError(engine, receive(engine, get(2)), PROTOCOL_ERROR, "RFC 9113 section 5.1.1");
  });

  it("cannot come on stream 0 (section 6.2)", () => {
    const engine = server();
    expectConnectionError(engine, receive(engine, get(0)), PROTOCOL_ERROR, "RFC 9113 section 6.2");
  });

  it("does not see the reserved bit before the identifier (section 4.1)", () => {
    const octets = get(1).octets;
    octets[5] = 0x80;
    expect(told(receive(server(), octets))[0]).toContain("stream=1");
  });

  it("may be padded (section 6.2)", () => {
    expect(told(receive(server(), get(1).padded(255)))).toHaveLength(2);
    expect(told(receive(server(), get(1).padded(0)))).toHaveLength(2);
  });

  it("cannot have more padding than payload (section 6.2)", () => {
    const engine = server();
    const events = receive(engine, frames.raw(1, 0x0c, 1, Uint8Array.of(2, 0x82)));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9113 section 6.2");
  });

  it("cannot be too short for the priority that its flags announce (section 4.2)", () => {
    const engine = server();
    expectConnectionError(engine, receive(engine, frames.raw(1, 0x24, 1, "1234")), FRAME_SIZE_ERROR);
  });

  it("cannot depend on itself (RFC 7540 section 5.3.1)", () => {
    const engine = server();
    const events = receive(engine, get(1).priority({ dependsOn: 1 }));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 7540 section 5.3.1");
  });
});

describe("a request that is malformed (RFC 9113 section 8.1.1)", () => {
  const head = (): FieldBlockBuilder => frames.headers(1);
  const wrong: Record<string, FieldBlockBuilder> = {
    "has no :method": head().field(":scheme", "https").field(":authority", "a").field(":path", "/"),
    "has no :scheme": head().field(":method", "GET").field(":authority", "a").field(":path", "/"),
    "has no :path": head().field(":method", "GET").field(":scheme", "https").field(":authority", "a"),
    "has an empty :path": head().request("GET", ""),
    "has a :status": head().request("GET", "/").field(":status", "200"),
    "has an unknown pseudo-header field": head().request("GET", "/").field(":x", "1"),
    "repeats a pseudo-header field": head().request("GET", "/").field(":path", "/"),
    "has a pseudo-header field behind a regular one": head().field("a", "b").request("GET", "/"),
    "has a name with an uppercase letter": head().request("GET", "/").field("Accept", "x"),
    "has a name of no octets": head().request("GET", "/").field("", "x"),
    "has a line break in a value": head().request("GET", "/").field("x", "a\r\nb"),
    "has a connection-specific field": head().request("GET", "/").field("connection", "close"),
    "has te with anything but trailers": head().request("GET", "/").field("te", "gzip"),
    "has two hosts": head().request("GET", "/").field("host", "example.com").field("host", "example.com"),
    "has a host that is not its :authority": head().request("GET", "/").field("host", "example.org"),
    "is no request at all": head(),
  };

  it.each(Object.entries(wrong))("and %s, costs its stream", (_what, frame) => {
    const engine = server();
    expectStreamError(engine, receive(engine, frame), 1, PROTOCOL_ERROR);
    expect(engine.openInboundStreams).toBe(0);
  });

  it("says which rule it broke, and where that stands", () => {
    const [event] = receive(server(), wrong["has a line break in a value"] as FieldBlockBuilder);
    expect(event).toEqual({
      type: "StreamReset",
      streamId: 1,
      errorCode: PROTOCOL_ERROR,
      remoteReset: false,
      isUnprocessed: false,
      error: {
        errorCode: PROTOCOL_ERROR,
        reason: 'the value of field "x" has a CR, LF or NUL',
        section: "RFC 9113 section 8.2.1",
      },
    });
  });

  it("leaves the compression tables as its sender has them (section 4.3)", () => {
    const encoder = new Encoder();
    const engine = server();
    const bad = frames.headers(1).field("x-first", "kept").compressedBy(encoder);
    const good = frames.headers(3).request("GET", "/").field("x-first", "kept").compressedBy(encoder);
    expectStreamError(engine, receive(engine, bad), 1, PROTOCOL_ERROR);
    expect(told(receive(engine, good))[0]).toContain("x-first=kept");
  });

  it("may be followed by what was on its way: DATA and trailers are dropped (section 5.4.2)", () => {
    const engine = server();
    receive(engine, frames.headers(1).field(":method", "GET"));
    sent(engine);
    const late = receive(engine, frames.data(1, "late"), frames.headers(1).field("trailer", "x").endStream());
    expect(late).toEqual([]);
    expect(sent(engine)).toEqual([]);
  });

  it("of extended CONNECT needs the setting (RFC 8441 section 4)", () => {
    const connect = (): FieldBlockBuilder =>
      frames.headers(1).request("CONNECT", "/chat").field(":protocol", "websocket");
    const engine = server();
    expectStreamError(engine, receive(engine, connect()), 1, PROTOCOL_ERROR, "RFC 8441 section 4");
    const willing = server({ initialSettings: { [SettingCodes.ENABLE_CONNECT_PROTOCOL]: 1 } });
    expect(told(receive(willing, connect()))[0]).toMatch(/^RequestReceived.* :protocol=websocket$/);
  });
});

describe("a field block that cannot be decoded (RFC 9113 section 4.3)", () => {
  it.each([
    ["refers beyond the tables", hex`be`],
    ["refers to field 0", hex`80`],
    ["ends within a field", hex`40 05 61`],
    ["has a size update behind a field", hex`82 20`],
    ["wants a larger table than we allow", hex`3f e2 1f`],
    ["has a broken Huffman code", hex`00 01 61 81 00`],
  ])("and %s, costs the connection", (_what, block) => {
    const engine = server();
    expectConnectionError(engine, receive(engine, frames.headers(1).block(block)), COMPRESSION_ERROR);
  });

  it("costs the connection even on a stream that we reset", () => {
    const engine = serverWithRequest();
    engine.resetStream(1);
    expectConnectionError(engine, receive(engine, frames.headers(1).block(hex`be`)), COMPRESSION_ERROR);
  });
});

describe("more than we take", () => {
  function strict(): H2Connection {
    return server({
      initialSettings: { [SettingCodes.MAX_HEADER_LIST_SIZE]: 400 },
      limits: { fields: 10, fieldsHard: 20 },
    });
  }

  it("refuses a request beyond MAX_CONCURRENT_STREAMS, which may be sent again (RFC 9113 section 5.1.2)", () => {
    const engine = server({ initialSettings: { [SettingCodes.MAX_CONCURRENT_STREAMS]: 1 } });
    const encoder = new Encoder();
    const request = (id: number) =>
      frames.headers(id).request("GET", "/").field("x", "y").compressedBy(encoder);
    receive(engine, request(1));
    expectStreamError(engine, receive(engine, request(3)), 3, REFUSED_STREAM, "RFC 9113 section 5.1.2");
    engine.resetStream(1);
    expect(told(receive(engine, request(5)))[0]).toContain("x=y");
  });

  it("resets a request whose fields are larger than MAX_HEADER_LIST_SIZE (section 10.5.1)", () => {
    const engine = strict();
    const events = receive(engine, frames.headers(1).request("GET", "/").field("x", "y".repeat(300)));
    expectStreamError(engine, events, 1, ENHANCE_YOUR_CALM, "RFC 9113 section 10.5.1");
  });

  it("keeps decoding where a request is too large, so that the next one is right (section 4.3)", () => {
    const engine = strict();
    const encoder = new Encoder();
    const large = frames
      .headers(1)
      .request("GET", "/")
      .field("a", "b".repeat(300))
      .field("c", "d")
      .compressedBy(encoder);
    expectStreamError(engine, receive(engine, large), 1, ENHANCE_YOUR_CALM);
    const next = frames.headers(3).request("GET", "/").field("c", "d").compressedBy(encoder);
    expect(told(receive(engine, next))[0]).toContain("c=d");
  });

  it("ends the connection at twice the size: nobody needs that (section 10.5.1)", () => {
    const engine = strict();
    const events = receive(engine, frames.headers(1).request("GET", "/").field("x", "y".repeat(700)));
    expectConnectionError(engine, events, ENHANCE_YOUR_CALM, "RFC 9113 section 10.5.1");
  });

  it.each([
    [10, "RequestReceived"],
    [11, "StreamReset"],
    [20, "StreamReset"],
    [21, "ConnectionTerminated"],
  ])("answers a request of %i fields, where 10 are kept and 20 are tolerated, with %s", (count, type) => {
    const engine = server({ limits: { fields: 10, fieldsHard: 20 } });
    const request = frames.headers(1).request("GET", "/");
    for (let index = 4; index < count; index++) request.field("x", "y");
    expect(receive(engine, request).map((event) => event.type)).toEqual([type]);
  });
});

describe("a response that a client receives (RFC 9113 section 8.3.2)", () => {
  it("is told with its fields in order", () => {
    const engine = clientWithRequest();
    const events = receive(engine, frames.headers(1).response(200).field("server", "x").endStream());
    expect(told(events)).toEqual(["ResponseReceived stream=1 :status=200 server=x", "StreamEnded stream=1"]);
  });

  it.each([
    ["has no :status", frames.headers(1).field("server", "x")],
    ["has a :status that is no number", frames.headers(1).field(":status", "abc")],
    ["has a :method", frames.headers(1).response(200).field(":method", "GET")],
    ["switches protocols", frames.headers(1).response(101)],
  ])("costs its stream where it %s", (_what, frame) => {
    const engine = clientWithRequest();
    expectStreamError(engine, receive(engine, frame), 1, PROTOCOL_ERROR);
    expect(engine.openOutboundStreams).toBe(0);
  });

  it("may carry the deprecated priority", () => {
    const events = receive(clientWithRequest(), frames.headers(1).response(200).priority({ weight: 1 }));
    expect(told(events)[1]).toBe("PriorityUpdated stream=1 weight=1 dependsOn=0");
  });

  it("cannot come on a stream that the client never opened (section 5.1.1)", () => {
    const engine = client();
    const events = receive(engine, frames.headers(1).response(200));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9113 section 5.1.1");
  });

  it.each([
    ["a request", frames.headers(2).request("GET", "/")],
    ["a response", frames.headers(2).response(200)],
  ])("cannot open a server's stream with %s where there was no promise (section 5.1.1)", (_what, frame) => {
    const engine = client();
    expectConnectionError(engine, receive(engine, frame), PROTOCOL_ERROR, "RFC 9113 section 5.1.1");
  });
});

describe("what is not passed on", () => {
  it("is HTTP2-Settings, which means nothing in HTTP/2 (RFC 7540 section 3.2.1)", () => {
    const [line] = told(
      receive(server(), frames.headers(1).request("GET", "/").field("http2-settings", "AAMAAABk")),
    );
    expect(line).not.toContain("http2-settings");
  });
});

describe("a request without a body and a response without one", () => {
  it("leave nothing behind", () => {
    const engine = server();
    receive(engine, get(1));
    engine.sendHeaders(1, [[":status", "204"]], { endStream: true });
    expect([engine.openInboundStreams, engine.openOutboundStreams]).toEqual([0, 0]);
    expectAlive(engine);
  });
});
