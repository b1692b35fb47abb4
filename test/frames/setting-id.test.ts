import { describe, expect, it } from "vitest";
import { ErrorCode } from "../../src/frames/error-code.ts";
import { ConnectionFault } from "../../src/frames/fault.ts";
import { SettingId, settingFault, settingName, settingRule } from "../../src/frames/setting-id.ts";

describe("settings", () => {
  it("have their identifiers (RFC 9113 section 6.5.2, RFC 8441 section 3, RFC 9218 section 2.1)", () => {
    expect(Object.values(SettingId)).toEqual([1, 2, 3, 4, 5, 6, 8, 9]);
  });

  it("have names, or numbers where there is none", () => {
    for (const [name, id] of Object.entries(SettingId)) expect(settingName(id)).toBe(name);
    expect(settingName(0xa0a)).toBe("0xa0a");
  });

  it("have initial values (RFC 9113 section 6.5.2)", () => {
    const initial = Object.entries(SettingId).map(([name, id]) => [name, settingRule(id)?.initial]);
    expect(Object.fromEntries(initial)).toEqual({
      HEADER_TABLE_SIZE: 4096,
      ENABLE_PUSH: 1,
      MAX_CONCURRENT_STREAMS: Infinity,
      INITIAL_WINDOW_SIZE: 65_535,
      MAX_FRAME_SIZE: 16_384,
      MAX_HEADER_LIST_SIZE: Infinity,
      ENABLE_CONNECT_PROTOCOL: 0,
      NO_RFC7540_PRIORITIES: 0,
    });
  });

  it.each([
    ["HEADER_TABLE_SIZE", 0, 4_294_967_295],
    ["ENABLE_PUSH", 0, 1],
    ["MAX_CONCURRENT_STREAMS", 0, 4_294_967_295],
    ["INITIAL_WINDOW_SIZE", 0, 2_147_483_647],
    ["MAX_FRAME_SIZE", 16_384, 16_777_215],
    ["MAX_HEADER_LIST_SIZE", 0, 4_294_967_295],
    ["ENABLE_CONNECT_PROTOCOL", 0, 1],
    ["NO_RFC7540_PRIORITIES", 0, 1],
  ] as const)("%s is from %d to %d (RFC 9113 section 6.5.2)", (name, minimum, maximum) => {
    const id = SettingId[name];
    expect(settingFault(id, minimum)).toBeNull();
    expect(settingFault(id, maximum)).toBeNull();
    expect(settingFault(id, minimum - 1)).toBeInstanceOf(ConnectionFault);
    expect(settingFault(id, maximum + 1)).toBeInstanceOf(ConnectionFault);
    expect(settingFault(id, Number.NaN)).toBeInstanceOf(ConnectionFault);
  });

  it("too large a window is FLOW_CONTROL_ERROR (RFC 9113 section 6.5.2)", () => {
    expect(settingFault(SettingId.INITIAL_WINDOW_SIZE, 2 ** 31)).toMatchObject({
      errorCode: ErrorCode.FLOW_CONTROL_ERROR,
      message: "INITIAL_WINDOW_SIZE must be from 0 to 2147483647, not 2147483648 (RFC 9113 section 6.5.2)",
    });
  });

  it.each([
    [SettingId.ENABLE_PUSH, 2, "RFC 9113 section 6.5.2"],
    [SettingId.MAX_FRAME_SIZE, 16_383, "RFC 9113 section 6.5.2"],
    [SettingId.ENABLE_CONNECT_PROTOCOL, 2, "RFC 8441 section 3"],
    [SettingId.NO_RFC7540_PRIORITIES, 2, "RFC 9218 section 2.1"],
  ])("setting %d with value %d is PROTOCOL_ERROR (%s)", (id, value, section) => {
    expect(settingFault(id, value)).toMatchObject({ errorCode: ErrorCode.PROTOCOL_ERROR, section });
  });

  it("of unknown identifiers may have any value (RFC 9113 section 6.5.2)", () => {
    expect(settingFault(0x7, 0xffffffff)).toBeNull();
    expect(settingFault(0xffff, 0)).toBeNull();
    expect(settingRule(0x7)).toBeUndefined();
  });
});
