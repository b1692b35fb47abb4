import { describe, expect, it } from "vitest";
import {
  ErrorCodes,
  FrameDataMissingError,
  H2Connection,
  InvalidSettingsValueError,
  ProtocolError,
  SettingCodes,
} from "../../src/index.ts";
import { GET, OK, receive } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectConnectionError, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { type Pair, unacquainted } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

/** A client and a server behind a 101, with their preface, SETTINGS and acknowledgements exchanged. */
function upgraded(requestMethod = "GET"): Pair {
  const pair = unacquainted();
  const settings = pair.client.initiateUpgradeConnection(null, { requestMethod });
  pair.server.initiateUpgradeConnection(settings);
  pair.drive();
  return pair;
}

function upgradedServer(settings = "AAMAAABk"): H2Connection {
  const engine = new H2Connection({ clientSide: false });
  engine.initiateUpgradeConnection(settings);
  receive(engine, frames.preface(), frames.settings(), frames.settingsAck());
  sent(engine);
  return engine;
}

function base64url(...octets: readonly number[]): string {
  return Buffer.from(octets).toString("base64url");
}

describe("a client that upgrades (RFC 7540 section 3.2)", () => {
  it("gets its own settings as a value for HTTP2-Settings", () => {
    const engine = new H2Connection();
    const value = engine.initiateUpgradeConnection();
    expect(value).toHaveLength(56);
    const payload = Buffer.from(value as string, "base64url");
    expect(payload.toString("base64url")).toBe(value);
    expect(payload.toString("hex")).toBe(
      "000100001000" +
        "000200000001" +
        "00040000ffff" +
        "000500004000" +
        "000800000000" +
        "000300000064" +
        "000600010000",
    );
  });

  it("sends preface and SETTINGS behind the 101", () => {
    const engine = new H2Connection();
    engine.initiateUpgradeConnection();
    expect(sent(engine)).toEqual([expect.stringMatching(/^SETTINGS HEADER_TABLE_SIZE=4096 ENABLE_PUSH=1/)]);
  });

  it("has its request on stream 1, where it cannot send any more", () => {
    const { client } = upgraded();
    expect([client.openOutboundStreams, client.getNextAvailableStreamId()]).toEqual([1, 3]);
    expectMisuse(client, () => client.sendHeaders(1, GET), ProtocolError);
    expectMisuse(client, () => client.sendData(1, Uint8Array.of(1)), ProtocolError);
    expectMisuse(client, () => client.endStream(1), ProtocolError);
  });

  it("gets the response on stream 1, and goes on with stream 3", () => {
    const { client, server, drive } = upgraded();
    server.sendHeaders(1, OK);
    server.sendData(1, Uint8Array.of(0x41), { endStream: true });
    expect(told(drive().atClient)).toEqual([
      "ResponseReceived stream=1 :status=200",
      'DataReceived stream=1 "A"',
      "StreamEnded stream=1",
    ]);
    client.sendHeaders(3, GET, { endStream: true });
    expect(told(drive().atServer)[0]).toMatch(/^RequestReceived stream=3/);
  });

  it("knows a response to HEAD, which has no body, by the method of the request", () => {
    const { server, drive } = upgraded("HEAD");
    server.sendHeaders(1, [...OK, ["content-length", "10"]], { endStream: true });
    expect(told(drive().atClient).at(-1)).toBe("StreamEnded stream=1");
    const other = upgraded("GET");
    other.server.sendHeaders(1, [...OK, ["content-length", "10"]], { endStream: true });
    expect(told(other.drive().atClient)).toEqual(["StreamReset stream=1 PROTOCOL_ERROR local"]);
  });

  it("takes promises on stream 1", () => {
    const { server, drive } = upgraded();
    server.pushStream(1, 2, GET);
    expect(told(drive().atClient)[0]).toMatch(/^PushedStreamReceived stream=2 on=1/);
  });

  it("may reset stream 1", () => {
    const { client, drive } = upgraded();
    client.resetStream(1, { errorCode: ErrorCodes.CANCEL });
    expect(told(drive().atServer)).toEqual(["StreamReset stream=1 CANCEL remote"]);
  });
});

describe("a server that upgrades (RFC 7540 section 3.2)", () => {
  it("takes the client's settings over at once, without an acknowledgement or an event", () => {
    const engine = new H2Connection({ clientSide: false });
    expect(engine.initiateUpgradeConnection(base64url(0, 4, 0, 0, 0, 9, 0, 2, 0, 0, 0, 0))).toBeNull();
    expect([engine.remoteSettings.initialWindowSize, engine.remoteSettings.enablePush]).toEqual([9, 0]);
    expect(sent(engine)).toEqual([expect.stringMatching(/^SETTINGS HEADER_TABLE_SIZE/)]);
    engine.sendHeaders(1, OK);
    expect(engine.localFlowControlWindow(1)).toBe(9);
  });

  it("has a complete request on stream 1, of which it is not told", () => {
    const engine = upgradedServer();
    expect([engine.openInboundStreams, engine.highestInboundStreamId]).toEqual([1, 1]);
    engine.sendHeaders(1, OK, { endStream: true });
    expect(engine.openInboundStreams).toBe(0);
  });

  it("still waits for the preface", () => {
    const engine = new H2Connection({ clientSide: false });
    engine.initiateUpgradeConnection("");
    sent(engine);
    expectConnectionError(
      engine,
      receive(engine, frames.settings()),
      ErrorCodes.PROTOCOL_ERROR,
      "RFC 9113 section 3.4",
    );
  });

  it("answers anything more on stream 1 with STREAM_CLOSED: the request is complete", () => {
    const head = upgradedServer();
    expectStreamError(
      head,
      receive(head, frames.headers(1).request("GET", "/")),
      1,
      ErrorCodes.STREAM_CLOSED,
    );
    const body = upgradedServer();
    expectStreamError(body, receive(body, frames.data(1, "x")), 1, ErrorCodes.STREAM_CLOSED);
  });

  it("takes a value with no settings in it", () => {
    expect(upgradedServer("").openInboundStreams).toBe(1);
  });

  it("takes - and _ as base64url has them", () => {
    const engine = new H2Connection({ clientSide: false });
    engine.initiateUpgradeConnection(base64url(0xfb, 0xff, 0xff, 0xfb, 0xef, 0xbe));
    expect(engine.remoteSettings.get(0xfbff)).toBe(0xfffbefbe);
  });

  it.each([
    ["+ and / of other base64", "+/+/+/+/", ProtocolError, ErrorCodes.PROTOCOL_ERROR],
    ["padding", "AAMAAABk====", ProtocolError, ErrorCodes.PROTOCOL_ERROR],
    ["a space", "AAMA AABk", ProtocolError, ErrorCodes.PROTOCOL_ERROR],
    ["no multiple of six octets", "AAMAAAA", FrameDataMissingError, ErrorCodes.FRAME_SIZE_ERROR],
    ["one character too many", "AAMAAABkA", FrameDataMissingError, ErrorCodes.FRAME_SIZE_ERROR],
    [
      "a window of 2^31",
      base64url(0, 4, 0x80, 0, 0, 0),
      InvalidSettingsValueError,
      ErrorCodes.FLOW_CONTROL_ERROR,
    ],
    ["ENABLE_PUSH of 2", base64url(0, 2, 0, 0, 0, 2), InvalidSettingsValueError, ErrorCodes.PROTOCOL_ERROR],
    ["33 settings", "AAMAAABk".repeat(33), ProtocolError, ErrorCodes.PROTOCOL_ERROR],
  ] as const)("refuses a value with %s before anything was sent", (_what, value, kind, errorCode) => {
    const engine = new H2Connection({ clientSide: false });
    const error = expectMisuse<ProtocolError>(engine, () => engine.initiateUpgradeConnection(value), kind);
    expect(error.errorCode).toBe(errorCode);
  });
});

describe("an upgrade", () => {
  it("comes first: not once stream 1 is in use", () => {
    const engine = new H2Connection();
    engine.initiateConnection();
    engine.sendHeaders(1, GET);
    expectMisuse(engine, () => engine.initiateUpgradeConnection(), ProtocolError);
  });

  it("exchanges SETTINGS like any start", () => {
    const pair = unacquainted({
      client: { initialSettings: { [SettingCodes.INITIAL_WINDOW_SIZE]: 70_000 } },
    });
    pair.server.initiateUpgradeConnection(pair.client.initiateUpgradeConnection());
    const { atClient, atServer } = pair.drive();
    expect(atClient.map(({ type }) => type)).toEqual(["RemoteSettingsChanged", "SettingsAcknowledged"]);
    expect(atServer.map(({ type }) => type)).toEqual(["RemoteSettingsChanged", "SettingsAcknowledged"]);
    expect(pair.server.localFlowControlWindow(1)).toBe(65_535);
    expect(pair.server.remoteSettings.initialWindowSize).toBe(70_000);
  });
});
