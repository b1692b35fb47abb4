import { describe, expect, it } from "vitest";
import { ErrorCodes, ProtocolError, RFC1122Error } from "../../src/index.ts";
import { client, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectConnectionError, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR } = ErrorCodes;

describe("PRIORITY that comes in (RFC 9113 section 6.3)", () => {
  it("is told, with a weight of 1 to 256", () => {
    const events = receive(
      serverWithRequest(),
      frames.priority(1, { weight: 1 }),
      frames.priority(1, { weight: 256, dependsOn: 3, exclusive: true }),
    );
    expect(told(events)).toEqual([
      "PriorityUpdated stream=1 weight=1 dependsOn=0",
      "PriorityUpdated stream=1 weight=256 dependsOn=3 exclusive",
    ]);
  });

  it("may come on an idle stream, which it does not open", () => {
    const engine = server();
    expect(told(receive(engine, frames.priority(5)))).toHaveLength(1);
    expect([engine.openInboundStreams, engine.highestInboundStreamId]).toEqual([0, 0]);
    expect(told(receive(engine, frames.headers(1).request("GET", "/")))).toHaveLength(1);
  });

  it("costs the connection on stream 0", () => {
    const engine = server();
    expectConnectionError(
      engine,
      receive(engine, frames.priority(0)),
      PROTOCOL_ERROR,
      "RFC 9113 section 6.3",
    );
  });

  it.each([4, 6])("costs its stream where it is %i octets long", (length) => {
    const engine = serverWithRequest();
    const events = receive(engine, frames.raw(2, 0, 1, new Uint8Array(length)));
    expectStreamError(engine, events, 1, FRAME_SIZE_ERROR, "RFC 9113 section 6.3");
  });

  it("costs the connection where it is too short and the stream is idle, which cannot be reset (section 6.4)", () => {
    const engine = server();
    expectConnectionError(engine, receive(engine, frames.raw(2, 0, 1, "1234")), FRAME_SIZE_ERROR);
  });

  it("costs the connection where a stream depends on itself (RFC 7540 section 5.3.1)", () => {
    const engine = serverWithRequest();
    const events = receive(engine, frames.priority(1, { dependsOn: 1 }));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 7540 section 5.3.1");
  });
});

describe("PRIORITY that goes out (RFC 9113 section 6.3)", () => {
  it("has the defaults of RFC 7540 section 5.3.5, and may be for any stream in any state", () => {
    const engine = client();
    engine.prioritize(1);
    engine.prioritize(99, { weight: 256, dependsOn: 1, exclusive: true });
    expect(sent(engine)).toEqual([
      "PRIORITY stream=1 dependsOn=0 weight=16",
      "PRIORITY stream=99 dependsOn=1 weight=256 exclusive",
    ]);
  });

  it.each([
    ["a weight of 0", 1, { weight: 0 }],
    ["a weight of 257", 1, { weight: 257 }],
    ["a stream that depends on itself", 1, { dependsOn: 1 }],
    ["a stream that depends on none", 1, { dependsOn: -1 }],
    ["stream 0", 0, { dependsOn: 1 }],
    ["half a stream", 1.5, {}],
    ["a stream of 32 bits", 2 ** 31, {}],
  ])("cannot be for %s", (_what, streamId, options) => {
    const engine = client();
    expectMisuse(engine, () => engine.prioritize(streamId, options), ProtocolError);
  });

  it("is not for servers (section 5.3)", () => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.prioritize(1), RFC1122Error);
  });
});
