import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../src/index.ts";
import { client, clientWithRequest, GET, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectMisuse } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

describe("validateInboundHeaders: false", () => {
  it("lets through what RFC 9113 section 8 refuses", () => {
    const engine = server({ validateInboundHeaders: false });
    const events = receive(
      engine,
      frames.headers(1).field("Upper", "a\r\nb").field(":path", "x").field("te", "gzip"),
    );
    expect(told(events)).toEqual(["RequestReceived stream=1 Upper=a\r\nb :path=x te=gzip"]);
  });

  it("still keeps messages in order (section 8.1)", () => {
    const engine = server({ validateInboundHeaders: false });
    const events = receive(engine, frames.headers(1).field("a", "b"), frames.headers(1).field("c", "d"));
    expect(told(events).at(-1)).toBe("StreamReset stream=1 PROTOCOL_ERROR local");
  });
});

describe("validateInboundHeaders: false on a client", () => {
  it("takes no interim response behind the response even so (section 8.1)", () => {
    const engine = clientWithRequest({ validateInboundHeaders: false });
    const events = receive(engine, frames.headers(1).response(200), frames.headers(1).response(103));
    expect(told(events).at(-1)).toBe("StreamReset stream=1 PROTOCOL_ERROR local");
  });
});

describe("validateOutboundHeaders: false", () => {
  it("sends what RFC 9113 section 8 refuses", () => {
    const engine = client({ validateOutboundHeaders: false });
    engine.sendHeaders(1, [
      ["x", "a\nb"],
      [":path", "/"],
    ]);
    expect(sent(engine)).toEqual(["HEADERS stream=1 END_HEADERS x=a\nb :path=/"]);
  });

  it("still takes octets alone", () => {
    const engine = client({ validateOutboundHeaders: false });
    expectMisuse(engine, () => engine.sendHeaders(1, [["x", "\u20ac"]]), TypeError);
  });

  it("lets a server send a body before its head, as in hyper-h2, and the head later", () => {
    const engine = serverWithRequest({ validateOutboundHeaders: false });
    engine.sendData(1, Uint8Array.of(0x41));
    engine.sendHeaders(1, OK);
    expect(sent(engine)).toEqual(['DATA stream=1 length=1 "A"', "HEADERS stream=1 END_HEADERS :status=200"]);
  });

  it("does not take a head for trailers because data waits", () => {
    const engine = serverWithRequest({ validateOutboundHeaders: false }, [[4, 0]]);
    engine.queueData(1, Uint8Array.of(0x41));
    engine.sendHeaders(1, OK);
    receive(engine, frames.windowUpdate(1, 10));
    expect(sent(engine)).toEqual(["HEADERS stream=1 END_HEADERS :status=200", 'DATA stream=1 length=1 "A"']);
  });
});

describe("normalizeOutboundHeaders: false", () => {
  it("sends fields as they are", () => {
    const engine = client({ normalizeOutboundHeaders: false });
    engine.sendHeaders(1, [...GET, ["authorization", "x"], ["cookie", "a=b"]]);
    expect(sent(engine)[0]).toMatch(/:path=\/ authorization=x cookie=a=b$/);
  });

  it.each([
    ["an uppercase name", ["Accept", "x"]],
    ["a connection-specific field", ["connection", "close"]],
    ["space at the end of a value", ["x", "y "]],
    ["http2-settings", ["http2-settings", "AAMAAABk"]],
  ])("refuses %s, which it would have put right otherwise", (_what, field) => {
    const engine = client({ normalizeOutboundHeaders: false });
    expectMisuse(engine, () => engine.sendHeaders(1, [...GET, field as [string, string]]), ProtocolError);
  });
});
