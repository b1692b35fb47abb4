import type { FetchHandler } from "../http/server.ts";
import type { Handler } from "./request-log.ts";

/** Seconds for which a browser need not ask again. */
const MAX_AGE = "600";

/**
 * Lets pages of every origin read what a handler answers, and answers browsers that ask before they send a request
 * (the CORS protocol of the Fetch Standard).
 */
export function allowOrigins(handler: Handler): Handler {
  return (request, response) => {
    const field = (name: string): string | null => (request.headers[name] as string | undefined) ?? null;
    const granted = grantedTo(request.method ?? "", field);
    for (const [name, value] of granted ?? EVERYBODY) response.setHeader(name, value);
    if (granted === null) return handler(request, response);
    response.writeHead(204).end();
    return undefined;
  };
}

/** The same in the style of fetch. */
export function allowOriginsFetch(fetch: FetchHandler): FetchHandler {
  return async (request, info) => {
    const granted = grantedTo(request.method, (name) => request.headers.get(name));
    if (granted !== null) return new Response(null, { status: 204, headers: [...granted] });
    const response = await fetch(request, info);
    try {
      setFields(response.headers);
      return response;
    } catch {
      // Fields of what came from elsewhere must not change.
      const headers = new Headers(response.headers);
      setFields(headers);
      return new Response(response.body, { status: response.status, headers });
    }
  };
}

function setFields(headers: Headers): void {
  for (const [name, value] of EVERYBODY) headers.set(name, value);
}

type Fields = readonly [name: string, value: string][];

const EVERYBODY: Fields = [
  ["access-control-allow-origin", "*"],
  ["access-control-expose-headers", "*"],
];

/** The answer to a browser that asks whether it may send a request; null for every other request. */
function grantedTo(method: string, field: (name: string) => string | null): Fields | null {
  const asked = field("access-control-request-method");
  if (method !== "OPTIONS" || field("origin") === null || asked === null) return null;
  const names = field("access-control-request-headers");
  return [
    ["access-control-allow-origin", "*"],
    ["access-control-allow-methods", asked],
    // A wildcard would leave out "authorization".
    ...(names === null ? [] : [["access-control-allow-headers", names] as [string, string]]),
    ["access-control-max-age", MAX_AGE],
    ["vary", "access-control-request-method, access-control-request-headers"],
  ];
}
