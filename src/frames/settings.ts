import type { ChunkWriter } from "../bytes/chunk-writer.ts";
import { frameSizeFault, notStreamZeroFault } from "./fault.ts";
import { FrameFlag } from "./frame-flag.ts";
import { beginFrame, type FrameHeader } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { LARGEST_SETTING_VALUE } from "./limits.ts";
import { appendUint16, appendUint32, uint16At, uint32At } from "./octets.ts";

/** One setting: its identifier (16 bits; `SettingId` has those with a meaning) and its value (32 bits). */
export type SettingEntry = readonly [id: number, value: number];

/** SETTINGS: what its sender can do and wants, or that it took note of the other's (RFC 9113 section 6.5). */
export interface SettingsFrame extends FrameHeader {
  readonly type: typeof FrameType.SETTINGS;
  readonly ack: boolean;
  /** In the order of the wire, which is the order to apply them in. An identifier may come twice. */
  readonly settings: readonly SettingEntry[];
}

const SECTION = "RFC 9113 section 6.5";
const ENTRY_LENGTH = 6;

/** Parses the payload from `start` up to `end`. Whether the values are allowed is for `settingFault` to say. */
export function parseSettings(
  octets: Uint8Array,
  start: number,
  end: number,
  flags: number,
  streamId: number,
): SettingsFrame {
  // SETTINGS are always about the whole connection.
  if (streamId !== 0) throw notStreamZeroFault("SETTINGS", streamId, SECTION);
  const ack = (flags & FrameFlag.ACK) !== 0;
  // An acknowledgement carries nothing.
  if (ack && end > start) {
    throw frameSizeFault(
      `An acknowledgement of SETTINGS must be empty, not ${end - start} octets long`,
      SECTION,
    );
  }
  return {
    type: FrameType.SETTINGS,
    flags,
    streamId,
    length: end - start,
    ack,
    settings: parseSettingsPayload(octets, start, end),
  };
}

/**
 * Parses settings from `start` up to `end`: the payload of SETTINGS, and what HTTP2-Settings carries in
 * base64url (RFC 7540 section 3.2.1).
 *
 * @throws ConnectionFault when the length is no multiple of six octets
 */
export function parseSettingsPayload(octets: Uint8Array, start: number, end: number): SettingEntry[] {
  if ((end - start) % ENTRY_LENGTH !== 0) {
    throw frameSizeFault(`SETTINGS must be a multiple of 6 octets long, not ${end - start}`, SECTION);
  }
  const settings: SettingEntry[] = [];
  for (let position = start; position < end; position += ENTRY_LENGTH) {
    settings.push([uint16At(octets, position), uint32At(octets, position + 2)]);
  }
  return settings;
}

/**
 * Appends SETTINGS with `entries` in their order.
 *
 * @throws RangeError when an identifier or a value does not fit the wire; nothing was written then
 */
export function writeSettings(writer: ChunkWriter, entries: readonly SettingEntry[]): void {
  checkEntries(entries);
  beginFrame(writer, entries.length * ENTRY_LENGTH, FrameType.SETTINGS, 0, 0);
  appendEntries(writer, entries);
}

/** Appends the acknowledgement of the oldest SETTINGS that was not acknowledged (RFC 9113 section 6.5.3). */
export function writeSettingsAck(writer: ChunkWriter): void {
  beginFrame(writer, 0, FrameType.SETTINGS, FrameFlag.ACK, 0);
}

/**
 * Appends the settings alone, without a frame around them, for HTTP2-Settings.
 *
 * @throws RangeError when an identifier or a value does not fit the wire; nothing was written then
 */
export function writeSettingsPayload(writer: ChunkWriter, entries: readonly SettingEntry[]): void {
  checkEntries(entries);
  writer.mark();
  writer.ensure(entries.length * ENTRY_LENGTH);
  appendEntries(writer, entries);
}

function appendEntries(writer: ChunkWriter, entries: readonly SettingEntry[]): void {
  for (const [id, value] of entries) {
    appendUint16(writer, id);
    appendUint32(writer, value);
  }
}

function checkEntries(entries: readonly SettingEntry[]): void {
  for (const [id, value] of entries) {
    if (!(id >= 0 && id <= 0xffff)) throw new RangeError(`${id} is not a setting identifier`);
    if (!(value >= 0 && value <= LARGEST_SETTING_VALUE))
      throw new RangeError(`${value} is not a setting's value`);
  }
}
