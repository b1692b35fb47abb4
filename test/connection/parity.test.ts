import { describe, expect, it } from "vitest";
import {
  ErrorCodes,
  H2Configuration,
  H2Connection,
  InvalidSettingsValueError,
  SettingCodes,
  Settings,
} from "../../src/index.ts";
import { client, clientWithRequest, GET, receive, server } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectConnectionError, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { pair, unacquainted } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

/** What hyper-h2's own tests hold on to, and RFC 9113 leaves open. */

const LIKE_HYPER_H2 = { escalateStreamErrors: true };

describe("a configuration, as in hyper-h2", () => {
  it.each([
    "clientSide",
    "validateOutboundHeaders",
    "normalizeOutboundHeaders",
    "splitOutboundCookies",
    "validateInboundHeaders",
    "normalizeInboundHeaders",
  ] as const)("takes true and false for %s after it was made, and nothing else", (name) => {
    const config = new H2Configuration();
    for (const value of [true, false, true]) {
      config[name] = value;
      expect(config[name]).toBe(value);
    }
    for (const value of [null, undefined, "false", 1]) {
      expect(() => Object.assign(config, { [name]: value })).toThrow(TypeError);
    }
    expect(config[name]).toBe(true);
  });

  it("keeps the encoding under the name that was given, and refuses what is no encoding", () => {
    const config = new H2Configuration({ headerEncoding: "ascii" });
    expect(config.headerEncoding).toBe("ascii");
    config.headerEncoding = "utf-8";
    expect(config.headerEncoding).toBe("utf-8");
    expect(() => Object.assign(config, { headerEncoding: true })).toThrow(TypeError);
    expect(() => Object.assign(config, { headerEncoding: "klingon" })).toThrow(RangeError);
    expect(config.headerEncoding).toBe("utf-8");
  });

  it("is read anew for each field section, so that an assignment holds from the next one on", () => {
    const engine = clientWithRequest();
    const octets = frames.headers(1).response(100).field("x-text", "\xc3\xa9").octets;
    expect(told(receive(engine, octets))[0]).toContain("x-text=\xc3\xa9");
    engine.config.headerEncoding = "utf-8";
    expect(told(receive(engine, octets))[0]).toContain("x-text=\xe9");
    engine.config.headerEncoding = null;
    expect(told(receive(engine, octets))[0]).toContain("x-text=\xc3\xa9");
  });

  it("lets the checks of fields to send be switched off and on again", () => {
    const engine = client();
    engine.config.validateOutboundHeaders = false;
    engine.sendHeaders(1, [["x-no-request", "1"]]);
    engine.config.validateOutboundHeaders = true;
    expect(() => engine.sendHeaders(3, [["x-no-request", "1"]])).toThrow("a request must have :method");
  });
});

describe("settings, as in hyper-h2", () => {
  it("that are set one by one hold together after one acknowledgement", () => {
    const settings = new Settings();
    settings.set(SettingCodes.HEADER_TABLE_SIZE, 8_000);
    settings.enablePush = 0;
    expect([settings.headerTableSize, settings.enablePush]).toEqual([4_096, 1]);
    expect(settings.acknowledge()).toEqual(
      new Map([
        [1, { setting: 1, originalValue: 4_096, newValue: 8_000 }],
        [2, { setting: 2, originalValue: 1, newValue: 0 }],
      ]),
    );
    expect([settings.headerTableSize, settings.enablePush]).toEqual([8_000, 0]);
    expect(settings.acknowledge().size).toBe(0);
  });

  it("that are set twice take two acknowledgements", () => {
    const settings = new Settings();
    settings.initialWindowSize = 1;
    settings.initialWindowSize = 2;
    settings.acknowledge();
    expect(settings.initialWindowSize).toBe(1);
    settings.acknowledge();
    expect(settings.initialWindowSize).toBe(2);
  });

  it("that are set behind those of a frame wait for an acknowledgement of their own", () => {
    const settings = new Settings();
    settings.update([[SettingCodes.INITIAL_WINDOW_SIZE, 7]]);
    settings.set(SettingCodes.MAX_FRAME_SIZE, 20_000);
    settings.acknowledge();
    expect([settings.initialWindowSize, settings.maxFrameSize]).toEqual([7, 16_384]);
    settings.acknowledge();
    expect(settings.maxFrameSize).toBe(20_000);
  });

  it("have a property to read and to set for each that RFC 9113 and RFC 8441 define", () => {
    const settings = new Settings();
    settings.headerTableSize = 0;
    settings.enablePush = 1;
    settings.maxConcurrentStreams = 4;
    settings.initialWindowSize = 2;
    settings.maxFrameSize = 16_385;
    settings.maxHeaderListSize = 65_536;
    settings.enableConnectProtocol = 1;
    settings.acknowledge();
    expect(new Map(settings)).toEqual(
      new Map([
        [1, 0],
        [2, 1],
        [3, 4],
        [4, 2],
        [5, 16_385],
        [6, 65_536],
        [8, 1],
      ]),
    );
  });

  it.each([
    ["enablePush", 2, ErrorCodes.PROTOCOL_ERROR],
    ["initialWindowSize", -1, ErrorCodes.FLOW_CONTROL_ERROR],
    ["initialWindowSize", 2 ** 31, ErrorCodes.FLOW_CONTROL_ERROR],
    ["maxFrameSize", 16_383, ErrorCodes.PROTOCOL_ERROR],
    ["maxFrameSize", 2 ** 24, ErrorCodes.PROTOCOL_ERROR],
    ["maxHeaderListSize", -1, ErrorCodes.PROTOCOL_ERROR],
    ["enableConnectProtocol", 2, ErrorCodes.PROTOCOL_ERROR],
    ["headerTableSize", 0.5, ErrorCodes.PROTOCOL_ERROR],
  ] as const)("refuse %s of %s with the code that the peer would get, and stay", (name, value, errorCode) => {
    const settings = new Settings();
    const before = settings[name];
    const set = (): void => {
      settings[name] = value;
    };
    expect(set).toThrow(expect.objectContaining({ name: "InvalidSettingsValueError", errorCode }));
    settings.acknowledge();
    expect(settings[name]).toBe(before);
  });

  it("are equal if the same ones hold the same values", () => {
    const initialValues = { [SettingCodes.MAX_FRAME_SIZE]: 20_000 };
    const settings = new Settings({ initialValues });
    expect(settings.equals(new Settings({ initialValues }))).toBe(true);
    expect(settings.equals(new Settings())).toBe(false);
    expect(settings.equals(new Settings({ client: false, initialValues }))).toBe(false);
    expect(settings.equals(new Settings({ initialValues: [...settings, [0xbeef, 1]] }))).toBe(false);
  });

  it("arrive at the other side as they were announced", () => {
    const { client: one, server: other } = pair({ client: { initialSettings: [[0xbeef, 1]] } });
    expect(one.localSettings.equals(other.remoteSettings)).toBe(true);
    expect(other.localSettings.equals(one.remoteSettings)).toBe(true);
  });

  it("refuse a wrong value of several before any of them counts", () => {
    const engine = client();
    expectMisuse(
      engine,
      () =>
        engine.updateSettings([
          [SettingCodes.INITIAL_WINDOW_SIZE, 1],
          [SettingCodes.MAX_FRAME_SIZE, 1],
        ]),
      InvalidSettingsValueError,
    );
  });
});

describe("octets on the wire, as in hyper-h2", () => {
  it("begin with the settings 1, 2, 4, 5, 8, 3 and 6, from both sides", () => {
    const settings =
      "INITIAL_WINDOW_SIZE=65535 MAX_FRAME_SIZE=16384 ENABLE_CONNECT_PROTOCOL=0 " +
      "MAX_CONCURRENT_STREAMS=100 MAX_HEADER_LIST_SIZE=65536";
    const engines = unacquainted();
    engines.client.initiateConnection();
    engines.server.initiateConnection();
    expect(sent(engines.client)).toEqual([`SETTINGS HEADER_TABLE_SIZE=4096 ENABLE_PUSH=1 ${settings}`]);
    expect(sent(engines.server)).toEqual([`SETTINGS HEADER_TABLE_SIZE=4096 ENABLE_PUSH=0 ${settings}`]);
  });

  it("keep the order in which settings were given", () => {
    const engine = client();
    engine.updateSettings([
      [SettingCodes.MAX_FRAME_SIZE, 20_000],
      [SettingCodes.HEADER_TABLE_SIZE, 100],
    ]);
    expect(sent(engine)).toEqual(["SETTINGS MAX_FRAME_SIZE=20000 HEADER_TABLE_SIZE=100"]);
  });

  it("carry the seven settings in the 56 characters of HTTP2-Settings (RFC 7540 section 3.2.1)", () => {
    expect(new H2Connection().initiateUpgradeConnection()).toBe(
      "AAEAABAAAAIAAAABAAQAAP__AAUAAEAAAAgAAAAAAAMAAABkAAYAAQAA",
    );
  });

  it("open the connection's window before that of the stream", () => {
    const { client: one, server: other, drive } = pair();
    one.sendHeaders(1, GET);
    for (let frame = 0; frame < 3; frame++) one.sendData(1, new Uint8Array(16_384));
    drive();
    other.acknowledgeReceivedData(49_152, 1);
    expect(sent(other)).toEqual([
      "WINDOW_UPDATE stream=0 increment=49152",
      "WINDOW_UPDATE stream=1 increment=49152",
    ]);
  });

  it.each([
    [32_766, []],
    [32_767, ["WINDOW_UPDATE stream=0 increment=32767", "WINDOW_UPDATE stream=1 increment=32767"]],
  ] as const)("open windows once half of them was used: after %s octets", (octets, output) => {
    const { client: one, server: other, drive } = pair();
    one.sendHeaders(1, GET);
    for (let frame = 0; frame < 3; frame++) one.sendData(1, new Uint8Array(16_000));
    drive();
    other.acknowledgeReceivedData(octets, 1);
    expect(sent(other)).toEqual(output);
  });
});

describe("events, as in hyper-h2", () => {
  it("come as head, end, priority, and those related are the same objects", () => {
    const priority = { weight: 5 };
    const events = receive(server(), frames.headers(1).priority(priority).request("GET", "/").endStream());
    const [head, ended, updated] = events;
    expect(events.map(({ type }) => type)).toEqual(["RequestReceived", "StreamEnded", "PriorityUpdated"]);
    if (head?.type !== "RequestReceived") throw new Error("no request");
    expect(head.streamEnded).toBe(ended);
    expect(head.priorityUpdated).toBe(updated);
  });

  it("tell an unknown error code as the number that it is", () => {
    const engine = clientWithRequest();
    expect(receive(engine, frames.rstStream(1, 0xfa11))).toMatchObject([{ errorCode: 0xfa11 }]);
  });

  it("tell no debug data as null", () => {
    expect(receive(client(), frames.goaway(0))).toMatchObject([{ additionalData: null }]);
    expect(receive(client(), frames.goaway(0, 0, "x"))).toMatchObject([
      { additionalData: Uint8Array.of(0x78) },
    ]);
  });
});

describe("a fault that ends the connection, as in hyper-h2", () => {
  it("is told without debug data where stream errors are escalated", () => {
    const engine = server(LIKE_HYPER_H2);
    receive(engine, frames.headers(1).request("GET", ""));
    expect(sent(engine)).toEqual(["GOAWAY last=1 error=PROTOCOL_ERROR"]);
  });

  it("is told with the rule in words else, unless that is switched off (RFC 9113 section 6.8)", () => {
    const [event] = receive(server(), frames.data(1, "x"));
    expect(event).toMatchObject({ additionalData: expect.any(Uint8Array) });
    const silent = server({ sendDebugData: false });
    expect(receive(silent, frames.data(1, "x"))).toMatchObject([{ additionalData: null }]);
    expect(sent(silent)).toEqual(["GOAWAY last=0 error=PROTOCOL_ERROR"]);
  });

  it("leaves a malformed promise out of the last stream of GOAWAY", () => {
    const engine = clientWithRequest(LIKE_HYPER_H2);
    const events = receive(engine, frames.pushPromise(1, 2).field(":method", "GET"));
    expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR);
    expect(events).toMatchObject([{ lastStreamId: 0 }]);
  });

  it("leaves a stream beyond the limit out of the last stream of GOAWAY", () => {
    const engine = server({
      ...LIKE_HYPER_H2,
      initialSettings: { [SettingCodes.MAX_CONCURRENT_STREAMS]: 1 },
    });
    receive(engine, frames.headers(1).request("GET", "/"));
    const events = receive(engine, frames.headers(3).request("GET", "/"));
    expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR, "RFC 9113 section 5.1.2");
    expect(events).toMatchObject([{ lastStreamId: 1 }]);
  });

  it("names both streams where a new one is lower than one before (RFC 9113 section 5.1.1)", () => {
    const engine = server();
    receive(engine, frames.headers(3).request("GET", "/"));
    const events = receive(engine, frames.headers(1).request("GET", "/"));
    const { reason } = expectConnectionError(
      engine,
      events,
      ErrorCodes.PROTOCOL_ERROR,
      "RFC 9113 section 5.1.1",
    );
    expect(reason).toBe("HEADERS cannot open stream 1, which is lower than 3");
  });

  it("speaks of an invalid frame inside a field block (RFC 9113 section 6.10)", () => {
    const engine = server();
    const block = frames.headers(1).request("GET", "/").withoutEndHeaders();
    const events = receive(engine, block, frames.ping());
    const { reason } = expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR);
    expect(reason).toContain("invalid frame");
  });

  it("keeps a window that overflows, and frames on a closed half, faults of the stream", () => {
    const engine = server(LIKE_HYPER_H2);
    receive(engine, frames.headers(1).request("GET", "/").endStream());
    expectStreamError(engine, receive(engine, frames.data(1, "x")), 1, ErrorCodes.STREAM_CLOSED);
    receive(engine, frames.headers(3).request("GET", "/"));
    const events = receive(engine, frames.windowUpdate(3, 0x7fffffff));
    expectStreamError(engine, events, 3, ErrorCodes.FLOW_CONTROL_ERROR);
  });
});

describe("a pushed stream", () => {
  it("takes no promises: a promise on it ends the connection (RFC 9113 section 6.6)", () => {
    const engine = clientWithRequest();
    receive(engine, frames.pushPromise(1, 2).request("GET", "/a"), frames.headers(2).response(200));
    const events = receive(engine, frames.pushPromise(2, 4).request("GET", "/b"));
    expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR, "RFC 9113 section 6.6");
    expect(events).toMatchObject([{ lastStreamId: 2 }]);
  });
});

describe("an alternative service", () => {
  it("is for an origin or for a stream: both, or neither, is a wrong value", () => {
    const engine = server();
    receive(engine, frames.headers(1).request("GET", "/"));
    const both = { origin: "https://example.com", streamId: 1 };
    expectMisuse(engine, () => engine.advertiseAlternativeService('h2=":8000"', both), RangeError);
    expectMisuse(engine, () => engine.advertiseAlternativeService('h2=":8000"', {}), RangeError);
  });
});
