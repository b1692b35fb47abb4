import { endOfHead, parseRequestHead, type RequestHead, valuesOf } from "./request-head.ts";
import { offersOnlyHttp2 } from "./upgrade-head.ts";

/**
 * Cuts octets of HTTP/1.1 behind every request that offers to upgrade to HTTP/2 and nothing else.
 *
 * When `node:http` (seen in 20) ignores an offer it drops what the same piece of input holds behind the
 * request: the next request, pipelined, would never be answered. In a piece of its own it is safe.
 */
export function cutBehindUpgrades(octets: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  let position = 0;
  while (position < octets.length) {
    const rest = octets.subarray(position);
    const headLength = endOfHead(rest, 0);
    // Nothing behind this head, or no well-formed head: nothing to cut.
    if (headLength <= 0 || headLength === rest.length) break;
    const head = parseRequestHead(rest, headLength);
    if (head === null || valuesOf(head, "transfer-encoding").length > 0) break;
    position += headLength + bodyLength(head);
    if (offersOnlyHttp2(valuesOf(head, "upgrade")) && position < octets.length) {
      pieces.push(octets.subarray(start, position));
      start = position;
    }
  }
  pieces.push(octets.subarray(start));
  return pieces;
}

/** NaN, which ends the search, for a length that is none. */
function bodyLength(head: RequestHead): number {
  return Number(valuesOf(head, "content-length")[0] ?? 0);
}
