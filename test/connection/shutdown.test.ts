import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../src/index.ts";
import { client, clientWithRequest, GET, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const FIRST_STEP = ["GOAWAY last=2147483647 error=NO_ERROR", "PING data=73687574646f776e"];

describe("a server that closes gracefully (RFC 9113 section 6.8)", () => {
  it("says first that it will close, and asks by PING whether that was seen", () => {
    const engine = server();
    engine.shutdown();
    expect(sent(engine)).toEqual(FIRST_STEP);
    expect(engine.isClosing).toBe(true);
  });

  it("still takes requests that were on their way, and names the last one of them", () => {
    const engine = server();
    engine.shutdown();
    sent(engine);
    expect(told(receive(engine, frames.headers(1).request("GET", "/").endStream()))).toHaveLength(2);
    receive(engine, frames.pingAck("shutdown"));
    expect(sent(engine)).toEqual(["GOAWAY last=1 error=NO_ERROR"]);
    receive(engine, frames.headers(3).request("GET", "/").endStream());
    expect(engine.openInboundStreams).toBe(1);
    engine.sendHeaders(1, OK, { endStream: true });
    expect(engine.isFinished).toBe(true);
  });

  it("takes no other PING for the answer to its own", () => {
    const engine = server();
    engine.shutdown();
    receive(engine, frames.pingAck("shutdowN"));
    expect(engine.isFinished).toBe(false);
  });

  it("still takes a request on the highest stream there can be", () => {
    const engine = server();
    engine.shutdown();
    const events = receive(engine, frames.headers(2 ** 31 - 1).request("GET", "/"));
    expect(events.map(({ type }) => type)).toEqual(["RequestReceived"]);
  });

  it("is not finished before the answer came, even without a stream: a request may be on its way", () => {
    const engine = server();
    engine.shutdown();
    expect(engine.isFinished).toBe(false);
    receive(engine, frames.pingAck("shutdown"));
    expect(engine.isFinished).toBe(true);
  });

  it("is not misled by the answer to another PING", () => {
    const engine = server();
    engine.ping(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    engine.shutdown();
    sent(engine);
    receive(engine, frames.pingAck("\x01\x02\x03\x04\x05\x06\x07\x08"));
    expect(sent(engine)).toEqual([]);
  });

  it("loses no request, whenever the client sends it", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    server.shutdown();
    const { atClient, atServer } = drive();
    expect(told(atServer)[0]).toMatch(/^RequestReceived stream=1/);
    expect(told(atClient)).toEqual([
      "ConnectionTerminated remote NO_ERROR last=2147483647",
      "PingReceived shutdown",
      "ConnectionTerminated remote NO_ERROR last=1",
    ]);
    server.sendHeaders(1, OK, { endStream: true });
    expect(told(drive().atClient)).toEqual(["ResponseReceived stream=1 :status=200", "StreamEnded stream=1"]);
    expect([client.isFinished, server.isFinished]).toEqual([true, true]);
  });

  it("does it once, however often it is asked", () => {
    const engine = server();
    engine.shutdown();
    engine.shutdown();
    expect(sent(engine)).toEqual(FIRST_STEP);
  });

  it("may be cut short by closeConnection", () => {
    const engine = serverWithRequest();
    engine.shutdown();
    engine.closeConnection();
    expect(sent(engine)).toEqual([...FIRST_STEP, "GOAWAY last=1 error=NO_ERROR"]);
    receive(engine, frames.pingAck("shutdown"));
    expect(sent(engine)).toEqual([]);
  });

  it("opens no streams of its own any more", () => {
    const engine = serverWithRequest();
    engine.shutdown();
    expectMisuse(engine, () => engine.pushStream(1, 2, GET), ProtocolError);
  });

  it("has nothing to close once the connection is over", () => {
    const engine = server();
    engine.closeConnection({ errorCode: 1 });
    expectMisuse(engine, () => engine.shutdown(), ProtocolError);
  });
});

describe("a client that closes gracefully", () => {
  it("has nothing to wait for but its own streams", () => {
    const engine = clientWithRequest();
    engine.shutdown();
    expect(sent(engine)).toEqual(["GOAWAY last=0 error=NO_ERROR"]);
    expect(engine.isFinished).toBe(false);
    engine.endStream(1);
    receive(engine, frames.headers(1).response(200).endStream());
    expect(engine.isFinished).toBe(true);
  });

  it("is finished at once where it has none", () => {
    const engine = client();
    engine.shutdown();
    expect(engine.isFinished).toBe(true);
  });
});
