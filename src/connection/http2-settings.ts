import { ChunkWriter } from "../bytes/chunk-writer.ts";
import { base64FromOctets, octetsFromBase64 } from "../fields/base64.ts";
import { ErrorCode } from "../frames/error-code.ts";
import { settingFault } from "../frames/setting-id.ts";
import { parseSettingsPayload, type SettingEntry, writeSettingsPayload } from "../frames/settings.ts";
import { FrameDataMissingError, InvalidSettingsValueError, ProtocolError } from "./errors.ts";

/** The value of HTTP2-Settings: a SETTINGS payload in base64url without padding (RFC 7540 section 3.2.1). */

const ENTRY_LENGTH = 6;
const MOST_ENTRIES = 32;

/** The field value for `entries`. */
export function http2SettingsValue(entries: readonly SettingEntry[]): string {
  const writer = new ChunkWriter();
  writeSettingsPayload(writer, entries);
  // Six octets are eight characters, so there is no padding to take off.
  return base64FromOctets(writer.takeOctets()).replaceAll("+", "-").replaceAll("/", "_");
}

/**
 * The settings of a field value.
 * @throws ProtocolError if it is no base64url, FrameDataMissingError if it is no multiple of six octets, and
 * InvalidSettingsValueError for a value that is out of range.
 */
export function parseHttp2Settings(value: string): SettingEntry[] {
  if (!/^[A-Za-z0-9_-]*$/.test(value)) {
    throw new ProtocolError("HTTP2-Settings is not base64url without padding (RFC 7540 section 3.2.1)");
  }
  const octets = octetsFromBase64(value.replaceAll("-", "+").replaceAll("_", "/"));
  if (octets === null || octets.length % ENTRY_LENGTH !== 0) {
    throw new FrameDataMissingError("HTTP2-Settings is not a multiple of 6 octets (RFC 7540 section 3.2.1)");
  }
  if (octets.length > MOST_ENTRIES * ENTRY_LENGTH) {
    throw new ProtocolError(`HTTP2-Settings has more than ${MOST_ENTRIES} settings (limit settingsEntries)`);
  }
  const entries = parseSettingsPayload(octets, 0, octets.length);
  for (const [id, setting] of entries) {
    const fault = settingFault(id, setting);
    if (fault !== null)
      throw new InvalidSettingsValueError(fault.message, fault.errorCode ?? ErrorCode.PROTOCOL_ERROR);
  }
  return entries;
}
