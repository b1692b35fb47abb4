import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

/** Whether the client has what a head announces, so that 304 is the answer (RFC 9110 section 13.2.2). */
export function isNotModified(request: IncomingHttpHeaders, head: OutgoingHttpHeaders): boolean {
  const { ETag: tag, "Last-Modified": modified } = head;
  const { "if-none-match": tags, "if-modified-since": since = "" } = request;
  if (tags !== undefined) return matchesTag(tags, String(tag));
  return Date.parse(since) >= Date.parse(String(modified));
}

/**
 * Whether a range may be a part of what the client has already (RFC 9110 section 13.1.5). Our tags are weak, which do
 * not do for that; the date does.
 */
export function mayContinue(ifRange: string | undefined, modified: Date): boolean {
  return ifRange === undefined || ifRange === modified.toUTCString();
}

/** The weak comparison, with a list (RFC 9110 sections 8.8.3.2 and 13.1.2). */
function matchesTag(list: string, tag: string): boolean {
  if (list.trim() === "*") return true;
  const opaque = opaqueTag(tag);
  return Array.from(list.matchAll(/(?:W\/)?"[^"]*"/g), ([found]) => opaqueTag(found)).includes(opaque);
}

function opaqueTag(tag: string): string {
  return tag.replace(/^W\//, "");
}
