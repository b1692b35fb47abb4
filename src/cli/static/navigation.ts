import type { IncomingMessage } from "node:http";

/**
 * Whether a request is that of a person for a page, for which an application of one page answers whatever the path.
 * Scripts, styles, pictures and calls of an interface do not ask for HTML, and a name with an ending is one of a file.
 */
export function isNavigation(request: IncomingMessage): boolean {
  const { accept = "", "sec-fetch-mode": mode = "navigate" } = request.headers;
  if (mode !== "navigate" || !acceptsHtml(accept)) return false;
  const [path = ""] = (request.url ?? "/").split("?", 1);
  const ending = /\.([a-z][a-z0-9]*)$/i.exec(path)?.[1]?.toLowerCase();
  return ending === undefined || ending === "html" || ending === "htm";
}

/** Whether HTML is named, not only meant by a wildcard. */
function acceptsHtml(accept: string): boolean {
  return /(^|,)\s*(text\/html|application\/xhtml\+xml)\s*(;(?!\s*q=0(\.0*)?\s*(,|$))|,|$)/i.test(accept);
}
