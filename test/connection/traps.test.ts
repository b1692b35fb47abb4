import { describe, expect, it } from "vitest";
import {
  ErrorCodes,
  type H2Connection,
  type HeaderInput,
  ProtocolError,
  RFC1122Error,
} from "../../src/index.ts";
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
import { frames } from "../support/frames.ts";
import { expectAlive, expectConnectionError, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

/** Where hyper-h2 falls, one group a trap: the first seven; `traps-further.test.ts` has the others. */

const { PROTOCOL_ERROR } = ErrorCodes;

describe("trap 1: a refused field section leaves nothing in the compression table", () => {
  const novel = ["x-novel", "a value that the table does not have yet"] as const;

  it.each<[string, HeaderInput]>([
    ["a field that may not be sent", [...GET, novel, ["x-broken", "a\r\nb"]]],
    ["a missing pseudo-header field", [...GET.slice(1), novel]],
    ["a pseudo-header field behind others", [novel, ...GET]],
  ])("of a request with %s", (_, headers) => {
    const { client: one, drive } = pair();
    expectMisuse(one, () => one.sendHeaders(1, headers), ProtocolError);
    one.sendHeaders(1, [...GET, ["x-later", "1"], novel], { endStream: true });
    expect(told(drive().atServer)[0]).toContain("x-later=1 x-novel=a value that the table does not have yet");
  });

  it("of trailers that do not end the stream", () => {
    const { client: one, drive } = pair();
    one.sendHeaders(1, POST);
    drive();
    expectMisuse(one, () => one.sendHeaders(1, [novel]), ProtocolError);
    one.sendHeaders(1, [novel], { endStream: true });
    expect(told(drive().atServer)).toEqual([
      "TrailersReceived stream=1 x-novel=a value that the table does not have yet",
      "StreamEnded stream=1",
    ]);
  });

  it("of a response with a priority, which is the client's to give", () => {
    const { client: one, server: other, drive } = pair();
    one.sendHeaders(1, GET, { endStream: true });
    drive();
    const call = () => other.sendHeaders(1, [...OK, novel], { priorityWeight: 5 });
    expectMisuse(other, call, RFC1122Error);
    other.sendHeaders(1, [...OK, novel], { endStream: true });
    expect(told(drive().atClient)[0]).toContain("x-novel=a value that the table does not have yet");
  });

  it("of a promise, whose stream stays idle and keeps its identifier", () => {
    const { client: one, server: other, drive } = pair();
    one.sendHeaders(1, GET);
    drive();
    expectMisuse(other, () => other.pushStream(1, 2, [...GET, novel, ["te", "gzip"]]), ProtocolError);
    expect(other.getNextAvailableStreamId()).toBe(2);
    other.pushStream(1, 2, [...GET, novel]);
    expect(told(drive().atClient)[0]).toContain("PushedStreamReceived stream=2 on=1");
  });

  it("and opens no stream", () => {
    const engine = client();
    expectMisuse(engine, () => engine.sendHeaders(1, [...GET, ["", "x"]]), ProtocolError);
    expect(engine.openOutboundStreams).toBe(0);
    expect(engine.getNextAvailableStreamId()).toBe(1);
  });
});

describe("trap 2: a mistake of the caller does not close the connection", () => {
  it.each<[string, (engine: H2Connection) => void]>([
    ["DATA on an idle stream", (engine) => engine.sendData(5, Uint8Array.of(1))],
    ["a promise by a client", (engine) => engine.pushStream(1, 2, GET)],
    [
      "an alternative service of a client",
      (engine) => engine.advertiseAlternativeService("x", { origin: "y" }),
    ],
    ["a reset of an idle stream", (engine) => engine.resetStream(5)],
    ["a weight of 0", (engine) => engine.prioritize(1, { weight: 0 })],
    ["a response by a client", (engine) => engine.sendHeaders(3, OK)],
    ["a stream of the wrong parity", (engine) => engine.sendHeaders(2, GET)],
  ])("%s", (_, call) => {
    const engine = clientWithRequest();
    expectMisuse(engine, () => call(engine), ProtocolError);
    expectAlive(engine);
    engine.sendHeaders(3, GET, { endStream: true });
    expect(sent(engine)).toHaveLength(1);
  });
});

describe("trap 3: what came before a bad frame is told", () => {
  it("in the same chunk, if the bad frame ends the connection", () => {
    const engine = server();
    const events = receive(
      engine,
      frames.headers(1).request("GET", "/").endStream(),
      frames.ping("8 octets"),
      frames.raw(0x6, 0, 0, "7 octet"),
    );
    expect(told(events)).toEqual([
      "RequestReceived stream=1 :method=GET :scheme=https :authority=example.com :path=/",
      "StreamEnded stream=1",
      "PingReceived 8 octets",
      "ConnectionTerminated local FRAME_SIZE_ERROR last=1",
    ]);
  });

  it("and what comes behind it too, if it ends only its stream", () => {
    const engine = server();
    const events = receive(
      engine,
      frames.headers(1).request("GET", "/").endStream(),
      frames.headers(3).request("GET", "").endStream(),
      frames.headers(5).request("GET", "/").endStream(),
    );
    expect(events.map(({ type }) => type)).toEqual([
      "RequestReceived",
      "StreamEnded",
      "StreamReset",
      "RequestReceived",
      "StreamEnded",
    ]);
  });
});

describe("trap 4: content-length is held against the whole content (RFC 9113 section 8.1.1)", () => {
  it("also if the head ends the stream", () => {
    const engine = server();
    const events = receive(
      engine,
      frames.headers(1).request("POST", "/").field("content-length", "5").endStream(),
    );
    const { reason } = expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.1.1");
    expect(reason).toBe("InvalidBodyLengthError: Expected 5 bytes, received 0");
  });

  it("also if trailers end the stream", () => {
    const engine = server();
    const events = receive(
      engine,
      frames.headers(1).request("POST", "/").field("content-length", "5"),
      frames.data(1, "abc"),
      frames.headers(1).field("x-checksum", "1").endStream(),
    );
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.1.1");
  });

  it("and trailers cannot set another one", () => {
    const engine = server();
    const events = receive(
      engine,
      frames.headers(1).request("POST", "/").field("content-length", "5"),
      frames.data(1, "abc"),
      frames.headers(1).field("content-length", "3").endStream(),
    );
    expectStreamError(engine, events, 1, PROTOCOL_ERROR);
  });

  it.each([204, 304])("but a response with status %s has no content, whatever it says", (status) => {
    const engine = clientWithRequest();
    const length = status === 204 ? "0" : "5";
    const head = frames.headers(1).response(status).field("content-length", length);
    const events = receive(engine, head, frames.data(1).endStream());
    expect(events.map(({ type }) => type)).toEqual(["ResponseReceived", "DataReceived", "StreamEnded"]);
  });

  it("but the response to a HEAD has no content, also if its head ends the stream", () => {
    const engine = client();
    engine.sendHeaders(1, [[":method", "HEAD"], ...GET.slice(1)], { endStream: true });
    const events = receive(engine, frames.headers(1).response(200).field("content-length", "5").endStream());
    expect(events.map(({ type }) => type)).toEqual(["ResponseReceived", "StreamEnded"]);
  });

  it("and an interim response has none, so that it cannot set the length of the final one", () => {
    const engine = clientWithRequest();
    const events = receive(engine, frames.headers(1).response(103).field("content-length", "5"));
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9110 section 8.6");
  });

  it.each(["", "+5", "5,5", "0x5", " 5", "9".repeat(17), "9".repeat(5_000)])(
    "and must be a number of digits: not %j",
    (value) => {
      const engine = server();
      const events = receive(engine, frames.headers(1).request("POST", "/").field("content-length", value));
      expectStreamError(engine, events, 1, PROTOCOL_ERROR);
    },
  );

  it("and two of them must be equal", () => {
    const engine = server();
    const head = frames.headers(1).request("POST", "/").field("content-length", "15");
    const events = receive(engine, head.field("content-length", "16"));
    const { reason } = expectStreamError(engine, events, 1, PROTOCOL_ERROR);
    expect(reason).toBe("Conflicting content-length headers: 15 and 16");
  });
});

describe("trap 5: nobody can write a line of HTTP/1.1 into a field (RFC 9113 section 8.2.1)", () => {
  it.each(["a\r\nb", "a\nb", "a\rb", "a\0b"])("by a value like %j", (value) => {
    const engine = client();
    expectMisuse(engine, () => engine.sendHeaders(1, [...GET, ["x-text", value]]), ProtocolError);
  });

  it.each(["a\r\nb", "a b", "a:b", "a\0", ""])("by a name like %j", (name) => {
    const engine = client({ normalizeOutboundHeaders: false });
    expectMisuse(engine, () => engine.sendHeaders(1, [...GET, [name, "x"]]), ProtocolError);
  });

  it("and no upper case goes out where names are not put into form", () => {
    const engine = client({ normalizeOutboundHeaders: false });
    expectMisuse(engine, () => engine.sendHeaders(1, [...GET, ["X-Name", "x"]]), ProtocolError);
  });

  it("in responses, promises and trailers neither", () => {
    const engine = serverWithRequest();
    const bad = ["a", "b\nc"] as const;
    expectMisuse(engine, () => engine.sendHeaders(1, [...OK, bad]), ProtocolError);
    expectMisuse(engine, () => engine.pushStream(1, 2, [...GET, bad]), ProtocolError);
    engine.sendHeaders(1, OK);
    expectMisuse(engine, () => engine.sendHeaders(1, [bad], { endStream: true }), ProtocolError);
  });
});

describe("trap 6: a stream identifier fits 31 bits (RFC 9113 section 5.1.1)", () => {
  it.each([2 ** 31 + 1, 2 ** 32 + 1, 0, -1, 1.5, Number.NaN])("so %s opens no stream", (streamId) => {
    const engine = client();
    expectMisuse(engine, () => engine.sendHeaders(streamId, GET), ProtocolError);
  });

  it("and is promised by none that does not", () => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.pushStream(1, 2 ** 31 + 2, GET), ProtocolError);
  });
});

describe("trap 7: a server opens streams by promises alone (RFC 9113 section 8.4)", () => {
  it("so it cannot send a head on an idle one", () => {
    const engine = server();
    expectMisuse(engine, () => engine.sendHeaders(2, OK), ProtocolError);
    expectMisuse(engine, () => engine.sendHeaders(2, GET), ProtocolError);
  });

  it("and a client takes none (section 5.1.1)", () => {
    const engine = client();
    const events = receive(engine, frames.headers(2).request("GET", "/"));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9113 section 5.1.1");
  });
});
