import { describe, expect, it } from "vitest";
import { Encoder } from "../src/hpack/index.ts";
import { ErrorCodes, ProtocolError } from "../src/index.ts";
import { client, clientWithRequest, GET, OK, receive, server, serverWithRequest } from "./support/engine.ts";
import { frames, joined } from "./support/frames.ts";
import { expectAlive, expectConnectionError, expectMisuse, expectStreamError } from "./support/outcome.ts";
import { pair } from "./support/pair.ts";
import { told } from "./support/told.ts";
import { hex, sent } from "./support/wire.ts";

describe("frames: what a peer may write", () => {
  it("gives the octets of simple frames", () => {
    expect(frames.ping("\x01\x02\x03\x04\x05\x06\x07\x08")).toEqual(hex`
      000008 06 00 00000000  # PING
      0102030405060708
    `);
    expect(frames.settings([4, 65_535])).toEqual(hex`000006 04 00 00000000  0004 0000ffff`);
    expect(frames.rstStream(3, 8)).toEqual(hex`000004 03 00 00000003  00000008`);
    expect(frames.raw(0xfa, 0x80, 5, "hi")).toEqual(hex`000002 fa 80 00000005  6869`);
    expect(frames.header(16_385, 0, 0, 1)).toEqual(hex`004001 00 00 00000001`);
  });

  it("describes a frame step by step, and joins frames to one chunk", () => {
    expect(frames.data(1, "abc").padded(2).endStream().octets).toEqual(hex`
      000006 00 09 00000001  # DATA, END_STREAM and PADDED
      02 616263 0000
    `);
    expect(joined(frames.headers(1).response(200).endStream(), frames.settingsAck())).toEqual(hex`
      000001 01 05 00000001  88
      000000 04 01 00000000
    `);
  });

  it("writes field blocks that touch no dynamic table, or what a given encoder makes of them", () => {
    expect(frames.headers(1).field("a", "b").octets).toEqual(hex`000005 01 04 00000001  00 0161 0162`);
    const encoder = new Encoder({ huffman: "never" });
    const first = frames.headers(1).field("a", "b").compressedBy(encoder);
    expect(first.octets).toEqual(hex`000005 01 04 00000001  40 0161 0162`);
    const again = frames.headers(3).field("a", "b").compressedBy(encoder);
    expect(again.octets).toEqual(hex`000001 01 04 00000003  be`);
  });

  it("cuts a block over CONTINUATION, at fields or within", () => {
    const cut = joined(
      frames.headers(1).response(200).withoutEndHeaders(),
      frames.continuation(1).block(hex`00 01`).withoutEndHeaders(),
      frames.continuation(1).block(hex`61 01 62`),
    );
    expect(told(receive(clientWithRequest(), cut))).toEqual(["ResponseReceived stream=1 :status=200 a=b"]);
  });
});

describe("server() and client(): one engine that was greeted", () => {
  it("takes frames and tells events", () => {
    const engine = server();
    expect(told(receive(engine, frames.headers(1).request("GET", "/a").endStream()))).toEqual([
      "RequestReceived stream=1 :method=GET :scheme=https :authority=example.com :path=/a",
      "StreamEnded stream=1",
    ]);
  });

  it("shows what it sends, frame by frame", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, [...OK, ["server", "h2wire"]]);
    engine.sendData(1, Uint8Array.of(0x6f, 0x6b), { endStream: true });
    expect(sent(engine)).toEqual([
      "HEADERS stream=1 END_HEADERS :status=200 server=h2wire",
      'DATA stream=1 END_STREAM length=2 "ok"',
    ]);
    expect(sent(engine)).toEqual([]);
  });
});

describe("outcomes", () => {
  it("expects the end of the connection", () => {
    const engine = server();
    const events = receive(engine, frames.raw(6, 0, 0, "short"));
    const error = expectConnectionError(engine, events, ErrorCodes.FRAME_SIZE_ERROR, "RFC 9113 section 6.7");
    expect(error.reason).toBe("PING must be 8 octets long, not 5");
  });

  it("expects the end of a stream", () => {
    const engine = server();
    const events = receive(engine, frames.headers(1).field(":method", "GET"));
    expectStreamError(engine, events, 1, ErrorCodes.PROTOCOL_ERROR);
    expectAlive(engine);
  });

  it("expects a refusal that changed nothing", () => {
    const engine = client();
    const error = expectMisuse(engine, () => engine.sendHeaders(2, GET), ProtocolError);
    expect(error.message).toContain("stream 2 is not ours to open");
  });
});

describe("pair(): two engines joined in memory", () => {
  it("carries octets to and fro until both are silent", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    expect(told(drive().atServer)).toEqual([
      "RequestReceived stream=1 :method=GET :scheme=https :authority=example.com :path=/",
      "StreamEnded stream=1",
    ]);
    server.sendHeaders(1, OK, { endStream: true });
    expect(told(drive().atClient)).toEqual(["ResponseReceived stream=1 :status=200", "StreamEnded stream=1"]);
  });
});
