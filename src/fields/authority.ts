import { Defect } from "./field-fault.ts";
import { isDigit, OctetFlaw } from "./octet-class.ts";

const COLON = 0x3a;
const LARGEST_PORT = 65_535;

/**
 * What is wrong with `text` as `host [":" port]` (Defect.NONE if nothing is). `flaws` are those of its octets.
 *
 * User information is refused for every scheme: RFC 9113 section 8.3.1 says so for http and https only, but
 * nobody who compares hosts expects it in the others.
 */
export function authorityDefect(text: string, flaws: number): Defect {
  if (text.length === 0) return Defect.EMPTY_AUTHORITY;
  if ((flaws & OctetFlaw.NOT_AUTHORITY) !== 0) return Defect.AUTHORITY;
  if (text.includes("@")) return Defect.USERINFO;
  const hostEnd = endOfHost(text);
  return hostEnd > 0 && isPortFrom(text, hostEnd) ? Defect.NONE : Defect.AUTHORITY;
}

/** Whether a well-formed authority names a port to connect to, which CONNECT needs (RFC 9110 section 9.3.6). */
export function hasUsablePort(authority: string): boolean {
  const digits = authority.slice(endOfHost(authority) + 1);
  return Number(digits) >= 1 && Number(digits) <= LARGEST_PORT;
}

/**
 * Whether two well-formed authorities name the same host and port under this scheme: letters count as equal in
 * both cases, and the scheme's own port may be left out (RFC 9110 section 4.2.3).
 */
export function isSameAuthority(left: string, right: string, scheme: string): boolean {
  return left === right || canonicalAuthority(left, scheme) === canonicalAuthority(right, scheme);
}

/** A well-formed authority in the one form that all equal ones share: lower case, without the scheme's own port. */
export function canonicalAuthority(authority: string, scheme: string): string {
  const hostEnd = endOfHost(authority);
  const port = authority.slice(hostEnd + 1).replace(/^0+(?=\d)/, "");
  const host = authority.slice(0, hostEnd).toLowerCase();
  return port === "" || port === defaultPort(scheme) ? host : `${host}:${port}`;
}

function defaultPort(scheme: string): string {
  const name = scheme.toLowerCase();
  if (name === "http") return "80";
  return name === "https" ? "443" : "";
}

/** The position behind the host; 0 if there is none. A host in brackets may have colons inside. */
function endOfHost(text: string): number {
  if (text.startsWith("[")) return text.indexOf("]") + 1;
  const colon = text.indexOf(":");
  const end = colon < 0 ? text.length : colon;
  return text.slice(0, end).includes("]") || text.slice(0, end).includes("[") ? 0 : end;
}

/** Whether nothing follows from `start` on, or a colon and digits; no digit at all is legal too (RFC 3986). */
function isPortFrom(text: string, start: number): boolean {
  if (start === text.length) return true;
  if (text.charCodeAt(start) !== COLON) return false;
  for (let index = start + 1; index < text.length; index++) {
    if (!isDigit(text.charCodeAt(index))) return false;
  }
  return true;
}
