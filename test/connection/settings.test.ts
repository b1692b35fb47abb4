import { describe, expect, it } from "vitest";
import { Encoder } from "../../src/hpack/index.ts";
import {
  ErrorCodes,
  FlowControlError,
  FrameTooLargeError,
  H2Connection,
  InvalidSettingsValueError,
  SettingCodes,
  TooManyStreamsError,
} from "../../src/index.ts";
import {
  client,
  clientWithRequest,
  GET,
  POST,
  receive,
  server,
  serverWithRequest,
} from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectAlive, expectConnectionError, expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const {
  HEADER_TABLE_SIZE,
  ENABLE_PUSH,
  MAX_CONCURRENT_STREAMS,
  INITIAL_WINDOW_SIZE,
  MAX_FRAME_SIZE,
  MAX_HEADER_LIST_SIZE,
  ENABLE_CONNECT_PROTOCOL,
  NO_RFC7540_PRIORITIES,
} = SettingCodes;

describe("SETTINGS of the peer (RFC 9113 section 6.5)", () => {
  it("are acknowledged at once, one frame for one frame (section 6.5.3)", () => {
    const engine = server();
    receive(engine, frames.settings([MAX_CONCURRENT_STREAMS, 5]), frames.settings());
    expect(sent(engine)).toEqual(["SETTINGS ACK", "SETTINGS ACK"]);
  });

  it("are told with their values before and after", () => {
    const [event] = receive(server(), frames.settings([INITIAL_WINDOW_SIZE, 65_535], [0xbeef, 7]));
    expect(event).toEqual({
      type: "RemoteSettingsChanged",
      changedSettings: new Map([
        [INITIAL_WINDOW_SIZE, { setting: INITIAL_WINDOW_SIZE, originalValue: 65_535, newValue: 65_535 }],
        [0xbeef, { setting: 0xbeef, originalValue: undefined, newValue: 7 }],
      ]),
    });
  });

  it("have the last value where a setting comes twice, and tell the change once (section 6.5.3)", () => {
    const engine = server();
    const [event] = receive(engine, frames.settings([INITIAL_WINDOW_SIZE, 1], [INITIAL_WINDOW_SIZE, 2]));
    expect(event).toMatchObject({
      changedSettings: new Map([[4, { setting: 4, originalValue: 65_535, newValue: 2 }]]),
    });
    expect(engine.remoteSettings.initialWindowSize).toBe(2);
  });

  it("can be asked for, those without a meaning here too", () => {
    const engine = server({}, [
      [MAX_CONCURRENT_STREAMS, 3],
      [MAX_HEADER_LIST_SIZE, 1_000],
      [0xbeef, 1],
    ]);
    expect(engine.remoteSettings.maxConcurrentStreams).toBe(3);
    expect(engine.remoteSettings.maxHeaderListSize).toBe(1_000);
    expect(engine.remoteSettings.get(0xbeef)).toBe(1);
    expect(engine.remoteSettings.has(0xfeed)).toBe(false);
    expect(engine.remoteSettings.size).toBe(8);
  });

  it("allow any number of streams as long as they do not say (section 6.5.2)", () => {
    expect(server().remoteSettings.maxConcurrentStreams).toBeGreaterThan(2 ** 31);
    expect(server().remoteSettings.maxHeaderListSize).toBeUndefined();
  });

  it.each([
    ["ENABLE_PUSH of 2", [ENABLE_PUSH, 2], ErrorCodes.PROTOCOL_ERROR, "RFC 9113 section 6.5.2"],
    [
      "INITIAL_WINDOW_SIZE of 2^31",
      [INITIAL_WINDOW_SIZE, 2 ** 31],
      ErrorCodes.FLOW_CONTROL_ERROR,
      "RFC 9113 section 6.5.2",
    ],
    [
      "MAX_FRAME_SIZE of 16,383",
      [MAX_FRAME_SIZE, 16_383],
      ErrorCodes.PROTOCOL_ERROR,
      "RFC 9113 section 6.5.2",
    ],
    [
      "MAX_FRAME_SIZE of 2^24",
      [MAX_FRAME_SIZE, 2 ** 24],
      ErrorCodes.PROTOCOL_ERROR,
      "RFC 9113 section 6.5.2",
    ],
    [
      "ENABLE_CONNECT_PROTOCOL of 2",
      [ENABLE_CONNECT_PROTOCOL, 2],
      ErrorCodes.PROTOCOL_ERROR,
      "RFC 8441 section 3",
    ],
    [
      "NO_RFC7540_PRIORITIES of 2",
      [NO_RFC7540_PRIORITIES, 2],
      ErrorCodes.PROTOCOL_ERROR,
      "RFC 9218 section 2.1",
    ],
  ] as const)("end the connection with %s", (_what, entry, errorCode, section) => {
    for (const engine of [server(), client()]) {
      expectConnectionError(engine, receive(engine, frames.settings(entry)), errorCode, section);
    }
  });

  it.each([
    [ENABLE_PUSH, 0],
    [INITIAL_WINDOW_SIZE, 0],
    [INITIAL_WINDOW_SIZE, 2 ** 31 - 1],
    [MAX_FRAME_SIZE, 16_384],
    [MAX_FRAME_SIZE, 2 ** 24 - 1],
    [HEADER_TABLE_SIZE, 2 ** 32 - 1],
    [MAX_CONCURRENT_STREAMS, 0],
    [MAX_HEADER_LIST_SIZE, 0],
    [ENABLE_CONNECT_PROTOCOL, 1],
  ])("may set %i to %i", (id, value) => {
    for (const engine of [server(), client()]) {
      receive(engine, frames.settings([id, value]));
      expect(engine.remoteSettings.get(id)).toBe(value);
      expectAlive(engine);
    }
  });

  it("cannot switch push on where a server sends them (section 6.5.2)", () => {
    const engine = client();
    const events = receive(engine, frames.settings([ENABLE_PUSH, 1]));
    expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR, "RFC 9113 section 6.5.2");
  });

  it("cannot take back ENABLE_CONNECT_PROTOCOL (RFC 8441 section 3)", () => {
    const engine = client({}, [[ENABLE_CONNECT_PROTOCOL, 1]]);
    const events = receive(engine, frames.settings([ENABLE_CONNECT_PROTOCOL, 0]));
    expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR, "RFC 8441 section 3");
  });

  it.each([
    ["set later", [], 1],
    ["taken back", [[NO_RFC7540_PRIORITIES, 1]], 0],
  ] as const)(
    "end the connection where NO_RFC7540_PRIORITIES is %s (RFC 9218 section 2.1)",
    (_how, first, later) => {
      const engine = server({}, first);
      const events = receive(engine, frames.settings([NO_RFC7540_PRIORITIES, later]));
      expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR, "RFC 9218 section 2.1");
    },
  );

  it("may repeat NO_RFC7540_PRIORITIES", () => {
    const engine = server({}, [[NO_RFC7540_PRIORITIES, 1]]);
    receive(engine, frames.settings([NO_RFC7540_PRIORITIES, 1]));
    expectAlive(engine);
  });

  it.each([
    ["come on a stream", frames.raw(4, 0, 1), ErrorCodes.PROTOCOL_ERROR],
    ["are no multiple of six octets", frames.raw(4, 0, 0, "12345"), ErrorCodes.FRAME_SIZE_ERROR],
    ["acknowledge and carry something", frames.raw(4, 1, 0, "123456"), ErrorCodes.FRAME_SIZE_ERROR],
  ])("end the connection where they %s (section 6.5)", (_what, frame, errorCode) => {
    const engine = server();
    expectConnectionError(engine, receive(engine, frame), errorCode, "RFC 9113 section 6.5");
  });

  it("take nothing over where one of them is wrong", () => {
    const engine = server();
    receive(engine, frames.settings([MAX_CONCURRENT_STREAMS, 5], [ENABLE_PUSH, 2]));
    expect(engine.remoteSettings.has(MAX_CONCURRENT_STREAMS)).toBe(false);
  });
});

describe("INITIAL_WINDOW_SIZE of the peer (RFC 9113 section 6.9.2)", () => {
  it("moves the windows of open streams, below zero too, and never that of the connection", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, [[":status", "200"]]);
    engine.sendData(1, new Uint8Array(1_000));
    receive(engine, frames.settings([INITIAL_WINDOW_SIZE, 400]));
    expect(engine.localFlowControlWindow(1)).toBe(-600);
    expect(engine.outboundFlowControlWindow).toBe(64_535);
    expectMisuse(engine, () => engine.sendData(1, Uint8Array.of(1)), FlowControlError);
    receive(engine, frames.windowUpdate(1, 601));
    engine.sendData(1, Uint8Array.of(1));
  });

  it("lets empty DATA pass a window below zero", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, [[":status", "200"]]);
    engine.sendData(1, new Uint8Array(1_000));
    receive(engine, frames.settings([INITIAL_WINDOW_SIZE, 0]));
    engine.endStream(1);
    expect(sent(engine).at(-1)).toBe("DATA stream=1 END_STREAM length=0");
  });

  it("holds for streams that open later", () => {
    const engine = client({}, [[INITIAL_WINDOW_SIZE, 12]]);
    engine.sendHeaders(1, POST);
    expect(engine.localFlowControlWindow(1)).toBe(12);
  });

  it("ends the connection where a window would pass 2^31 - 1", () => {
    const engine = clientWithRequest();
    receive(engine, frames.windowUpdate(1, 2 ** 31 - 1 - 65_535));
    const events = receive(engine, frames.settings([INITIAL_WINDOW_SIZE, 65_536]));
    expectConnectionError(engine, events, ErrorCodes.FLOW_CONTROL_ERROR, "RFC 9113 section 6.9.2");
  });
});

describe("other settings of the peer", () => {
  it("MAX_FRAME_SIZE lets larger frames go out at once (RFC 9113 section 4.2)", () => {
    const engine = clientWithRequest({}, [[MAX_FRAME_SIZE, 20_000]]);
    engine.sendData(1, new Uint8Array(20_000));
    expect(sent(engine)).toEqual(["DATA stream=1 length=20000"]);
    expect(engine.maxOutboundFrameSize).toBe(20_000);
  });

  it("MAX_CONCURRENT_STREAMS bounds the requests of a client (RFC 9113 section 5.1.2)", () => {
    const engine = client({}, [[MAX_CONCURRENT_STREAMS, 1]]);
    engine.sendHeaders(1, POST);
    expectMisuse(engine, () => engine.sendHeaders(3, POST), TooManyStreamsError);
    engine.resetStream(1);
    engine.sendHeaders(3, POST);
  });

  it("HEADER_TABLE_SIZE of 0 is told to the peer's decoder in the next block (RFC 7541 section 4.2)", () => {
    const engine = client();
    engine.sendHeaders(1, [...GET, ["x-repeated", "value"]]);
    receive(engine, frames.settings([HEADER_TABLE_SIZE, 0]));
    engine.sendHeaders(3, [...GET, ["x-repeated", "value"]]);
    expect(sent(engine).at(-1)).toContain("x-repeated=value");
    const { client: sender, server: receiver, drive } = pair();
    receiver.updateSettings({ [HEADER_TABLE_SIZE]: 0 });
    drive();
    sender.sendHeaders(1, [...GET, ["x-repeated", "value"]]);
    expect(told(drive().atServer)[0]).toContain("x-repeated=value");
  });

  it("HEADER_TABLE_SIZE does not make our table larger than our own limit", () => {
    const { client, drive } = pair({ server: { initialSettings: { [HEADER_TABLE_SIZE]: 1_000_000 } } });
    for (let id = 1; id < 100; id += 2) {
      client.sendHeaders(id, [...GET, [`x-${id}`, "v".repeat(1_000)]]);
    }
    expect(drive().atServer).toHaveLength(50);
  });
});

describe("SETTINGS of ours (RFC 9113 section 6.5.3)", () => {
  it("hold when their frame is acknowledged, one frame for one acknowledgement", () => {
    const engine = server();
    engine.updateSettings({ [INITIAL_WINDOW_SIZE]: 100 });
    engine.updateSettings({ [MAX_CONCURRENT_STREAMS]: 1 });
    expect(sent(engine)).toEqual(["SETTINGS INITIAL_WINDOW_SIZE=100", "SETTINGS MAX_CONCURRENT_STREAMS=1"]);
    expect(engine.localSettings.pendingFrames).toBe(2);

    expect(told(receive(engine, frames.settingsAck()))).toEqual([
      "SettingsAcknowledged INITIAL_WINDOW_SIZE=100",
    ]);
    expect([engine.localSettings.initialWindowSize, engine.localSettings.maxConcurrentStreams]).toEqual([
      100, 100,
    ]);
    expect(told(receive(engine, frames.settingsAck()))).toEqual([
      "SettingsAcknowledged MAX_CONCURRENT_STREAMS=1",
    ]);
    expect(engine.localSettings.maxConcurrentStreams).toBe(1);
  });

  it("are told with their values before and after", () => {
    const engine = server();
    engine.updateSettings([[INITIAL_WINDOW_SIZE, 100]]);
    expect(receive(engine, frames.settingsAck())).toEqual([
      {
        type: "SettingsAcknowledged",
        changedSettings: new Map([[4, { setting: 4, originalValue: 65_535, newValue: 100 }]]),
      },
    ]);
  });

  it("change nothing where an acknowledgement comes that nobody waits for", () => {
    const engine = server();
    expect(told(receive(engine, frames.settingsAck()))).toEqual(["SettingsAcknowledged"]);
    expectAlive(engine);
  });

  it("move the windows of open streams with the acknowledgement (section 6.9.2)", () => {
    const engine = serverWithRequest();
    receive(engine, frames.data(1, "12345"));
    engine.updateSettings({ [INITIAL_WINDOW_SIZE]: 2 });
    expect(engine.remoteFlowControlWindow(1)).toBe(65_530);
    receive(engine, frames.settingsAck());
    expect(engine.remoteFlowControlWindow(1)).toBe(-3);
    expect(engine.inboundFlowControlWindow).toBe(65_530);
  });

  it("let larger frames in with the acknowledgement, and not before (section 4.2)", () => {
    const large = new Uint8Array(16_385);
    const early = serverWithRequest();
    early.updateSettings({ [MAX_FRAME_SIZE]: 20_000 });
    const events = receive(early, frames.data(1, large));
    expectConnectionError(early, events, ErrorCodes.FRAME_SIZE_ERROR, "RFC 9113 section 4.2");

    const late = serverWithRequest();
    late.updateSettings({ [MAX_FRAME_SIZE]: 20_000 });
    expect(late.maxInboundFrameSize).toBe(16_384);
    const [, event] = receive(late, frames.settingsAck(), frames.data(1, large));
    expect(event).toMatchObject({ type: "DataReceived", flowControlledLength: 16_385 });
    expect(late.maxInboundFrameSize).toBe(20_000);
  });

  it("limit field sections with the acknowledgement (section 6.5.2)", () => {
    const request = (id: number) => frames.headers(id).request("GET", "/").field("x", "y".repeat(100));
    const engine = server();
    engine.updateSettings({ [MAX_HEADER_LIST_SIZE]: 200 });
    expect(told(receive(engine, request(1)))[0]).toMatch(/^RequestReceived/);
    receive(engine, frames.settingsAck());
    expect(told(receive(engine, request(3)))).toEqual(["StreamReset stream=3 ENHANCE_YOUR_CALM local"]);
  });

  it("shrink the decoding table with the acknowledgement; then the peer must say so (RFC 7541 section 4.2)", () => {
    const encoder = new Encoder();
    const request = (id: number) => frames.headers(id).request("GET", "/").compressedBy(encoder);
    const engine = server();
    engine.updateSettings({ [HEADER_TABLE_SIZE]: 100 });
    receive(engine, request(1), frames.settingsAck());
    const events = receive(engine, request(3));
    expectConnectionError(engine, events, ErrorCodes.COMPRESSION_ERROR, "RFC 7541 section 4.2");
  });

  it.each([
    ["ENABLE_PUSH of 2", { [ENABLE_PUSH]: 2 }, ErrorCodes.PROTOCOL_ERROR],
    ["INITIAL_WINDOW_SIZE of 2^31", { [INITIAL_WINDOW_SIZE]: 2 ** 31 }, ErrorCodes.FLOW_CONTROL_ERROR],
    ["MAX_FRAME_SIZE of 16,383", { [MAX_FRAME_SIZE]: 16_383 }, ErrorCodes.PROTOCOL_ERROR],
    ["MAX_FRAME_SIZE of 2^24", { [MAX_FRAME_SIZE]: 2 ** 24 }, ErrorCodes.PROTOCOL_ERROR],
    ["ENABLE_CONNECT_PROTOCOL of 2", { [ENABLE_CONNECT_PROTOCOL]: 2 }, ErrorCodes.PROTOCOL_ERROR],
    ["a value of 33 bits", { 3840: 2 ** 32 }, ErrorCodes.PROTOCOL_ERROR],
    ["a value below 0", { [MAX_CONCURRENT_STREAMS]: -1 }, ErrorCodes.PROTOCOL_ERROR],
    ["half a value", { [MAX_CONCURRENT_STREAMS]: 0.5 }, ErrorCodes.PROTOCOL_ERROR],
    ["an identifier of 17 bits", { 65536: 1 }, ErrorCodes.PROTOCOL_ERROR],
  ])("cannot be %s, and then none of them is sent", (_what, wrong, errorCode) => {
    const engine = server();
    const settings = [
      [MAX_CONCURRENT_STREAMS, 5],
      ...Object.entries(wrong).map(([id, value]) => [Number(id), value]),
    ];
    const update = () => engine.updateSettings(settings as [number, number][]);
    expect(expectMisuse(engine, update, InvalidSettingsValueError).errorCode).toBe(errorCode);
  });
});

describe("SETTINGS that the peer would refuse from us", () => {
  it("are ENABLE_PUSH of 1 from a server (RFC 9113 section 6.5.2)", () => {
    const engine = server();
    expectMisuse(engine, () => engine.updateSettings({ [ENABLE_PUSH]: 1 }), InvalidSettingsValueError);
    engine.updateSettings({ [ENABLE_PUSH]: 0 });
    const start = { clientSide: false, initialSettings: { [ENABLE_PUSH]: 1 } };
    expect(() => new H2Connection(start)).toThrow(InvalidSettingsValueError);
  });

  it("are ENABLE_CONNECT_PROTOCOL taken back, acknowledged or not (RFC 8441 section 3)", () => {
    const engine = server();
    engine.updateSettings({ [ENABLE_CONNECT_PROTOCOL]: 0 });
    engine.updateSettings({ [ENABLE_CONNECT_PROTOCOL]: 1 });
    const takeBack = () => engine.updateSettings({ [ENABLE_CONNECT_PROTOCOL]: 0 });
    expectMisuse(engine, takeBack, InvalidSettingsValueError);
    receive(engine, frames.settingsAck(), frames.settingsAck());
    expectMisuse(engine, takeBack, InvalidSettingsValueError);
  });

  it("are NO_RFC7540_PRIORITIES changed behind the first SETTINGS (RFC 9218 section 2.1)", () => {
    const engine = server();
    const change = () => engine.updateSettings({ [NO_RFC7540_PRIORITIES]: 1 });
    expectMisuse(engine, change, InvalidSettingsValueError);
    engine.updateSettings({ [NO_RFC7540_PRIORITIES]: 0 });
    const decided = server({ initialSettings: { [NO_RFC7540_PRIORITIES]: 1 } });
    decided.updateSettings({ [NO_RFC7540_PRIORITIES]: 1 });
  });

  it("are more than a frame holds (RFC 9113 section 4.2)", () => {
    const engine = server();
    const many = Array.from({ length: 2_731 }, (_, index): [number, number] => [0x1000 + index, 1]);
    expectMisuse(engine, () => engine.updateSettings(many), FrameTooLargeError);
    engine.updateSettings(many.slice(1));
  });
});

describe("settings that the caller gives at the start", () => {
  it("hold at once where they are larger than the protocol's defaults", () => {
    const engine = new H2Connection({
      clientSide: false,
      initialSettings: {
        [INITIAL_WINDOW_SIZE]: 100_000,
        [MAX_FRAME_SIZE]: 20_000,
        [MAX_CONCURRENT_STREAMS]: 1,
      },
    });
    engine.initiateConnection();
    receive(engine, frames.preface(), frames.settings(), frames.headers(1).request("POST", "/"));
    receive(engine, frames.data(1, new Uint8Array(20_000)), frames.headers(3).request("GET", "/"));
    expect(engine.maxInboundFrameSize).toBe(20_000);
    expect(engine.localSettings.initialWindowSize).toBe(100_000);
    expect(sent(engine).at(-1)).toBe("RST_STREAM stream=3 error=REFUSED_STREAM");
  });

  it("let the peer use a larger compression table from its first block on (RFC 7541 section 4.2)", () => {
    const { client, drive } = pair({
      client: { limits: { encoderTableSize: 65_536 } },
      server: { initialSettings: { [HEADER_TABLE_SIZE]: 65_536 } },
    });
    client.sendHeaders(1, [...GET, ["x", "y".repeat(5_000)]]);
    client.sendHeaders(3, [...GET, ["x", "y".repeat(5_000)]]);
    expect(drive().atServer.map(({ type }) => type)).toEqual(["RequestReceived", "RequestReceived"]);
  });

  it("wait for the acknowledgement where they are smaller, since the peer may not know yet (section 6.5.3)", () => {
    const engine = new H2Connection({ clientSide: false, initialSettings: { [INITIAL_WINDOW_SIZE]: 10 } });
    engine.initiateConnection();
    receive(engine, frames.preface(), frames.settings(), frames.headers(1).request("POST", "/"));
    expect(told(receive(engine, frames.data(1, "more than ten octets")))).toHaveLength(1);
    expect(engine.remoteFlowControlWindow(1)).toBe(65_535 - 20);
    expect(told(receive(engine, frames.settingsAck()))).toEqual([
      "SettingsAcknowledged INITIAL_WINDOW_SIZE=10",
    ]);
    expect(engine.remoteFlowControlWindow(1)).toBe(-10);
    expect(engine.localSettings.initialWindowSize).toBe(10);
  });

  it("let a peer that has not acknowledged a smaller table still use the old one (RFC 7541 section 4.2)", () => {
    const engine = new H2Connection({ clientSide: false, initialSettings: { [HEADER_TABLE_SIZE]: 0 } });
    engine.initiateConnection();
    const encoder = new Encoder();
    const request = (id: number) =>
      frames.headers(id).request("GET", "/").field("x", "y").compressedBy(encoder);
    receive(engine, frames.preface(), frames.settings());
    expect(receive(engine, request(1), request(3)).map(({ type }) => type)).toEqual([
      "RequestReceived",
      "RequestReceived",
    ]);
  });

  it("are acknowledged by the first acknowledgement, whatever was announced later", () => {
    const engine = new H2Connection({ clientSide: false });
    engine.initiateConnection();
    engine.updateSettings({ [INITIAL_WINDOW_SIZE]: 5 });
    receive(engine, frames.preface(), frames.settings());
    expect(told(receive(engine, frames.settingsAck()))).toEqual(["SettingsAcknowledged"]);
    expect(told(receive(engine, frames.settingsAck()))).toEqual([
      "SettingsAcknowledged INITIAL_WINDOW_SIZE=5",
    ]);
  });

  it.each([
    [MAX_FRAME_SIZE, 1],
    [INITIAL_WINDOW_SIZE, 2 ** 31],
    [INITIAL_WINDOW_SIZE, -1],
    [HEADER_TABLE_SIZE, -1],
    [ENABLE_PUSH, 2],
  ])("cannot set %i to %i", (id, value) => {
    expect(() => new H2Connection({ initialSettings: { [id]: value } })).toThrow(InvalidSettingsValueError);
  });
});
