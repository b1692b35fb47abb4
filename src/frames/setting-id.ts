import { ErrorCode } from "./error-code.ts";
import { ConnectionFault } from "./fault.ts";
import {
  DEFAULT_HEADER_TABLE_SIZE,
  DEFAULT_MAX_FRAME_SIZE,
  DEFAULT_WINDOW_SIZE,
  LARGEST_MAX_FRAME_SIZE,
  LARGEST_SETTING_VALUE,
  LARGEST_WINDOW_SIZE,
} from "./limits.ts";

/** Setting identifiers (RFC 9113 section 6.5.2, RFC 8441 section 3, RFC 9218 section 2.1). */
export const SettingId = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
  ENABLE_CONNECT_PROTOCOL: 8,
  NO_RFC7540_PRIORITIES: 9,
} as const;

/** What the protocol says about one setting. */
export interface SettingRule {
  readonly name: string;
  /** The value before any SETTINGS. `Infinity`: no limit. */
  readonly initial: number;
  readonly minimum: number;
  readonly maximum: number;
  /** What a value outside the range earns. Always the whole connection's fault. */
  readonly errorCode: number;
  readonly section: string;
}

const CORE = "RFC 9113 section 6.5.2";
const PROTOCOL = ErrorCode.PROTOCOL_ERROR;
const FLOW = ErrorCode.FLOW_CONTROL_ERROR;
const FRAME = DEFAULT_MAX_FRAME_SIZE;
const LARGEST = LARGEST_SETTING_VALUE;

const RULES: ReadonlyMap<number, SettingRule> = new Map([
  rule("HEADER_TABLE_SIZE", DEFAULT_HEADER_TABLE_SIZE, 0, LARGEST, PROTOCOL, CORE),
  rule("ENABLE_PUSH", 1, 0, 1, PROTOCOL, CORE),
  rule("MAX_CONCURRENT_STREAMS", Infinity, 0, LARGEST, PROTOCOL, CORE),
  rule("INITIAL_WINDOW_SIZE", DEFAULT_WINDOW_SIZE, 0, LARGEST_WINDOW_SIZE, FLOW, CORE),
  rule("MAX_FRAME_SIZE", FRAME, FRAME, LARGEST_MAX_FRAME_SIZE, PROTOCOL, CORE),
  rule("MAX_HEADER_LIST_SIZE", Infinity, 0, LARGEST, PROTOCOL, CORE),
  rule("ENABLE_CONNECT_PROTOCOL", 0, 0, 1, PROTOCOL, "RFC 8441 section 3"),
  rule("NO_RFC7540_PRIORITIES", 0, 0, 1, PROTOCOL, "RFC 9218 section 2.1"),
]);

/** What the protocol says about setting `id`; `undefined` for identifiers that are not in `SettingId`. */
export function settingRule(id: number): SettingRule | undefined {
  return RULES.get(id);
}

/** The name of a setting, such as `"MAX_FRAME_SIZE"`; hexadecimal, such as `"0xa0a"`, where there is none. */
export function settingName(id: number): string {
  return RULES.get(id)?.name ?? `0x${id.toString(16)}`;
}

/**
 * What is wrong with `value` for setting `id`, or `null`. Settings of other identifiers may have any value
 * (RFC 9113 section 6.5.2). Rules that depend on who sends, such as ENABLE_PUSH from a server, are not known here.
 */
export function settingFault(id: number, value: number): ConnectionFault | null {
  const known = RULES.get(id);
  if (known === undefined || (value >= known.minimum && value <= known.maximum)) return null;
  const reason = `${known.name} must be from ${known.minimum} to ${known.maximum}, not ${value}`;
  return new ConnectionFault(known.errorCode, reason, known.section);
}

function rule(
  name: keyof typeof SettingId,
  initial: number,
  minimum: number,
  maximum: number,
  errorCode: number,
  section: string,
): [number, SettingRule] {
  return [SettingId[name], { name, initial, minimum, maximum, errorCode, section }];
}
