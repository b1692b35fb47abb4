import { describe, expect, it } from "vitest";
import { ErrorCodes, ProtocolError } from "../../src/index.ts";
import { clientWithRequest, GET, OK, receive, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectMisuse, expectStreamError } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const SECTION = "RFC 9113 section 8.1";

describe("interim responses that a client receives (RFC 9113 section 8.1)", () => {
  it("come any number of times before the response", () => {
    const events = receive(
      clientWithRequest(),
      frames.headers(1).response(100),
      frames.headers(1).response(103).field("link", "</a.css>"),
      frames.headers(1).response(200),
    );
    expect(told(events)).toEqual([
      "InformationalResponseReceived stream=1 :status=100",
      "InformationalResponseReceived stream=1 :status=103 link=</a.css>",
      "ResponseReceived stream=1 :status=200",
    ]);
  });

  it("may carry the deprecated priority, which is told behind them", () => {
    const [interim, priority] = receive(
      clientWithRequest(),
      frames.headers(1).response(100).priority({ weight: 9 }),
    );
    expect(priority).toMatchObject({ type: "PriorityUpdated", weight: 9 });
    expect((interim as { priorityUpdated: unknown }).priorityUpdated).toBe(priority);
  });

  it("cannot end the stream", () => {
    const engine = clientWithRequest();
    const events = receive(engine, frames.headers(1).response(100).endStream());
    expectStreamError(engine, events, 1, ErrorCodes.PROTOCOL_ERROR, SECTION);
  });

  it("cannot follow on the response", () => {
    const engine = clientWithRequest();
    const events = receive(engine, frames.headers(1).response(200), frames.headers(1).response(103));
    expectStreamError(engine, events, 1, ErrorCodes.PROTOCOL_ERROR);
  });

  it("cannot be followed by a body", () => {
    const engine = clientWithRequest();
    const events = receive(engine, frames.headers(1).response(100), frames.data(1, "x"));
    expectStreamError(engine, events, 1, ErrorCodes.PROTOCOL_ERROR, SECTION);
  });

  it("cannot announce a length (RFC 9110 section 8.6)", () => {
    const engine = clientWithRequest();
    const events = receive(engine, frames.headers(1).response(103).field("content-length", "5"));
    expectStreamError(engine, events, 1, ErrorCodes.PROTOCOL_ERROR, "RFC 9110 section 8.6");
  });

  it("cannot be 101 (RFC 9113 section 8.6)", () => {
    const engine = clientWithRequest();
    const events = receive(engine, frames.headers(1).response(101));
    expectStreamError(engine, events, 1, ErrorCodes.PROTOCOL_ERROR, "RFC 9113 section 8.6");
  });
});

describe("interim responses that a server sends (RFC 9113 section 8.1)", () => {
  it("go before the response, and the stream stays open", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, [
      [":status", "103"],
      ["link", "</a.css>"],
    ]);
    engine.sendHeaders(1, OK, { endStream: true });
    expect(sent(engine)).toEqual([
      "HEADERS stream=1 END_HEADERS :status=103 link=</a.css>",
      "HEADERS stream=1 END_STREAM END_HEADERS :status=200",
    ]);
  });

  it("cannot end the stream", () => {
    const engine = serverWithRequest();
    expectMisuse(
      engine,
      () => engine.sendHeaders(1, [[":status", "100"]], { endStream: true }),
      ProtocolError,
    );
  });

  it("cannot follow on the response", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, OK);
    expectMisuse(engine, () => engine.sendHeaders(1, [[":status", "103"]]), ProtocolError);
  });

  it("cannot be 101 (section 8.6)", () => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.sendHeaders(1, [[":status", "101"]]), ProtocolError);
  });

  it("leave the compression tables in step where one was refused", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    drive();
    expectMisuse(
      server,
      () =>
        server.sendHeaders(
          1,
          [
            [":status", "103"],
            ["x-a", "1"],
          ],
          { endStream: true },
        ),
      ProtocolError,
    );
    server.sendHeaders(1, [...OK, ["x-b", "2"]]);
    expect(told(drive().atClient)).toEqual(["ResponseReceived stream=1 :status=200 x-b=2"]);
  });
});
