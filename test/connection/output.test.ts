import { describe, expect, it } from "vitest";
import { H2Connection } from "../../src/index.ts";
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
import { ascii, frames, joined } from "../support/frames.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

/** A server with something of everything to send. */
function busy(): H2Connection {
  const engine = serverWithRequest();
  receive(engine, frames.ping());
  engine.sendHeaders(1, [...OK, ["x", "y".repeat(1_000)]]);
  engine.sendData(1, new Uint8Array(10_000).fill(7));
  engine.queueData(1, new Uint8Array(20_000).fill(9), { endStream: true });
  return engine;
}

describe("octets to send", () => {
  it("are none where nothing was done", () => {
    const engine = server();
    expect([engine.hasOutput, engine.dataToSend().length, engine.takeChunks().length]).toEqual([false, 0, 0]);
  });

  it("are handed over once", () => {
    const engine = busy();
    expect(engine.hasOutput).toBe(true);
    expect(engine.dataToSend().length).toBeGreaterThan(30_000);
    expect([engine.hasOutput, engine.dataToSend().length]).toEqual([false, 0]);
  });

  it("are the same as one array, in pieces of any size, or as chunks", () => {
    const whole = busy().dataToSend();
    expect(Buffer.concat(busy().takeChunks()).equals(whole)).toBe(true);
    for (const amount of [100, 1_000, 16_393, 100_000]) {
      const engine = busy();
      const pieces: Uint8Array[] = [];
      for (let piece = engine.dataToSend(amount); piece.length > 0; piece = engine.dataToSend(amount)) {
        expect(piece.length).toBeLessThanOrEqual(amount);
        pieces.push(piece);
      }
      expect(told(receiverOf(pieces))).toEqual(told(receiverOf([whole])));
    }
  });

  it("may be asked for none at all", () => {
    const engine = busy();
    expect(engine.dataToSend(0)).toHaveLength(0);
    expect(engine.hasOutput).toBe(true);
  });

  it("never change once they were handed over", () => {
    const engine = client();
    engine.sendHeaders(1, POST);
    const first = engine.dataToSend();
    const before = first.slice();
    for (let index = 0; index < 50; index++) engine.sendData(1, new Uint8Array(100).fill(index));
    engine.dataToSend();
    expect(first).toEqual(before);
  });

  it("may be dropped, for tests", () => {
    const engine = busy();
    engine.clearOutboundDataBuffer();
    expect(engine.hasOutput).toBe(false);
  });
});

/** What a client makes of the answer of `busy`, bodies joined. */
function receiverOf(pieces: readonly Uint8Array[]): ReturnType<H2Connection["receiveData"]> {
  const engine = clientWithRequest();
  const events = pieces.flatMap((piece) => engine.receiveData(piece.slice()));
  let length = 0;
  for (const event of events) if (event.type === "DataReceived") length += event.data.length;
  expect(length).toBe(30_000);
  return events.filter(({ type }) => type !== "DataReceived");
}

describe("chunks that come in", () => {
  it("must be Uint8Arrays", () => {
    const engine = server();
    for (const data of ["text", [1, 2], new ArrayBuffer(9), undefined, null]) {
      expect(() => engine.receiveData(data as unknown as Uint8Array)).toThrow(TypeError);
    }
  });

  it("may be empty", () => {
    expect(server().receiveData(new Uint8Array(0))).toEqual([]);
  });

  it("may be views on a larger memory, of which nothing else is read", () => {
    const octets = joined(frames.ping("abcdefgh"));
    const memory = new Uint8Array(octets.length + 20).fill(0xff);
    memory.set(octets, 10);
    const engine = server();
    expect(told(engine.receiveData(memory.subarray(10, 10 + octets.length)))).toEqual([
      "PingReceived abcdefgh",
    ]);
  });

  it("may be written over once the events were dealt with, wherever they were cut", () => {
    const wire = joined(
      frames.headers(1).request("POST", "/").withoutEndHeaders(),
      frames.continuation(1).field("x", "y"),
      frames.data(1, "body"),
      frames.ping("abcdefgh"),
      frames.goaway(0, 0, "bye"),
    );
    const whole = told(server().receiveData(wire.slice()));
    for (let cut = 0; cut <= wire.length; cut++) {
      const engine = server();
      const lines: string[] = [];
      for (const chunk of [wire.slice(0, cut), wire.slice(cut)]) {
        lines.push(...told(engine.receiveData(chunk)));
        chunk.fill(0xa5);
      }
      expect(lines).toEqual(whole);
      expect(sent(engine)).toEqual(["PING ACK data=6162636465666768"]);
    }
  });
});

describe("memory of the caller that goes out", () => {
  it("is not written to", () => {
    const engine = clientWithRequest();
    const body = ascii("body");
    engine.sendData(1, body, { padLength: 5 });
    engine.dataToSend();
    expect(body).toEqual(ascii("body"));
  });

  it("keeps header fields as the caller made them", () => {
    const engine = new H2Connection();
    const headers = GET.map((pair) => [...pair] as [string, string]);
    engine.sendHeaders(1, [...headers, ["X-Upper", " v "]]);
    expect(headers).toEqual(GET);
  });
});
