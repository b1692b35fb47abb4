import type { Fields, OutgoingRequest } from "./outgoing-request.ts";

/** Redirections that are followed for one call. */
export const MOST_REDIRECTS = 20;

/** What speaks of a body, and goes with it. */
const BODY_FIELDS: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-language",
  "content-length",
  "content-location",
  "content-type",
]);
/** What only the origin may know that it was meant for. */
const ORIGIN_FIELDS: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "host",
  "proxy-authorization",
]);

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * Where a redirection leads, or null if it does not say so. A URL without a fragment takes over the one of the request.
 * @throws TypeError for a Location that is no URL of http or https, and for several of them.
 */
export function locationOf(fields: Fields, from: URL): URL | null {
  const locations = fields.filter(([name]) => name.toLowerCase() === "location");
  if (locations.length > 1) throw new TypeError("the redirection has several locations");
  const [location] = locations;
  if (location === undefined) return null;
  const target = parsed(utf8(location[1]), from);
  if (target.protocol !== "http:" && target.protocol !== "https:") {
    throw new TypeError(`the redirection leads to ${target.protocol}, which is neither http nor https`);
  }
  if (target.username !== "" || target.password !== "") {
    throw new TypeError("the redirection leads to a URL with a user name or a password");
  }
  if (target.hash === "") target.hash = from.hash;
  return target;
}

/**
 * The request that follows a redirection, by the fetch standard.
 * @throws TypeError if its body would have to be sent again and cannot be.
 */
export function redirected(request: OutgoingRequest, status: number, url: URL): OutgoingRequest {
  const { method, body, trailers } = request;
  if (status !== 303 && body !== null && !body.isReplayable) {
    throw new TypeError("the redirection needs the body of the request again, which was a stream");
  }
  const isOtherOrigin = url.origin !== request.url.origin;
  const fields = request.fields.filter(([name]) => !(isOtherOrigin && ORIGIN_FIELDS.has(name)));
  if (!becomesGet(method, status)) return { url, method, fields, body, trailers };
  const others = fields.filter(([name]) => !BODY_FIELDS.has(name));
  return { url, method: "GET", fields: others, body: null, trailers: null };
}

function becomesGet(method: string, status: number): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}

/** @throws TypeError */
function parsed(location: string, from: URL): URL {
  try {
    return new URL(location, from);
  } catch (error) {
    throw new TypeError(`the redirection leads to ${JSON.stringify(location)}, which is no URL`, {
      cause: error,
    });
  }
}

/** Some servers write what is not ASCII as it is, and browsers take it for UTF-8. */
function utf8(octets: string): string {
  return /^[\x20-\x7e]*$/.test(octets) ? octets : Buffer.from(octets, "latin1").toString("utf8");
}
