import { describe, expect, it } from "vitest";
import { ErrorCodes, H2Error, ProtocolError, StreamClosedError } from "../../src/index.ts";
import { client, clientWithRequest, GET, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectConnectionError, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";

/** What hyper-h2 4.4.1 gets wrong, or does otherwise than RFC 9113 asks; here is what happens instead. */
describe("traps of the original that this engine does not fall into", () => {
  it("refuses fields before it compresses any of them", () => {
    const { client, drive } = pair();
    expectMisuse(
      client,
      () => client.sendHeaders(1, [...GET, ["x-first", "1"], ["x-bad", "a\nb"]]),
      ProtocolError,
    );
    client.sendHeaders(1, [...GET, ["x-first", "1"]]);
    expect(told(drive().atServer)[0]).toMatch(/ x-first=1$/);
  });

  it("keeps no stream open after a refused call", () => {
    const engine = client();
    expectMisuse(engine, () => engine.sendHeaders(1, []), ProtocolError);
    expect([engine.openOutboundStreams, engine.getNextAvailableStreamId()]).toEqual([0, 1]);
  });

  it("does not end the connection because the caller made a mistake", () => {
    const { client, drive } = pair();
    expectMisuse(client, () => client.sendData(1, Uint8Array.of(1)), ProtocolError);
    client.sendHeaders(1, GET, { endStream: true });
    expect(told(drive().atServer)).toHaveLength(2);
  });

  it("loses no event because a later frame of the same chunk is bad", () => {
    const events = receive(server(), frames.headers(1).request("GET", "/"), frames.raw(6, 0, 0));
    expect(events.map(({ type }) => type)).toEqual(["RequestReceived", "ConnectionTerminated"]);
  });

  it("compares content-length where the head ends the stream, and where trailers do", () => {
    const request = () => frames.headers(1).request("POST", "/").field("content-length", "5");
    const early = server();
    expectStreamError(early, receive(early, request().endStream()), 1, ErrorCodes.PROTOCOL_ERROR);
    const late = server();
    const trailers = frames.headers(1).field("x", "y").endStream();
    expectStreamError(
      late,
      receive(late, request(), frames.data(1, "1234"), trailers),
      1,
      ErrorCodes.PROTOCOL_ERROR,
    );
  });

  it("takes a 304 with a length and no body", () => {
    const engine = clientWithRequest();
    const head = frames.headers(1).response(304).field("content-length", "5");
    expect(told(receive(engine, head, frames.data(1).endStream())).at(-1)).toBe("StreamEnded stream=1");
  });

  it.each(["\r", "\n", "\0"])("lets no %j out in a value", (breaker) => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.sendHeaders(1, [...OK, ["x", `a${breaker}b`]]), ProtocolError);
  });

  it("takes no stream identifier above 2^31 - 1", () => {
    const engine = client();
    expectMisuse(engine, () => engine.sendHeaders(2 ** 31 + 1, GET), ProtocolError);
  });

  it("opens no even stream on a server without a promise, and takes none on a client", () => {
    const sender = server();
    expectMisuse(sender, () => sender.sendHeaders(2, OK), ProtocolError);
    const receiver = client();
    const events = receive(receiver, frames.headers(2).request("GET", "/"));
    expectConnectionError(receiver, events, ErrorCodes.PROTOCOL_ERROR);
  });

  it("throws no error that is not its own for what is in a call", () => {
    const engine = client();
    expectMisuse(engine, () => engine.endStream(99), H2Error);
    expectMisuse(engine, () => engine.sendHeaders(1, [["", "x"]]), H2Error);
    expectMisuse(engine, () => engine.incrementFlowControlWindow(1, { streamId: 9 }), H2Error);
    engine.sendHeaders(1, [...GET, ["x", "\u00ff".repeat(16_384 - 60)]], { priorityWeight: 1 });
  });

  it("throws nothing for a value that its header encoding does not have", () => {
    const engine = server({ headerEncoding: "utf-8" });
    const events = receive(engine, frames.headers(1).request("GET", "/").field("x", "\u00ff"));
    expectStreamError(engine, events, 1, ErrorCodes.PROTOCOL_ERROR);
  });

  it("does not see the reserved bit of a promised stream", () => {
    const octets = frames.pushPromise(1, 2).request("GET", "/").octets;
    octets[9] = 0x80;
    expect(receive(clientWithRequest(), octets)).toMatchObject([{ pushedStreamId: 2 }]);
  });

  it("ends a stream, not the connection, for a fault of a stream", () => {
    const engine = server();
    expectStreamError(
      engine,
      receive(engine, frames.headers(1).field("x", "y")),
      1,
      ErrorCodes.PROTOCOL_ERROR,
    );
  });

  it("says in words that a stream is closed", () => {
    const engine = clientWithRequest();
    engine.resetStream(1);
    expect(expectMisuse(engine, () => engine.endStream(1), StreamClosedError).message).toBe(
      "stream 1 is closed",
    );
  });

  it("acknowledges one SETTINGS frame by one acknowledgement, though their keys differ", () => {
    const engine = server();
    engine.updateSettings({ 3: 1 });
    engine.updateSettings({ 4: 1 });
    expect(told(receive(engine, frames.settingsAck()))).toEqual([
      "SettingsAcknowledged MAX_CONCURRENT_STREAMS=1",
    ]);
  });

  it("does not let the peer decide how large our compression table is", () => {
    const engine = client({}, [[1, 2 ** 32 - 1]]);
    const send = (streamId: number, name: string): number => {
      engine.sendHeaders(streamId, [...GET, [name, "v".repeat(900)]]);
      return engine.dataToSend().length;
    };
    const first = send(1, "x-1");
    expect(send(3, "x-1")).toBeLessThan(100);
    for (let id = 5; id < 55; id += 2) send(id, `x-${id}`);
    expect(send(55, "x-1")).toBeGreaterThan(first / 2);
  });

  it("refuses a frame that is too long from its header", () => {
    const engine = server();
    const events = receive(engine, frames.header(0xffffff, 0, 0, 1));
    expectConnectionError(engine, events, ErrorCodes.FRAME_SIZE_ERROR, "RFC 9113 section 4.2");
  });

  it("sends no window update on a stream that the peer has ended", () => {
    const engine = serverWithRequest();
    receive(
      engine,
      frames.data(1, new Uint8Array(16_384)),
      frames.data(1, new Uint8Array(16_384)).endStream(),
    );
    engine.acknowledgeReceivedData(32_768, 1);
    expect(engine.dataToSend()).toHaveLength(13);
  });
});
