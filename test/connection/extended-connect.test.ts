import { describe, expect, it } from "vitest";
import {
  ErrorCodes,
  type H2Connection,
  InvalidSettingsValueError,
  ProtocolError,
  SettingCodes,
} from "../../src/index.ts";
import { client, GET, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { ascii, type FieldBlockBuilder, frames } from "../support/frames.ts";
import { expectAlive, expectConnectionError, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR } = ErrorCodes;
const { ENABLE_CONNECT_PROTOCOL } = SettingCodes;
const ENABLED = { [ENABLE_CONNECT_PROTOCOL]: 1 };

const WEBSOCKET = [
  [":method", "CONNECT"],
  [":protocol", "websocket"],
  [":scheme", "https"],
  [":authority", "example.com"],
  [":path", "/chat"],
] as const;

function websocket(streamId: number): FieldBlockBuilder {
  return frames.headers(streamId).request("CONNECT", "/chat").field(":protocol", "websocket");
}

describe("extended CONNECT between two sides that agree on it (RFC 8441 section 4)", () => {
  it("opens a tunnel that carries DATA both ways (section 5)", () => {
    const { client, server, drive } = pair({ server: { initialSettings: ENABLED } });
    client.sendHeaders(1, WEBSOCKET);
    expect(told(drive().atServer)).toEqual([
      "RequestReceived stream=1 :method=CONNECT :protocol=websocket :scheme=https :authority=example.com :path=/chat",
    ]);
    server.sendHeaders(1, OK);
    server.sendData(1, ascii("hello"));
    expect(told(drive().atClient)).toEqual([
      "ResponseReceived stream=1 :status=200",
      'DataReceived stream=1 "hello"',
    ]);
    client.sendData(1, ascii("bye"), { endStream: true });
    expect(told(drive().atServer)).toEqual(['DataReceived stream=1 "bye"', "StreamEnded stream=1"]);
  });

  it("becomes possible at run time, once the server has said so (section 3)", () => {
    const { client, server, drive } = pair();
    expectMisuse(client, () => client.sendHeaders(1, WEBSOCKET), ProtocolError);
    server.updateSettings(ENABLED);
    drive();
    client.sendHeaders(1, WEBSOCKET);
    expect(told(drive().atServer)[0]).toMatch(/^RequestReceived stream=1/);
    expect(client.remoteSettings.enableConnectProtocol).toBe(1);
    expect(server.localSettings.enableConnectProtocol).toBe(1);
  });
});

describe("a client's extended CONNECT (RFC 8441 section 3)", () => {
  it("is refused before the server has said that it takes it, and nothing changes", () => {
    const engine = client();
    const error = expectMisuse(engine, () => engine.sendHeaders(1, WEBSOCKET), ProtocolError);
    expect(error.message).toMatch(/SETTINGS_ENABLE_CONNECT_PROTOCOL .*RFC 8441/);
    engine.sendHeaders(1, GET);
    expect(sent(engine)[0]).toMatch(/^HEADERS stream=1/);
  });

  it("is refused where the server said 0", () => {
    const engine = client({}, [[ENABLE_CONNECT_PROTOCOL, 0]]);
    expectMisuse(engine, () => engine.sendHeaders(1, WEBSOCKET), ProtocolError);
  });

  it("is not made possible by a setting of the client's own", () => {
    const engine = client({ initialSettings: ENABLED });
    expectMisuse(engine, () => engine.sendHeaders(1, WEBSOCKET), ProtocolError);
  });

  it("goes out as soon as the setting has come", () => {
    const engine = client();
    receive(engine, frames.settings([ENABLE_CONNECT_PROTOCOL, 1]));
    engine.sendHeaders(1, WEBSOCKET);
    expect(sent(engine)).toEqual([
      "SETTINGS ACK",
      "HEADERS stream=1 END_HEADERS :method=CONNECT :protocol=websocket :scheme=https :authority=example.com :path=/chat",
    ]);
  });

  it("goes out unasked where the caller wants no checks", () => {
    const engine = client({ validateOutboundHeaders: false });
    engine.sendHeaders(1, WEBSOCKET);
    expect(sent(engine)).toHaveLength(1);
  });
});

describe("a server's answer to extended CONNECT (RFC 8441 section 3)", () => {
  function refuse(engine: H2Connection): void {
    const error = expectStreamError(
      engine,
      receive(engine, websocket(1)),
      1,
      PROTOCOL_ERROR,
      "RFC 8441 section 4",
    );
    expect(error.reason).toContain("SETTINGS_ENABLE_CONNECT_PROTOCOL");
  }

  it("is to reset the stream where it did not announce it, as one that does not know it would", () => {
    refuse(server());
    refuse(server({ initialSettings: { [ENABLE_CONNECT_PROTOCOL]: 0 } }));
  });

  it("does not depend on what the client announced", () => {
    refuse(server({}, [[ENABLE_CONNECT_PROTOCOL, 1]]));
  });

  it("is a request event from the announcement on, whether or not its acknowledgement is there", () => {
    const engine = server();
    engine.updateSettings(ENABLED);
    expect(told(receive(engine, websocket(1)))[0]).toMatch(/^RequestReceived stream=1/);
    expect(engine.localSettings.enableConnectProtocol).toBe(0);
    receive(engine, frames.settingsAck());
    expect(engine.localSettings.enableConnectProtocol).toBe(1);
    expect(told(receive(engine, websocket(3)))[0]).toMatch(/^RequestReceived stream=3/);
  });

  it("is none of this to a CONNECT without a protocol", () => {
    const engine = server();
    const connect = frames.headers(1).field(":method", "CONNECT").field(":authority", "example.com:443");
    expect(told(receive(engine, connect))).toHaveLength(1);
  });

  it("cannot be a response with a protocol", () => {
    const engine = serverWithRequest({ initialSettings: ENABLED });
    const respond = (): void => engine.sendHeaders(1, [...OK, [":protocol", "websocket"]]);
    expectMisuse(engine, respond, ProtocolError);
  });
});

describe("SETTINGS_ENABLE_CONNECT_PROTOCOL taken back (RFC 8441 section 3)", () => {
  it("costs the connection, whichever side does it", () => {
    for (const engineOf of [client, server]) {
      const engine = engineOf({}, [[ENABLE_CONNECT_PROTOCOL, 1]]);
      const events = receive(engine, frames.settings([ENABLE_CONNECT_PROTOCOL, 0]));
      expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 8441 section 3");
    }
  });

  it("costs the connection within one frame, too", () => {
    const engine = client();
    const events = receive(
      engine,
      frames.settings([ENABLE_CONNECT_PROTOCOL, 1], [ENABLE_CONNECT_PROTOCOL, 0]),
    );
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 8441 section 3");
    expect(engine.remoteSettings.enableConnectProtocol).toBe(0);
  });

  it("is not what 0 before 1, or 1 again, is", () => {
    const engine = client({}, [
      [ENABLE_CONNECT_PROTOCOL, 0],
      [ENABLE_CONNECT_PROTOCOL, 1],
    ]);
    receive(engine, frames.settings([ENABLE_CONNECT_PROTOCOL, 1]));
    expect(engine.remoteSettings.enableConnectProtocol).toBe(1);
    expectAlive(engine);
  });

  it("is refused to our own caller, acknowledged or not, in one call or two", () => {
    const engine = server();
    const both = (): void =>
      engine.updateSettings([
        [ENABLE_CONNECT_PROTOCOL, 1],
        [ENABLE_CONNECT_PROTOCOL, 0],
      ]);
    expectMisuse(engine, both, InvalidSettingsValueError);
    engine.updateSettings(ENABLED);
    const takeBack = (): void => engine.updateSettings({ [ENABLE_CONNECT_PROTOCOL]: 0 });
    expectMisuse(engine, takeBack, InvalidSettingsValueError);
    receive(engine, frames.settingsAck());
    expectMisuse(engine, takeBack, InvalidSettingsValueError);
    engine.updateSettings(ENABLED);
    expect(sent(engine)).toEqual(["SETTINGS ENABLE_CONNECT_PROTOCOL=1"]);
  });
});
