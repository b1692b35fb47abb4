import { settingFault } from "../frames/setting-id.ts";
import { parseSettingsPayload } from "../frames/settings.ts";
import { type Refusal, refusal } from "./refusal.ts";

const BASE64URL = /^[A-Za-z0-9_-]+$/;
const ENTRY_LENGTH = 6;
const MOST_ENTRIES = 32;

/**
 * What is wrong with the value of HTTP2-Settings, or null: it is the payload of SETTINGS in base64url without
 * padding (RFC 7540 section 3.2.1). It is judged before 101, for afterwards there is no way back to HTTP/1.1.
 */
export function http2SettingsRefusal(value: string): Refusal | null {
  if (!BASE64URL.test(value)) {
    return refusal("HTTP2-Settings must be base64url without padding", "RFC 7540 section 3.2.1");
  }
  // Six octets are exactly eight characters, so that no bit is left over.
  if (value.length % 8 !== 0) {
    return refusal("HTTP2-Settings must hold a multiple of 6 octets", "RFC 9113 section 6.5");
  }
  const payload = Buffer.from(value, "base64url");
  if (payload.length > MOST_ENTRIES * ENTRY_LENGTH) {
    return refusal(
      `HTTP2-Settings must not hold more than ${MOST_ENTRIES} settings`,
      "RFC 9113 section 10.5",
    );
  }
  for (const [id, setting] of parseSettingsPayload(payload, 0, payload.length)) {
    const fault = settingFault(id, setting);
    if (fault !== null) return refusal(`in HTTP2-Settings, ${fault.reason}`, fault.section);
  }
  return null;
}
