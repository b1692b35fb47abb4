import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection, ProtocolError, SettingCodes } from "../../src/index.ts";
import { client, OK, receive, server } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectAlive, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, CONNECT_ERROR } = ErrorCodes;
const { ENABLE_CONNECT_PROTOCOL } = SettingCodes;

const CONNECT = [
  [":method", "CONNECT"],
  [":authority", "example.com:443"],
] as const;

const WEBSOCKET = [
  [":method", "CONNECT"],
  [":protocol", "websocket"],
  [":scheme", "https"],
  [":authority", "example.com"],
  [":path", "/chat"],
] as const;

/** Ways to ask for a tunnel. */
const REQUESTS = [
  ["CONNECT", CONNECT],
  ["extended CONNECT", WEBSOCKET],
] as const;

type Head = readonly (readonly [string, string])[];

function serverWithTunnel(head: Head): H2Connection {
  const engine = server({ initialSettings: { [ENABLE_CONNECT_PROTOCOL]: 1 } });
  const request = frames.headers(1);
  for (const [name, value] of head) request.field(name, value);
  receive(engine, request);
  engine.sendHeaders(1, OK);
  sent(engine);
  return engine;
}

function clientWithTunnel(head: Head): H2Connection {
  const engine = client({}, [[ENABLE_CONNECT_PROTOCOL, 1]]);
  engine.sendHeaders(1, head);
  receive(engine, frames.headers(1).response(200));
  sent(engine);
  return engine;
}

describe.each(REQUESTS)("a tunnel by %s (RFC 9113 section 8.5, RFC 8441 section 5)", (_what, head) => {
  it("carries DATA both ways, each side ending its own half", () => {
    const atServer = serverWithTunnel(head);
    expect(told(receive(atServer, frames.data(1, "up").endStream()))).toEqual([
      'DataReceived stream=1 "up"',
      "StreamEnded stream=1",
    ]);
    atServer.sendData(1, ascii("down"), { endStream: true });
    expect(sent(atServer)).toEqual(['DATA stream=1 END_STREAM length=4 "down"']);
    const atClient = clientWithTunnel(head);
    expect(told(receive(atClient, frames.data(1, "down").endStream()))).toHaveLength(2);
    atClient.sendData(1, ascii("up"));
    expect(sent(atClient)).toEqual(['DATA stream=1 length=2 "up"']);
  });

  it("takes the frames that manage streams", () => {
    for (const engine of [serverWithTunnel(head), clientWithTunnel(head)]) {
      receive(engine, frames.windowUpdate(1, 5), frames.priority(1), frames.raw(0xfa, 0, 1));
      expect(engine.bufferedAmount(1)).toBe(0);
      expect(sent(engine)).toEqual([]);
      expect(told(receive(engine, frames.rstStream(1, CONNECT_ERROR)))).toEqual([
        "StreamReset stream=1 CONNECT_ERROR remote",
      ]);
    }
  });

  it("is reset where trailers come, whether they end the stream or not", () => {
    for (const engine of [serverWithTunnel(head), clientWithTunnel(head)]) {
      const events = receive(engine, frames.headers(1).field("x", "y").endStream());
      expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.5");
    }
    const engine = clientWithTunnel(head);
    expectStreamError(engine, receive(engine, frames.headers(1).field("x", "y")), 1, PROTOCOL_ERROR);
  });

  it("is reset where a promise comes on it, which is refused", () => {
    const engine = clientWithTunnel(head);
    const events = receive(engine, frames.pushPromise(1, 2).request("GET", "/"));
    expect(told(events)).toEqual(["StreamReset stream=1 PROTOCOL_ERROR local"]);
    expect(sent(engine)).toEqual([
      "RST_STREAM stream=2 error=REFUSED_STREAM",
      "RST_STREAM stream=1 error=PROTOCOL_ERROR",
    ]);
    expectAlive(engine);
  });

  it("sends no trailers", () => {
    for (const engine of [serverWithTunnel(head), clientWithTunnel(head)])
      expectMisuse(engine, () => engine.sendHeaders(1, [["x", "y"]], { endStream: true }), ProtocolError);
  });

  it("is reset with CONNECT_ERROR where the connection behind it breaks", () => {
    const engine = serverWithTunnel(head);
    engine.resetStream(1, { errorCode: CONNECT_ERROR });
    expect(sent(engine)).toEqual(["RST_STREAM stream=1 error=CONNECT_ERROR"]);
  });
});

describe("CONNECT that is refused", () => {
  it("is answered like any request: with a body, and trailers", () => {
    const engine = client();
    engine.sendHeaders(1, CONNECT);
    const answer = [frames.headers(1).response(403), frames.data(1, "no")];
    expect(told(receive(engine, ...answer, frames.headers(1).field("x", "y").endStream()))).toEqual([
      "ResponseReceived stream=1 :status=403",
      'DataReceived stream=1 "no"',
      "TrailersReceived stream=1 x=y",
      "StreamEnded stream=1",
    ]);
  });
});
