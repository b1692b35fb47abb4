import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection } from "../../src/index.ts";
import { client, clientWithRequest, receive, requestHead, server } from "../support/engine.ts";
import { type FieldBlockBuilder, frames } from "../support/frames.ts";
import { expectAlive, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR } = ErrorCodes;
const SECTION = "RFC 9113 section 8.1.1";

function post(length: string): FieldBlockBuilder {
  return frames.headers(1).request("POST", "/").field("content-length", length);
}

function response(status: number, length: string): FieldBlockBuilder {
  return frames.headers(1).response(status).field("content-length", length);
}

/** A client that asked with this method on stream 1. */
function clientThatAsked(method: string): H2Connection {
  const engine = client();
  engine.sendHeaders(1, requestHead(method), { endStream: true });
  sent(engine);
  return engine;
}

describe("a body and its content-length (RFC 9113 section 8.1.1)", () => {
  it.each([
    ["as long", [frames.data(1, "12345").endStream()]],
    [
      "as long in pieces",
      [frames.data(1, "12"), frames.data(1), frames.data(1, "345"), frames.data(1).endStream()],
    ],
    ["as long without its padding", [frames.data(1, "12345").padded(100).endStream()]],
    ["as long before trailers", [frames.data(1, "12345"), frames.headers(1).field("x", "y").endStream()]],
  ])("agree where the body is %s", (_what, body) => {
    expect(told(receive(server(), post("5"), ...body)).at(-1)).toBe("StreamEnded stream=1");
  });

  it.each([
    ["too short", [frames.data(1, "1234").endStream()]],
    ["too long", [frames.data(1, "123456").endStream()]],
    ["too long, although it goes on", [frames.data(1, "123456")]],
    ["missing", [frames.data(1).endStream()]],
    ["too short before trailers", [frames.data(1, "1234"), frames.headers(1).field("x", "y").endStream()]],
    ["missing before trailers", [frames.headers(1).field("x", "y").endStream()]],
  ])("do not where the body is %s", (_what, body) => {
    const engine = server();
    expectStreamError(engine, receive(engine, post("5"), ...body), 1, PROTOCOL_ERROR, SECTION);
  });

  it("do not where END_STREAM is on the head and a body was promised", () => {
    const engine = server();
    const error = expectStreamError(
      engine,
      receive(engine, post("5").endStream()),
      1,
      PROTOCOL_ERROR,
      SECTION,
    );
    expect(error.reason).toBe("InvalidBodyLengthError: Expected 5 bytes, received 0");
  });

  it("agree where no body was promised and none comes", () => {
    expect(told(receive(server(), post("0").endStream()))).toHaveLength(2);
  });

  it("give the connection's window back for what was too long (section 5.2)", () => {
    const engine = server();
    receive(engine, post("5"), frames.data(1, new Uint8Array(16_384)));
    receive(engine, frames.headers(3).request("POST", "/").field("content-length", "5"));
    receive(engine, frames.data(3, new Uint8Array(16_384)));
    expect(engine.inboundFlowControlWindow).toBe(65_535);
  });

  it("are not compared where no length was announced", () => {
    const events = receive(
      server(),
      frames.headers(1).request("POST", "/"),
      frames.data(1, "any").endStream(),
    );
    expect(told(events).at(-1)).toBe("StreamEnded stream=1");
  });

  it("are not compared in a tunnel (section 8.5)", () => {
    const engine = client();
    engine.sendHeaders(1, [
      [":method", "CONNECT"],
      [":authority", "example.com:443"],
    ]);
    sent(engine);
    receive(engine, response(200, "5"), frames.data(1, "more than five octets").endStream());
    expectAlive(engine);
  });
});

describe("the value of content-length (RFC 9110 section 8.6)", () => {
  it.each(["", "-1", "+5", "5, 5", "0x5", "5 ", "five", "1e3", "9".repeat(5_000)])(
    "cannot be %j",
    (value) => {
      const engine = server();
      const error = expectStreamError(engine, receive(engine, post(value)), 1, PROTOCOL_ERROR);
      if (value.trim() === value) expect(error.reason).toContain("Invalid content-length header");
    },
  );

  it("may be repeated where it is the same", () => {
    expect(told(receive(server(), post("5").field("content-length", "5")))).toHaveLength(1);
  });

  it("cannot be repeated where it differs", () => {
    const engine = server();
    const error = expectStreamError(
      engine,
      receive(engine, post("15").field("content-length", "16")),
      1,
      PROTOCOL_ERROR,
    );
    expect(error.reason).toBe("Conflicting content-length headers: 15 and 16");
  });

  it("is judged even where validation of fields is off", () => {
    const engine = server({ validateInboundHeaders: false });
    expectStreamError(engine, receive(engine, post("five")), 1, PROTOCOL_ERROR);
    const short = server({ validateInboundHeaders: false });
    expectStreamError(
      short,
      receive(short, post("5"), frames.data(1).endStream()),
      1,
      PROTOCOL_ERROR,
      SECTION,
    );
  });
});

describe("responses that have no body whatever they announce (RFC 9110 section 8.6)", () => {
  it.each([
    ["to HEAD", "HEAD", 200],
    ["with 304", "GET", 304],
  ])("%s end with their head or with empty DATA", (_what, method, status) => {
    const early = receive(clientThatAsked(method), response(status, "1000").endStream());
    expect(told(early).at(-1)).toBe("StreamEnded stream=1");
    const late = receive(clientThatAsked(method), response(status, "1000"), frames.data(1).endStream());
    expect(told(late).at(-1)).toBe("StreamEnded stream=1");
  });

  it.each([
    ["to HEAD", "HEAD", 200],
    ["with 304", "GET", 304],
    ["with 204", "GET", 204],
  ])("%s cost the stream where a body comes even so", (_what, method, status) => {
    const engine = clientThatAsked(method);
    const events = receive(engine, frames.headers(1).response(status), frames.data(1, "x"));
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, SECTION);
  });

  it("with 204 cannot announce a length", () => {
    const engine = clientThatAsked("GET");
    expectStreamError(engine, receive(engine, response(204, "5")), 1, PROTOCOL_ERROR, "RFC 9110 section 8.6");
  });

  it("are not those behind an interim response: the length of the final head counts", () => {
    const engine = clientWithRequest();
    const events = receive(
      engine,
      frames.headers(1).response(100),
      response(200, "2"),
      frames.data(1, "ok").endStream(),
    );
    expect(told(events).at(-1)).toBe("StreamEnded stream=1");
  });

  it("are not refusals of CONNECT, which do have a body", () => {
    const engine = client();
    engine.sendHeaders(1, [
      [":method", "CONNECT"],
      [":authority", "example.com:443"],
    ]);
    sent(engine);
    const events = receive(engine, response(502, "2"), frames.data(1, "x").endStream());
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, SECTION);
  });
});
