import { describe, expect, it } from "vitest";
import { ErrorCodes, ProtocolError, SettingCodes } from "../../src/index.ts";
import {
  client,
  clientWithRequest,
  GET,
  OK,
  receive,
  requestHead,
  server,
  serverWithRequest,
} from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectMisuse, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR } = ErrorCodes;

describe("a response that comes in (RFC 9113 section 8.1)", () => {
  it.each([
    ["a second response", frames.headers(1).response(200)],
    ["trailers that do not end it", frames.headers(1).field("x", "y")],
    ["trailers with a :status", frames.headers(1).response(200).endStream()],
  ])("cannot be followed by %s", (_what, frame) => {
    const engine = clientWithRequest();
    receive(engine, frames.headers(1).response(200));
    expectStreamError(engine, receive(engine, frame), 1, PROTOCOL_ERROR, "RFC 9113 section 8.1");
  });

  it("is not told at all where it is malformed, nor is its body (section 8.1.1)", () => {
    const engine = clientWithRequest();
    const events = receive(
      engine,
      frames.headers(1).response(200).field("Upper", "x"),
      frames.data(1, "body").endStream(),
    );
    expect(told(events)).toEqual(["StreamReset stream=1 PROTOCOL_ERROR local"]);
  });

  it("is over with its END_STREAM, though CONTINUATION completes its block", () => {
    const head = frames.headers(1).response(200).endStream().withoutEndHeaders();
    const events = receive(clientWithRequest(), head, frames.continuation(1).field("a", "b"));
    expect(told(events)).toEqual(["ResponseReceived stream=1 :status=200 a=b", "StreamEnded stream=1"]);
  });
});

describe("a request that comes in (RFC 9113 section 8.1.1)", () => {
  it("is not told at all where it is malformed, nor is what belongs to it", () => {
    const engine = server();
    const events = receive(
      engine,
      frames.headers(1).request("POST", "/").field("connection", "close"),
      frames.data(1, "body"),
      frames.headers(1).field("x", "y").endStream(),
    );
    expect(told(events)).toEqual(["StreamReset stream=1 PROTOCOL_ERROR local"]);
    expect(sent(engine)).toEqual(["RST_STREAM stream=1 error=PROTOCOL_ERROR"]);
  });

  it("may be OPTIONS for the server as a whole", () => {
    const [request] = told(receive(server(), frames.headers(1).request("OPTIONS", "*")));
    expect(request).toContain(":path=*");
  });
});

describe("a message that a caller gives (RFC 9113 section 8.3)", () => {
  it.each([
    ["a host that is not its :authority", [...GET, ["host", "example.org"]]],
    ["user information", [...GET.slice(0, 2), [":authority", "user@example.com"], [":path", "/"]]],
    ["an empty :path", requestHead("GET", "")],
    ["two :method", [...GET, [":method", "GET"]]],
    ["a pseudo-header field that nobody defined", [...GET, [":unknown", "x"]]],
    ["a pseudo-header field of responses", [...GET, [":status", "200"]]],
    ["CONNECT with a :path", requestHead("CONNECT")],
    ["te with anything but trailers", [...GET, ["te", "gzip"]]],
    ["a colon in a name", [...GET, ["a:b", "x"]]],
  ] as const)("is refused before anything is sent, as a request with %s", (_what, head) => {
    const engine = client({}, [[SettingCodes.ENABLE_CONNECT_PROTOCOL, 1]]);
    expectMisuse(engine, () => engine.sendHeaders(1, head), ProtocolError);
  });

  it.each([
    ["no :status", [["server", "x"]]],
    ["two :status", [...OK, ...OK]],
    ["a :path", [...OK, [":path", "/"]]],
    ["a pseudo-header field behind others", [["server", "x"], ...OK]],
  ] as const)("is refused before anything is sent, as a response with %s", (_what, head) => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.sendHeaders(1, head), ProtocolError);
  });
});
