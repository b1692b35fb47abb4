import { authorityDefect, canonicalAuthority } from "./authority.ts";
import { Defect } from "./field-fault.ts";
import { flawsOf } from "./octet-class.ts";

/** Octets of host and port: a name of the DNS has 253 at most, and a port takes six. */
const LONGEST_AUTHORITY = 259;

/**
 * An origin such as `https://example.com:8443` (RFC 6454 section 6.2) in the one form that all equal ones share:
 * lower case, without the scheme's own port. Null if `text` is no origin: "null", an origin with a path, and one with
 * user information are none. A name with a wildcard stands for itself alone (RFC 8336 section 2.2).
 */
export function canonicalOrigin(text: string): string | null {
  const [, scheme = "", authority = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(text) ?? [];
  if (authority.length > LONGEST_AUTHORITY) return null;
  if (authorityDefect(authority, flawsOf(authority)) !== Defect.NONE) return null;
  const lowerScheme = scheme.toLowerCase();
  return `${lowerScheme}://${canonicalAuthority(authority, lowerScheme)}`;
}
