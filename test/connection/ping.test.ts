import { describe, expect, it } from "vitest";
import { ErrorCodes } from "../../src/index.ts";
import { client, receive, server } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectConnectionError, expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

describe("PING (RFC 9113 section 6.7)", () => {
  it("is answered with the same octets", () => {
    const engine = server();
    expect(told(receive(engine, frames.ping("abcdefgh")))).toEqual(["PingReceived abcdefgh"]);
    expect(sent(engine)).toEqual(["PING ACK data=6162636465666768"]);
  });

  it("is answered once, and an answer is not answered", () => {
    const { client, drive } = pair();
    client.ping(ascii("12345678"));
    const { atClient, atServer } = drive();
    expect(told(atServer)).toEqual(["PingReceived 12345678"]);
    expect(told(atClient)).toEqual(["PingAckReceived 12345678"]);
  });

  it("tells of answers that nobody asked for, too", () => {
    expect(told(receive(client(), frames.pingAck("whatever")))).toEqual(["PingAckReceived whatever"]);
  });

  it("keeps its octets where the chunk is reused", () => {
    const chunk = frames.ping("abcdefgh");
    const engine = server();
    const events = engine.receiveData(chunk);
    chunk.fill(0);
    expect(told(events)).toEqual(["PingReceived abcdefgh"]);
    expect(sent(engine)).toEqual(["PING ACK data=6162636465666768"]);
  });

  it.each([0, 7, 9])("ends the connection where it is %i octets long", (length) => {
    const engine = server();
    const events = receive(engine, frames.raw(6, 0, 0, new Uint8Array(length)));
    expectConnectionError(engine, events, ErrorCodes.FRAME_SIZE_ERROR, "RFC 9113 section 6.7");
  });

  it("ends the connection where it comes on a stream", () => {
    const engine = server();
    const events = receive(engine, frames.raw(6, 0, 1, "12345678"));
    expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR, "RFC 9113 section 6.7");
  });

  it("takes exactly eight octets from the caller", () => {
    const engine = client();
    for (const length of [0, 7, 9])
      expectMisuse(engine, () => engine.ping(new Uint8Array(length)), RangeError);
    expectMisuse(engine, () => engine.ping("12345678" as unknown as Uint8Array), TypeError);
  });
});
