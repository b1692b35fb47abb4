import { describe, expect, it } from "vitest";
import { ErrorCodes } from "../../src/index.ts";
import { client, clientWithRequest, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames, type Wire } from "../support/frames.ts";
import { expectConnectionError } from "../support/outcome.ts";
import { told } from "../support/told.ts";

const { PROTOCOL_ERROR, ENHANCE_YOUR_CALM, COMPRESSION_ERROR } = ErrorCodes;
const SECTION = "RFC 9113 section 6.10";

/** HEADERS on stream 1 that CONTINUATION must complete. */
function begun() {
  return frames.headers(1).request("GET", "/").endStream().withoutEndHeaders();
}

describe("a field block over several frames (RFC 9113 section 6.10)", () => {
  it("is one block, and ends the stream as its first frame says", () => {
    const events = receive(server(), begun(), frames.continuation(1).field("a", "b"));
    expect(told(events)).toEqual([
      "RequestReceived stream=1 :method=GET :scheme=https :authority=example.com :path=/ a=b",
      "StreamEnded stream=1",
    ]);
  });

  it("tells nothing before it is complete", () => {
    const engine = server();
    expect(receive(engine, begun(), frames.continuation(1).withoutEndHeaders())).toEqual([]);
    expect(engine.openInboundStreams).toBe(0);
    expect(receive(engine, frames.continuation(1))).toHaveLength(2);
  });

  it("may have pieces without octets, and a first frame that is nothing but padding", () => {
    const first = frames.headers(1).withoutEndHeaders().padded(7);
    const events = receive(server(), first, frames.continuation(1).request("GET", "/"));
    expect(told(events)[0]).toMatch(/^RequestReceived stream=1 :method=GET/);
  });

  it("may be cut within a field, and over chunks that are reused", () => {
    const engine = clientWithRequest();
    const block = Uint8Array.of(0x88, 0x00, 1, 0x61, 1, 0x62);
    const events = [];
    const chunks = Array.from(block, (octet, index) => {
      const frame = index === 0 ? frames.headers(1) : frames.continuation(1);
      return (index === block.length - 1 ? frame : frame.withoutEndHeaders()).block(Uint8Array.of(octet))
        .octets;
    });
    for (const chunk of chunks) {
      events.push(...engine.receiveData(chunk));
      chunk.fill(0xff);
    }
    expect(told(events)).toEqual(["ResponseReceived stream=1 :status=200 a=b"]);
  });

  it("costs the connection where it cannot be decoded as a whole (section 4.3)", () => {
    const engine = server();
    const events = receive(engine, begun(), frames.continuation(1).block(Uint8Array.of(0xff)));
    expectConnectionError(engine, events, COMPRESSION_ERROR);
  });

  it("takes eight CONTINUATION frames, and no more", () => {
    const some = (count: number): Wire[] =>
      Array.from({ length: count }, (_, index) =>
        index === count - 1 ? frames.continuation(1) : frames.continuation(1).withoutEndHeaders(),
      );
    expect(receive(server(), begun(), ...some(8))).toHaveLength(2);
    const engine = server();
    const events = receive(engine, begun(), ...some(9));
    expectConnectionError(engine, events, ENHANCE_YOUR_CALM, "limit continuationFrames");
  });

  it("takes so many octets, and no more", () => {
    const SIZE_UPDATE = 0x20;
    const block = (octets: number): Wire[] => [
      frames
        .headers(1)
        .withoutEndHeaders()
        .block(new Uint8Array(octets - 1).fill(SIZE_UPDATE)),
      frames.continuation(1).block(Uint8Array.of(SIZE_UPDATE)),
    ];
    const options = { limits: { fieldBlockOctets: 100 }, initialSettings: { 6: 100 } };
    expect(told(receive(server(options), ...block(100)))).toEqual([
      "StreamReset stream=1 PROTOCOL_ERROR local",
    ]);
    const engine = server(options);
    expectConnectionError(
      engine,
      receive(engine, ...block(101)),
      ENHANCE_YOUR_CALM,
      "limit fieldBlockOctets",
    );
  });
});

describe("nothing may come within a field block (RFC 9113 section 6.10)", () => {
  it.each([
    ["HEADERS on the same stream", frames.headers(1).request("GET", "/")],
    ["HEADERS on another stream", frames.headers(3).request("GET", "/")],
    ["CONTINUATION on another stream", frames.continuation(3)],
    ["DATA", frames.data(1, "x")],
    ["SETTINGS", frames.settings()],
    ["PING", frames.ping()],
    ["PRIORITY", frames.priority(1)],
    ["WINDOW_UPDATE", frames.windowUpdate(0, 1)],
    ["RST_STREAM", frames.rstStream(1)],
    ["GOAWAY", frames.goaway(0)],
    ["a frame of an unknown type", frames.raw(0xfa, 0, 0)],
    ["PRIORITY that is too short, which alone would cost its stream", frames.raw(2, 0, 1, "1234")],
    ["WINDOW_UPDATE of nothing, which alone would cost its stream", frames.windowUpdate(1, 0)],
  ])("such as %s", (_what, frame) => {
    const engine = server();
    expectConnectionError(engine, receive(engine, begun(), frame), PROTOCOL_ERROR, SECTION);
  });

  it("on a promise neither", () => {
    const engine = clientWithRequest();
    const events = receive(engine, frames.pushPromise(1, 2).withoutEndHeaders(), frames.continuation(2));
    expectConnectionError(engine, events, PROTOCOL_ERROR, SECTION);
  });
});

describe("CONTINUATION without a field block (RFC 9113 section 6.10)", () => {
  it.each([
    ["at the start", server, []],
    ["behind DATA", serverWithRequest, [frames.data(1, "x")]],
    ["behind HEADERS that are complete", server, [frames.headers(1).request("GET", "/")]],
  ])("ends the connection: %s", (_when, engineOf, before) => {
    const engine = engineOf();
    expectConnectionError(
      engine,
      receive(engine, ...before, frames.continuation(1)),
      PROTOCOL_ERROR,
      SECTION,
    );
  });

  it("ends the connection on stream 0", () => {
    const engine = client();
    expectConnectionError(engine, receive(engine, frames.continuation(0)), PROTOCOL_ERROR, SECTION);
  });
});
