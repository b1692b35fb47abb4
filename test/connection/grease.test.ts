import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { greaseFrame, greaseSetting } from "../../src/connection/grease.ts";
import { FrameType } from "../../src/frames/index.ts";
import { H2Configuration, H2Connection, type H2Event, SettingCodes } from "../../src/index.ts";
import { client, GET, OK, receive, server } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectAlive } from "../support/outcome.ts";
import { unacquainted } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent, sentFrames } from "../support/wire.ts";

const SEED = 20_250_101;
const RESERVED_TYPES = [0x0b, 0x2a, 0x49, 0x68, 0x87, 0xa6, 0xc5, 0xe4];
const seeds = fc.integer({ min: 0, max: 0xffffffff });

describe("the option grease (RFC 9113 section 5.5, draft-bishop-httpbis-grease section 2)", () => {
  it.each([true, false])(
    "adds a reserved setting to the first SETTINGS, and a reserved frame (client: %s)",
    (clientSide) => {
      const engine = new H2Connection({ clientSide, grease: SEED });
      engine.initiateConnection();
      const [id, value] = greaseSetting(SEED);
      const { type, flags, payload } = greaseFrame(SEED);
      const [settings, greased, ...others] = sentFrames(engine).map(({ frame }) => frame);
      expect(settings).toMatchObject({ type: FrameType.SETTINGS });
      expect(settings).toHaveProperty("settings", expect.arrayContaining([[id, value]]));
      expect(greased).toMatchObject({
        type: FrameType.UNKNOWN,
        frameType: type,
        flags,
        streamId: 0,
        payload,
      });
      expect(others).toEqual([]);
    },
  );

  it("is off unless it is given: nothing goes out that the RFCs do not know", () => {
    const engine = new H2Connection();
    engine.initiateConnection();
    const plain = sentFrames(engine).map(({ frame }) => frame);
    expect(plain).toHaveLength(1);
    const known: readonly number[] = Object.values(SettingCodes);
    const settings = (plain[0] as { settings: readonly (readonly [number, number])[] }).settings;
    expect(settings.filter(([id]) => !known.includes(id))).toEqual([]);
    expect(new H2Configuration().grease).toBeNull();
  });

  it("says the same for the same number, so that a replay is exact", () => {
    const octets = [SEED, SEED, SEED + 1].map((grease) => {
      const engine = new H2Connection({ grease });
      engine.initiateConnection();
      return Buffer.from(engine.dataToSend()).toString("hex");
    });
    expect(octets[1]).toBe(octets[0]);
    expect(octets[2]).not.toBe(octets[0]);
  });

  it("goes into HTTP2-Settings as well (RFC 7540 section 3.2.1)", () => {
    const upgrading = new H2Connection({ grease: SEED });
    const value = upgrading.initiateUpgradeConnection() as string;
    const upgraded = new H2Connection({ clientSide: false });
    upgraded.initiateUpgradeConnection(value);
    const [id, setting] = greaseSetting(SEED);
    expect(upgraded.remoteSettings.get(id)).toBe(setting);
  });

  it("leaves a setting alone that the caller announces", () => {
    const [id] = greaseSetting(SEED);
    const engine = new H2Connection({
      grease: SEED,
      initialSettings: { [SettingCodes.MAX_FRAME_SIZE]: 20_000 },
    });
    expect(engine.localSettings.get(id)).toBe(greaseSetting(SEED)[1]);
    expect(engine.localSettings.maxFrameSize).toBe(20_000);
  });

  it("may be any number of 32 bits, 0 included, and nothing else", () => {
    for (const grease of [0, 1, 0xffffffff]) expect(new H2Configuration({ grease }).grease).toBe(grease);
    for (const grease of [-1, 2 ** 32, 0.5, Number.NaN, true as unknown as number]) {
      expect(() => new H2Configuration({ grease })).toThrow(RangeError);
    }
  });
});

describe("what is made of any seed (draft-bishop-httpbis-grease section 2)", () => {
  it("is a setting 0x?a?a, which has no meaning, of 32 bits", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [id, value] = greaseSetting(seed);
        expect(id & 0x0f0f).toBe(0x0a0a);
        expect(id).toBeLessThanOrEqual(0xffff);
        expect(Number.isInteger(value) && value >= 0 && value <= 0xffffffff).toBe(true);
      }),
    );
  });

  it("is a frame of one of the types 0x0b + 0x1f * N, with up to 7 octets", () => {
    const known: readonly number[] = Object.values(FrameType);
    fc.assert(
      fc.property(seeds, (seed) => {
        const { type, flags, payload } = greaseFrame(seed);
        expect(RESERVED_TYPES).toContain(type);
        expect(known).not.toContain(type);
        expect(flags >= 0 && flags <= 0xff).toBe(true);
        expect(payload.length).toBeLessThanOrEqual(7);
      }),
    );
  });

  it("is each of them for some seed", () => {
    const all = Array.from({ length: 2_000 }, (_, seed) => ({ seed, ...greaseFrame(seed) }));
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(RESERVED_TYPES));
    expect(new Set(all.map(({ payload }) => payload.length))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(new Set(all.map(({ flags }) => flags)).size).toBe(256);
    expect(new Set(all.map(({ seed }) => greaseSetting(seed)[0])).size).toBe(256);
  });
});

describe("grease from either side (RFC 9113 sections 5.5 and 6.5.2)", () => {
  it("is told, and changes nothing in the conversation", () => {
    const options = { client: { grease: SEED }, server: { grease: 7 } };
    const { client, server, drive } = unacquainted(options);
    client.initiateConnection();
    server.initiateConnection();
    const { atClient, atServer } = drive();
    expect(greasedParts(atServer, SEED)).toEqual({ setting: true, frame: true });
    expect(greasedParts(atClient, 7)).toEqual({ setting: true, frame: true });
    client.sendHeaders(1, GET, { endStream: true });
    drive();
    server.sendHeaders(1, OK, { endStream: true });
    expect(told(drive().atClient)).toEqual(["ResponseReceived stream=1 :status=200", "StreamEnded stream=1"]);
  });

  it.each([0x0a0a, 0x1a2a, 0xfafa])("may be the setting %i of any value, at any time", (id) => {
    for (const engine of [client(), server()]) {
      const events = receive(engine, frames.settings([id, 0xffffffff]), frames.settings([id, 0]));
      expect(events).toMatchObject([
        { changedSettings: new Map([[id, { setting: id, originalValue: undefined, newValue: 0xffffffff }]]) },
        { changedSettings: new Map([[id, { setting: id, originalValue: 0xffffffff, newValue: 0 }]]) },
      ]);
      expect(sent(engine)).toEqual(["SETTINGS ACK", "SETTINGS ACK"]);
    }
  });

  it.each(RESERVED_TYPES)("may be a frame of type %i, on any stream", (type) => {
    const engine = server();
    const events = receive(
      engine,
      frames.raw(type, 0xff, 0, "x"),
      frames.headers(1).request("GET", "/"),
      frames.raw(type, 0, 1),
      frames.raw(type, 1, 99),
    );
    expect(events.map((event) => event.type)).toEqual([
      "UnknownFrameReceived",
      "RequestReceived",
      "UnknownFrameReceived",
      "UnknownFrameReceived",
    ]);
    expectAlive(engine);
  });

  it("may be sent at any other time by the caller (sendExtensionFrame, updateSettings)", () => {
    const { client, server, drive } = unacquainted();
    client.initiateConnection();
    server.initiateConnection();
    drive();
    client.sendExtensionFrame({ type: 0x2a, flags: 0x5, streamId: 3, payload: ascii("any") });
    client.updateSettings({ 23130: 1 });
    expect(told(drive().atServer)).toEqual([
      "UnknownFrameReceived 0x2a stream=3",
      "RemoteSettingsChanged 0x5a5a=1",
    ]);
    expect(server.openInboundStreams).toBe(0);
  });
});

/** Whether the events tell of the setting and of the frame that come of this seed. */
function greasedParts(events: readonly H2Event[], seed: number): { setting: boolean; frame: boolean } {
  const [id, value] = greaseSetting(seed);
  const { type, payload } = greaseFrame(seed);
  return {
    setting: events.some(
      (event) => event.type === "RemoteSettingsChanged" && event.changedSettings.get(id)?.newValue === value,
    ),
    frame: events.some(
      (event) =>
        event.type === "UnknownFrameReceived" &&
        event.frame.frameType === type &&
        event.frame.length === payload.length,
    ),
  };
}
