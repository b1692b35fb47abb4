import { authorityDefect } from "../../../fields/authority.ts";
import { Defect } from "../../../fields/field-fault.ts";
import { flawsOf } from "../../../fields/octet-class.ts";

/** Hosts that are remembered, for each scheme. */
const MOST_REMEMBERED = 1_000;
const HTTP_ORIGINS: Map<string, string> = new Map();
const HTTPS_ORIGINS: Map<string, string> = new Map();

/** What `URL` would write otherwise: segments of dots, and octets that a path or query must not or need not encode. */
const UNUSUAL = /\/\.|%2e|[^\w\-.~!$&()*+,;=:@%/?]/i;

/**
 * The origin of a request as `URL` writes it: `http://localhost:8080` for `http` and `LOCALHOST:8080`. Null if the scheme
 * is not http or https, or there is no such authority.
 */
export function requestOrigin(scheme: string, authority: string): string | null {
  if (scheme === "http") return HTTP_ORIGINS.get(authority) ?? newOrigin(HTTP_ORIGINS, scheme, authority);
  if (scheme === "https") return HTTPS_ORIGINS.get(authority) ?? newOrigin(HTTPS_ORIGINS, scheme, authority);
  const name = scheme.toLowerCase();
  return name === scheme ? null : requestOrigin(name, authority);
}

function newOrigin(origins: Map<string, string>, scheme: string, authority: string): string | null {
  if (authorityDefect(authority, flawsOf(authority)) !== Defect.NONE) return null;
  const text = `${scheme}://${authority}/`;
  if (!URL.canParse(text)) return null;
  const { origin } = new URL(text);
  if (origins.size >= MOST_REMEMBERED) origins.clear();
  origins.set(authority, origin);
  return origin;
}

/**
 * The URL of a request, as `URL` writes it. `*` stands for the server as a whole, and its URL has no path (RFC 9112
 * section 3.3).
 *
 * @param target - path and query, from a slash on, or `*`.
 */
export function requestUrl(origin: string, target: string): string {
  if (target === "*") return `${origin}/`;
  // Put together as text: as a relative reference a target of two slashes would name another host.
  const url = origin + target;
  return UNUSUAL.test(target) ? new URL(url.replace(/[\x80-\xff]/g, percentEncoded)).href : url;
}

/** An octet above 0x7f, which `URL` would take for a character. */
function percentEncoded(octet: string): string {
  return `%${octet.charCodeAt(0).toString(16).toUpperCase()}`;
}
