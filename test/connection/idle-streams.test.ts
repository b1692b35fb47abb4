import { describe, expect, it } from "vitest";
import { ErrorCodes } from "../../src/index.ts";
import { client, receive, server } from "../support/engine.ts";
import { frames, type Wire } from "../support/frames.ts";
import { expectAlive, expectConnectionError } from "../support/outcome.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR } = ErrorCodes;

/** Frames that only a stream may carry that somebody opened. */
const FRAMES: Readonly<Record<string, (streamId: number) => Wire>> = {
  DATA: (streamId) => frames.data(streamId, "x"),
  "empty DATA": (streamId) => frames.data(streamId).endStream(),
  RST_STREAM: (streamId) => frames.rstStream(streamId),
  WINDOW_UPDATE: (streamId) => frames.windowUpdate(streamId, 1),
  "WINDOW_UPDATE of nothing": (streamId) => frames.windowUpdate(streamId, 0),
  CONTINUATION: (streamId) => frames.continuation(streamId),
  PUSH_PROMISE: (streamId) => frames.pushPromise(streamId, 8).request("GET", "/"),
};

const STREAMS = [
  ["a server", server, "client's", 1],
  ["a server", server, "server's", 2],
  ["a client", client, "client's", 1],
  ["a client", client, "server's", 2],
] as const;

const CASES = Object.entries(FRAMES).flatMap(([name, frame]) =>
  STREAMS.map(([role, engineOf, whose, streamId]) => [name, whose, role, engineOf, streamId, frame] as const),
);

describe("a frame on a stream that is idle (RFC 9113 section 5.1)", () => {
  it.each(CASES)("such as %s on one of the %s ends the connection of %s", (...parts) => {
    const [, , , engineOf, streamId, frame] = parts;
    const engine = engineOf();
    expectConnectionError(engine, receive(engine, frame(streamId)), PROTOCOL_ERROR);
  });

  it.each(STREAMS)("may be PRIORITY, at %s, which leaves it idle (stream of the %s)", (...parts) => {
    const [, engineOf, , streamId] = parts;
    const engine = engineOf();
    receive(engine, frames.priority(streamId));
    expect([engine.openInboundStreams, engine.openOutboundStreams, sent(engine)]).toEqual([0, 0, []]);
    expectAlive(engine);
  });

  it("may be HEADERS of a client alone: a server opens no stream by them (section 5.1.1)", () => {
    for (const streamId of [1, 2]) {
      const engine = client();
      const events = receive(engine, frames.headers(streamId).response(200));
      expectConnectionError(engine, events, PROTOCOL_ERROR);
    }
    const engine = server();
    const events = receive(engine, frames.headers(2).request("GET", "/"));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9113 section 5.1.1");
  });

  it("does not make it the last stream that GOAWAY names (section 5.4.1)", () => {
    const engine = server();
    const events = receive(engine, frames.headers(1).request("GET", "/"), frames.data(5, "x"));
    expect(events.at(-1)).toMatchObject({ type: "ConnectionTerminated", lastStreamId: 1 });
    expect(sent(engine)).toEqual([expect.stringContaining("GOAWAY last=1 error=PROTOCOL_ERROR")]);
  });
});
