import { describe, expect, it } from "vitest";
import {
  FlowControlError,
  FrameTooLargeError,
  type H2Connection,
  H2Error,
  InvalidSettingsValueError,
  NoSuchStreamError,
  ProtocolError,
  RFC1122Error,
  StreamClosedError,
  StreamIDTooLowError,
  TooManyStreamsError,
} from "../../src/index.ts";
import { client, GET, OK, POST, receive, serverWithRequest } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";

type Call = (engine: H2Connection) => unknown;

/** Every method that sends something. */
const COMMANDS: Readonly<Record<string, Call>> = {
  initiateConnection: (engine) => engine.initiateConnection(),
  initiateUpgradeConnection: (engine) => engine.initiateUpgradeConnection(),
  sendHeaders: (engine) => engine.sendHeaders(1, OK),
  sendData: (engine) => engine.sendData(1, ascii("x")),
  queueData: (engine) => engine.queueData(1, ascii("x")),
  endStream: (engine) => engine.endStream(1),
  pushStream: (engine) => engine.pushStream(1, 2, GET),
  resetStream: (engine) => engine.resetStream(1),
  sendPriorityUpdate: (engine) => engine.sendPriorityUpdate(1, { urgency: 1, incremental: false }),
  prioritize: (engine) => engine.prioritize(1),
  incrementFlowControlWindow: (engine) => engine.incrementFlowControlWindow(1),
  ping: (engine) => engine.ping(ascii("12345678")),
  updateSettings: (engine) => engine.updateSettings({ 3: 1 }),
  advertiseAlternativeService: (engine) => engine.advertiseAlternativeService("clear", { streamId: 1 }),
  advertiseOrigins: (engine) => engine.advertiseOrigins([]),
  sendExtensionFrame: (engine) => engine.sendExtensionFrame({ type: 0xfa }),
  closeConnection: (engine) => engine.closeConnection(),
  shutdown: (engine) => engine.shutdown(),
};

describe("a connection that is over", () => {
  it.each(Object.entries(COMMANDS))("takes no %s any more", (_name, call) => {
    const byCaller = serverWithRequest();
    byCaller.closeConnection({ errorCode: 1 });
    const error = expectMisuse(byCaller, () => call(byCaller), ProtocolError);
    expect(error.message).toBe("the connection is closed");
    const byPeer = serverWithRequest();
    receive(byPeer, frames.raw(6, 0, 0));
    expectMisuse(byPeer, () => call(byPeer), ProtocolError);
  });

  it("still answers questions", () => {
    const engine = serverWithRequest();
    receive(engine, frames.raw(6, 0, 0));
    expect(engine.localFlowControlWindow(1)).toBe(65_535);
    expect([engine.bufferedAmount(1), engine.openInboundStreams, engine.isFinished]).toEqual([0, 1, true]);
    engine.acknowledgeReceivedData(1, 1);
    expect(engine.takeEvents()).toEqual([]);
  });
});

const LINE_BREAK = [...GET, ["x", "a\nb"]] as const;

/** Mistakes of a client that has an open request on stream 1 and a closed one on stream 3. */
const CLIENT_MISTAKES: readonly (readonly [string, Call, abstract new (...parameters: never[]) => Error])[] =
  [
    ["fields with a line break", (engine) => engine.sendHeaders(5, LINE_BREAK), ProtocolError],
    ["fields that are no octets", (engine) => engine.sendHeaders(5, [...GET, ["x", "\u20ac"]]), TypeError],
    ["a request on a stream that is closed", (engine) => engine.sendHeaders(3, GET), StreamClosedError],
    ["a request on a server's stream", (engine) => engine.sendHeaders(2, GET), ProtocolError],
    ["trailers that do not end the stream", (engine) => engine.sendHeaders(1, [["x-t", "1"]]), ProtocolError],
    [
      "trailers with a pseudo-header field",
      (engine) => engine.sendHeaders(1, OK, { endStream: true }),
      ProtocolError,
    ],
    ["a weight of 0", (engine) => engine.sendHeaders(5, GET, { priorityWeight: 0 }), ProtocolError],
    ["more than the window", (engine) => engine.sendData(1, new Uint8Array(16_000)), FlowControlError],
    ["more than a frame", (engine) => engine.sendData(1, new Uint8Array(17_000)), FlowControlError],
    ["data on an idle stream", (engine) => engine.sendData(5, ascii("x")), NoSuchStreamError],
    ["data on a closed stream", (engine) => engine.queueData(3, ascii("x")), StreamClosedError],
    ["the end of a closed stream", (engine) => engine.endStream(3), StreamClosedError],
    ["a reset of an idle stream", (engine) => engine.resetStream(5), NoSuchStreamError],
    ["a promise", (engine) => engine.pushStream(1, 2, GET), ProtocolError],
    ["a dependency on itself", (engine) => engine.prioritize(1, { dependsOn: 1 }), ProtocolError],
    [
      "an alternative service",
      (engine) => engine.advertiseAlternativeService("x", { streamId: 1 }),
      ProtocolError,
    ],
    ["origins", (engine) => engine.advertiseOrigins([]), ProtocolError],
    ["an increment of 0", (engine) => engine.incrementFlowControlWindow(0), RangeError],
    [
      "an increment beyond 2^31 - 1",
      (engine) => engine.incrementFlowControlWindow(2 ** 31 - 1),
      FlowControlError,
    ],
    ["an acknowledgement below 0", (engine) => engine.acknowledgeReceivedData(-1, 1), RangeError],
    [
      "an acknowledgement of nobody's data",
      (engine) => engine.acknowledgeReceivedData(1, 9),
      NoSuchStreamError,
    ],
    ["PING of seven octets", (engine) => engine.ping(ascii("1234567")), RangeError],
    ["a frame size of 1", (engine) => engine.updateSettings({ 3: 9, 5: 1 }), InvalidSettingsValueError],
    ["an extension frame of a known type", (engine) => engine.sendExtensionFrame({ type: 0 }), ProtocolError],
    ["an upgrade", (engine) => engine.initiateUpgradeConnection(), ProtocolError],
  ];

/** Mistakes of a server that has an open request on stream 1 and a promise on stream 2. */
const SERVER_MISTAKES: readonly (readonly [string, Call, abstract new (...parameters: never[]) => Error])[] =
  [
    [
      "a response with a line break",
      (engine) => engine.sendHeaders(1, [...OK, ["x", "a\nb"]]),
      ProtocolError,
    ],
    ["a response without :status", (engine) => engine.sendHeaders(1, [["x", "y"]]), ProtocolError],
    [
      "an interim response that ends",
      (engine) => engine.sendHeaders(1, [[":status", "103"]], { endStream: true }),
      ProtocolError,
    ],
    ["a response to nobody", (engine) => engine.sendHeaders(9, OK), ProtocolError],
    ["a stream of its own without a promise", (engine) => engine.sendHeaders(4, OK), ProtocolError],
    ["a priority", (engine) => engine.sendHeaders(1, OK, { priorityWeight: 5 }), RFC1122Error],
    ["a body before its head", (engine) => engine.sendData(1, ascii("x")), ProtocolError],
    ["a promise that is not safe", (engine) => engine.pushStream(1, 4, POST), ProtocolError],
    ["a promise with an odd identifier", (engine) => engine.pushStream(1, 5, GET), ProtocolError],
    ["a promise made twice", (engine) => engine.pushStream(1, 2, GET), StreamIDTooLowError],
    ["a promise on a promise", (engine) => engine.pushStream(2, 4, GET), ProtocolError],
    [
      "a window for its own promise",
      (engine) => engine.incrementFlowControlWindow(1, { streamId: 2 }),
      ProtocolError,
    ],
    ["too many pushed responses", (engine) => engine.sendHeaders(2, OK), TooManyStreamsError],
    [
      "an extension frame that is too long",
      (engine) => engine.sendExtensionFrame({ type: 99, payload: new Uint8Array(20_000) }),
      FrameTooLargeError,
    ],
    ["PRIORITY", (engine) => engine.prioritize(1), RFC1122Error],
    [
      "PRIORITY_UPDATE",
      (engine) => engine.sendPriorityUpdate(1, { urgency: 1, incremental: false }),
      ProtocolError,
    ],
  ];

describe("mistakes of the caller change nothing", () => {
  it.each(CLIENT_MISTAKES)(
    "such as %s of a client, and the next request arrives as it should",
    (_what, call, kind) => {
      const { client, drive } = pair({ server: { initialSettings: { 4: 15_000 } } });
      client.sendHeaders(1, [...POST, ["x-one", "1"]]);
      client.sendHeaders(3, [...POST, ["x-two", "2"]]);
      client.resetStream(3);
      drive();
      expectMisuse(client, () => call(client), kind);
      client.sendHeaders(5, [...GET, ["x-one", "1"], ["x-two", "2"], ["x-three", "3"]], { endStream: true });
      client.sendData(1, ascii("still open"), { endStream: true });
      expect(told(drive().atServer)).toEqual([
        "RequestReceived stream=5 :method=GET :scheme=https :authority=example.com :path=/ x-one=1 x-two=2 x-three=3",
        "StreamEnded stream=5",
        'DataReceived stream=1 "still open"',
        "StreamEnded stream=1",
      ]);
    },
  );

  it.each(SERVER_MISTAKES)(
    "such as %s of a server, and the next response arrives as it should",
    (_what, call, kind) => {
      const { client, server, drive } = pair({ client: { initialSettings: { 3: 0 } } });
      client.sendHeaders(1, POST);
      drive();
      server.pushStream(1, 2, [...GET, ["x-one", "1"]]);
      drive();
      expectMisuse(server, () => call(server), kind);
      server.sendHeaders(1, [...OK, ["x-one", "1"], ["x-two", "2"]]);
      server.sendData(1, ascii("body"), { endStream: true });
      expect(told(drive().atClient)).toEqual([
        "ResponseReceived stream=1 :status=200 x-one=1 x-two=2",
        'DataReceived stream=1 "body"',
        "StreamEnded stream=1",
      ]);
    },
  );

  it("are told by errors of one family, with the error codes of RFC 9113 section 7", () => {
    const engine = client();
    const error = expectMisuse(engine, () => engine.sendData(1, ascii("x")), NoSuchStreamError);
    expect(error).toBeInstanceOf(H2Error);
    expect([error.name, error.streamId, error.errorCode]).toEqual(["NoSuchStreamError", 1, 1]);
    engine.sendHeaders(1, POST);
    engine.resetStream(1);
    const closed = expectMisuse(engine, () => engine.endStream(1), StreamClosedError);
    expect([closed.name, closed.errorCode, closed instanceof NoSuchStreamError]).toEqual([
      "StreamClosedError",
      5,
      true,
    ]);
  });
});
