import { describe, expect, it } from "vitest";
import { MessageProgress } from "../../src/streams/message-progress.ts";
import { Stream } from "../../src/streams/stream.ts";
import { StreamState } from "../../src/streams/stream-state.ts";

describe("a stream on which nothing happened yet", () => {
  const stream = new Stream(7, 100, 200);

  it("is idle, both messages before their start (RFC 9113 section 5.1)", () => {
    const { START } = MessageProgress;
    expect(stream).toMatchObject({
      id: 7,
      state: StreamState.IDLE,
      sendProgress: START,
      receiveProgress: START,
    });
  });

  it("has the windows that it was given (RFC 9113 section 6.9.2)", () => {
    expect([stream.sendWindow.available, stream.receiveWindow.available]).toEqual([100, 200]);
  });

  it("was promised no length, and no octet nor interim response came (RFC 9113 section 8.1.1)", () => {
    expect(stream).toMatchObject({ expectedLength: -1, receivedLength: 0, interimHeads: 0 });
  });

  it("is neither HEAD nor CONNECT nor a tunnel, and has no origin (RFC 9113 sections 8.3.1 and 8.5)", () => {
    const facts = { isHead: false, isConnect: false, isTunnel: false, scheme: "", authority: "" };
    expect(stream).toMatchObject(facts);
  });

  it("has urgency 3 and takes turns with others (RFC 9218 section 4)", () => {
    expect(stream).toMatchObject({ urgency: 3, isIncremental: true });
  });

  it("has nothing to send and owes no event", () => {
    const facts = { sendQueue: null, isScheduled: false, waitsSince: 0, owesDrained: false };
    expect(stream).toMatchObject(facts);
  });
});
