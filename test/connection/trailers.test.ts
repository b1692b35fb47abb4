import { describe, expect, it } from "vitest";
import { ErrorCodes, ProtocolError, SettingCodes } from "../../src/index.ts";
import { client, clientWithRequest, GET, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectMisuse, expectStreamError } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR } = ErrorCodes;
const SECTION = "RFC 9113 section 8.1";
const TRAILERS = [["x-checksum", "9"]] as const;

describe("trailers that come in (RFC 9113 section 8.1)", () => {
  it("end a request, behind a body or without one", () => {
    const trailers = frames.headers(1).field("x-checksum", "9").endStream();
    expect(told(receive(serverWithRequest(), frames.data(1, "body"), trailers))).toEqual([
      'DataReceived stream=1 "body"',
      "TrailersReceived stream=1 x-checksum=9",
      "StreamEnded stream=1",
    ]);
    expect(told(receive(serverWithRequest(), trailers))).toHaveLength(2);
  });

  it("end a response", () => {
    const engine = clientWithRequest();
    const events = receive(
      engine,
      frames.headers(1).response(200),
      frames.headers(1).field("x", "y").endStream(),
    );
    expect(told(events).slice(1)).toEqual(["TrailersReceived stream=1 x=y", "StreamEnded stream=1"]);
    const [, trailers, ended] = events;
    expect((trailers as { streamEnded: unknown }).streamEnded).toBe(ended);
  });

  it("may be empty", () => {
    expect(told(receive(serverWithRequest(), frames.headers(1).endStream()))[0]).toBe(
      "TrailersReceived stream=1",
    );
  });

  it("cost the stream where they do not end it", () => {
    const engine = serverWithRequest();
    expectStreamError(engine, receive(engine, frames.headers(1).field("x", "y")), 1, PROTOCOL_ERROR, SECTION);
  });

  it("cost the stream where they have a pseudo-header field", () => {
    const engine = serverWithRequest();
    const events = receive(engine, frames.headers(1).field(":path", "/").endStream());
    const error = expectStreamError(engine, events, 1, PROTOCOL_ERROR, SECTION);
    expect(error.reason).toContain("pseudo-header in trailer");
  });

  it("cost the stream where they carry what frames the message (RFC 9110 section 6.5.1)", () => {
    const engine = serverWithRequest();
    const events = receive(engine, frames.headers(1).field("content-length", "0").endStream());
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9110 section 6.5.1");
  });

  it("cost the stream in a tunnel (section 8.5)", () => {
    const engine = client();
    engine.sendHeaders(1, [
      [":method", "CONNECT"],
      [":authority", "example.com:443"],
    ]);
    sent(engine);
    const events = receive(
      engine,
      frames.headers(1).response(200),
      frames.headers(1).field("x", "y").endStream(),
    );
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.5");
  });
});

describe("trailers that go out (RFC 9113 section 8.1)", () => {
  it("end a response", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, OK);
    engine.sendData(1, Uint8Array.of(0x41));
    engine.sendHeaders(1, TRAILERS, { endStream: true });
    expect(sent(engine)).toEqual([
      "HEADERS stream=1 END_HEADERS :status=200",
      'DATA stream=1 length=1 "A"',
      "HEADERS stream=1 END_STREAM END_HEADERS x-checksum=9",
    ]);
  });

  it("end a request", () => {
    const engine = clientWithRequest();
    engine.sendHeaders(1, TRAILERS, { endStream: true });
    expect(sent(engine)).toEqual(["HEADERS stream=1 END_STREAM END_HEADERS x-checksum=9"]);
  });

  it("cannot leave the stream open, and then nothing was compressed", () => {
    const { client, drive } = pair();
    client.sendHeaders(1, GET);
    drive();
    expectMisuse(client, () => client.sendHeaders(1, [["x-lost", "1"]]), ProtocolError);
    client.sendHeaders(1, TRAILERS, { endStream: true });
    expect(told(drive().atServer)).toEqual([
      "TrailersReceived stream=1 x-checksum=9",
      "StreamEnded stream=1",
    ]);
  });

  it("cannot have a pseudo-header field, or come twice, or be followed by a body", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, OK);
    expectMisuse(engine, () => engine.sendHeaders(1, OK, { endStream: true }), ProtocolError);
    engine.sendHeaders(1, TRAILERS, { endStream: true });
    expectMisuse(engine, () => engine.sendHeaders(1, TRAILERS, { endStream: true }), ProtocolError);
    expectMisuse(engine, () => engine.sendData(1, Uint8Array.of(1)), ProtocolError);
  });

  it("cannot end a tunnel (section 8.5)", () => {
    const engine = server({ initialSettings: { [SettingCodes.ENABLE_CONNECT_PROTOCOL]: 1 } });
    receive(engine, frames.headers(1).field(":method", "CONNECT").field(":authority", "example.com:443"));
    engine.sendHeaders(1, OK);
    expectMisuse(engine, () => engine.sendHeaders(1, TRAILERS, { endStream: true }), ProtocolError);
  });
});
