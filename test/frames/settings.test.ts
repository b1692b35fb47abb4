import { describe, expect, it } from "vitest";
import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import {
  parseSettingsPayload,
  type SettingEntry,
  writeSettings,
  writeSettingsAck,
  writeSettingsPayload,
} from "../../src/frames/settings.ts";
import { hex, parseOne, refusal, withMargins, written } from "./support.ts";

describe("SETTINGS", () => {
  it("carries settings in order (RFC 9113 section 6.5.1)", () => {
    const wire = hex("00000c 04 00 00000000  0004 0000ffff  0001 00001000");
    const settings: SettingEntry[] = [
      [4, 65_535],
      [1, 4096],
    ];
    expect(written((writer) => writeSettings(writer, settings))).toEqual(wire);
    expect(parseOne(wire)).toEqual({ type: 4, flags: 0, streamId: 0, length: 12, ack: false, settings });
  });

  it("may be empty (RFC 9113 section 6.5)", () => {
    const wire = hex("000000 04 00 00000000");
    expect(written((writer) => writeSettings(writer, []))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ ack: false, settings: [] });
  });

  it("keeps a setting that comes twice (RFC 9113 section 6.5)", () => {
    const wire = hex("00000c 04 00 00000000  0004 00000001  0004 00000002");
    const settings: SettingEntry[] = [
      [4, 1],
      [4, 2],
    ];
    expect(written((writer) => writeSettings(writer, settings))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ settings });
  });

  it("keeps settings nobody knows, all 48 bits of them (RFC 9113 section 6.5.2)", () => {
    const wire = hex("000006 04 00 00000000  ffff ffffffff");
    expect(written((writer) => writeSettings(writer, [[0xffff, 0xffffffff]]))).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ settings: [[0xffff, 0xffffffff]] });
  });

  it("does not judge values (RFC 9113 section 6.5.2)", () => {
    expect(parseOne(hex("000006 04 00 00000000  0005 00000000"))).toMatchObject({ settings: [[5, 0]] });
  });

  it("is acknowledged by an empty one with ACK (RFC 9113 section 6.5)", () => {
    const wire = hex("000000 04 01 00000000");
    expect(written(writeSettingsAck)).toEqual(wire);
    expect(parseOne(wire)).toMatchObject({ ack: true, settings: [] });
  });

  it("is refused as an acknowledgement with a payload (RFC 9113 section 6.5)", () => {
    expect(refusal(hex("000006 04 01 00000000  0001 00001000"))).toBe(
      "connection FRAME_SIZE_ERROR: An acknowledgement of SETTINGS must be empty, not 6 octets long (RFC 9113 section 6.5)",
    );
  });

  it.each([1, 5, 7, 11])("is refused with %d octets, no multiple of 6 (RFC 9113 section 6.5)", (length) => {
    const wire = new Uint8Array(9 + length);
    wire.set([0, 0, length, 4]);
    expect(refusal(wire)).toBe(
      `connection FRAME_SIZE_ERROR: SETTINGS must be a multiple of 6 octets long, not ${length} (RFC 9113 section 6.5)`,
    );
  });

  it("is refused on a stream (RFC 9113 section 6.5)", () => {
    expect(refusal(hex("000000 04 00 00000001"))).toBe(
      "connection PROTOCOL_ERROR: Received frame with invalid header: SETTINGS belongs to the whole connection, but came on stream 1 (RFC 9113 section 6.5)",
    );
  });
});

describe("settings without a frame, as in HTTP2-Settings", () => {
  it("are the payload alone (RFC 7540 section 3.2.1)", () => {
    const payload = hex("0003 00000064  0004 0000ffff");
    const settings: SettingEntry[] = [
      [3, 100],
      [4, 65_535],
    ];
    expect(written((writer) => writeSettingsPayload(writer, settings))).toEqual(payload);
    expect(parseSettingsPayload(withMargins(payload, 0xff), 0, 12)).toEqual(settings);
    expect(parseSettingsPayload(payload, 6, 12)).toEqual([[4, 65_535]]);
  });

  it("are written where they are more than the output has room for", () => {
    const settings = Array.from({ length: 5_000 }, (_, index): [number, number] => [index, 2 ** 32 - 1]);
    const payload = written((writer) => writeSettingsPayload(writer, settings));
    expect(parseSettingsPayload(payload, 0, payload.length)).toEqual(settings);
  });

  it("are refused when they are no multiple of 6 octets (RFC 7540 section 3.2.1)", () => {
    expect(() => parseSettingsPayload(hex("0003 000000"), 0, 5)).toThrow(
      expect.objectContaining({
        message: "SETTINGS must be a multiple of 6 octets long, not 5 (RFC 9113 section 6.5)",
      }),
    );
  });
});

describe("writeSettings", () => {
  it.each([
    [0, 0],
    [65_535, 4_294_967_295],
  ])("takes setting %d with value %d, the extremes of the wire (RFC 9113 section 6.5.1)", (id, value) => {
    const wire = written((writer) => writeSettings(writer, [[id, value]]));
    expect(parseOne(wire)).toMatchObject({ settings: [[id, value]] });
  });

  it.each([
    [-1, 0, "-1 is not a setting identifier"],
    [65_536, 0, "65536 is not a setting identifier"],
    [1, -1, "-1 is not a setting's value"],
    [1, 2 ** 32, "4294967296 is not a setting's value"],
    [1, Number.NaN, "NaN is not a setting's value"],
  ])("refuses setting %d with value %d before anything is written", (id, value, reason) => {
    const writer = new ChunkWriter();
    expect(() =>
      writeSettings(writer, [
        [1, 4096],
        [id, value],
      ]),
    ).toThrow(new RangeError(reason));
    expect(() =>
      writeSettingsPayload(writer, [
        [1, 4096],
        [id, value],
      ]),
    ).toThrow(new RangeError(reason));
    expect(writer.length).toBe(0);
  });
});
