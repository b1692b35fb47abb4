import { describe, expect, it } from "vitest";
import {
  ErrorCodes,
  HeaderField,
  NoSuchStreamError,
  ProtocolError,
  StreamClosedError,
} from "../../src/index.ts";
import { clientWithRequest, GET, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectMisuse, expectStreamError } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const STYLE = ["link", "</style.css>; rel=preload; as=style"] as const;
const SCRIPT = ["link", "</script.js>; rel=preload; as=script"] as const;

describe("103 (Early Hints) (RFC 8297 section 2)", () => {
  it("comes as an event of its own, any number of times, before the response", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    drive();
    server.sendInformational(1, 103, [STYLE]);
    server.sendInformational(1, 103, [STYLE, SCRIPT]);
    server.sendHeaders(1, [...OK, STYLE]);
    server.sendData(1, ascii("<!doctype html>"), { endStream: true });
    const events = drive().atClient;
    expect(told(events).slice(0, 3)).toEqual([
      `InformationalResponseReceived stream=1 :status=103 link=${STYLE[1]}`,
      `InformationalResponseReceived stream=1 :status=103 link=${STYLE[1]} link=${SCRIPT[1]}`,
      `ResponseReceived stream=1 :status=200 link=${STYLE[1]}`,
    ]);
    expect(Object.keys(events[0] ?? {})).toEqual(["type", "streamId", "headers", "priorityUpdated"]);
  });

  it("does not touch what the response says: its length, its end", () => {
    const engine = clientWithRequest();
    receive(engine, frames.headers(1).response(103).field("link", "</a>"));
    const response = frames.headers(1).response(200).field("content-length", "2");
    expect(told(receive(engine, response, frames.data(1, "ok").endStream()))).toHaveLength(3);
  });

  it("cannot announce the length of the response (RFC 9110 section 8.6)", () => {
    const engine = serverWithRequest();
    const send = (): void => engine.sendInformational(1, 103, [["content-length", "5"]]);
    expectMisuse(engine, send, ProtocolError);
    const receiver = clientWithRequest();
    const events = receive(receiver, frames.headers(1).response(103).field("content-length", "5"));
    expectStreamError(receiver, events, 1, ErrorCodes.PROTOCOL_ERROR, "RFC 9110 section 8.6");
  });
});

describe("sendInformational (RFC 9113 section 8.1)", () => {
  it("sends any interim status, with any fields or none, and leaves the stream open", () => {
    const engine = serverWithRequest();
    engine.sendInformational(1, 100);
    engine.sendInformational(1, 102, new Map([["x-progress", "50"]]));
    engine.sendInformational(1, 199, [new HeaderField("x", "y", true)]);
    engine.sendHeaders(1, OK, { endStream: true });
    expect(sent(engine)).toEqual([
      "HEADERS stream=1 END_HEADERS :status=100",
      "HEADERS stream=1 END_HEADERS :status=102 x-progress=50",
      "HEADERS stream=1 END_HEADERS :status=199 x!=y",
      "HEADERS stream=1 END_STREAM END_HEADERS :status=200",
    ]);
  });

  it("does so before the request is complete, and after", () => {
    const engine = serverWithRequest();
    engine.sendInformational(1, 100);
    receive(engine, frames.data(1, "x").endStream());
    engine.sendInformational(1, 103, [STYLE]);
    expect(sent(engine)).toHaveLength(2);
  });

  it.each([99, 200, 404, 1_030, 103.5, Number.NaN, "103", 101])("refuses the status %s", (status) => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.sendInformational(1, status as number), ProtocolError);
  });

  it("refuses 101 where the caller wants no checks of fields, too (section 8.6)", () => {
    const engine = serverWithRequest({ validateOutboundHeaders: false });
    expectMisuse(engine, () => engine.sendInformational(1, 101), ProtocolError);
    engine.sendInformational(1, 103);
    expect(sent(engine)).toHaveLength(1);
  });

  it("refuses to come behind the response, whatever of it was sent", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, OK);
    const late = (): void => engine.sendInformational(1, 103, [STYLE]);
    expect(expectMisuse(engine, late, ProtocolError).message).toContain("before the final one");
    engine.sendData(1, ascii("x"));
    expectMisuse(engine, late, ProtocolError);
    engine.sendHeaders(1, [["x-trailer", "1"]], { endStream: true });
    expectMisuse(engine, late, ProtocolError);
  });

  it("refuses a stream that is idle or closed", () => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.sendInformational(3, 103), NoSuchStreamError);
    receive(engine, frames.rstStream(1));
    expectMisuse(engine, () => engine.sendInformational(1, 103), StreamClosedError);
  });

  it("is for servers", () => {
    const engine = clientWithRequest();
    const error = expectMisuse(engine, () => engine.sendInformational(1, 103, [STYLE]), ProtocolError);
    expect(error.message).toContain("only servers");
  });

  it("goes before a pushed response as before any other: the promise is opened by it", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    drive();
    server.pushStream(1, 2, GET);
    server.sendInformational(2, 103, [STYLE]);
    server.sendHeaders(2, OK, { endStream: true });
    expect(told(drive().atClient).slice(1)).toEqual([
      `InformationalResponseReceived stream=2 :status=103 link=${STYLE[1]}`,
      "ResponseReceived stream=2 :status=200",
      "StreamEnded stream=2",
    ]);
  });

  it.each([
    ["a status of its own", [[":status", "200"]]],
    ["another pseudo-header field", [[":path", "/"]]],
    ["a line break", [["link", "a\nb"]]],
  ] as const)("refuses fields with %s", (_what, fields) => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.sendInformational(1, 103, fields), ProtocolError);
  });

  it("is over when the connection is", () => {
    const engine = server();
    receive(engine, frames.data(0, "x"));
    expectMisuse(engine, () => engine.sendInformational(1, 103), ProtocolError);
  });
});
