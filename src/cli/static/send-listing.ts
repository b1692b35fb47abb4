import type { IncomingMessage, ServerResponse } from "node:http";
import { readFolder, type SortKey, type SortOrder, sortEntries } from "./folder-entries.ts";
import { renderListing } from "./listing-page.ts";
import { STYLE_HASH } from "./listing-style.ts";

/** Nothing is loaded, framed or run: whatever a name of a file contains, it stays a name. */
const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`;

/**
 * Answers with a page that lists a folder.
 *
 * @param root - the real path of what is served.
 * @throws what the file system says about the folder.
 */
export async function sendListing(
  root: string,
  segments: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const order = orderOf(request.url ?? "");
  const { entries, isComplete } = await readFolder(root, segments);
  const listed = { entries: sortEntries(entries, order), isComplete };
  const page = Buffer.from(renderListing(segments, listed, order));
  response.writeHead(200, {
    "content-type": "text/html;charset=utf-8",
    "content-length": page.length,
    "content-security-policy": POLICY,
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  });
  response.end(request.method === "HEAD" ? undefined : page);
}

const KEYS: readonly SortKey[] = ["name", "size", "modified"];

/** The order that `?sort=KEY` asks for, or with a minus before the key its reverse. */
function orderOf(target: string): SortOrder {
  const [, minus, word] = /[?&]sort=(-?)([a-z]+)/.exec(target) ?? [];
  const key = KEYS.find((each) => each === word) ?? "name";
  return { key, isDescending: minus === "-" };
}
