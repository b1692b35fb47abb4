import { DEFAULT_PRIORITY, serializePriority } from "../../../fields/priority.ts";
import type { Origin } from "../opening/origin.ts";
import type { RequestOptions } from "./client-session.ts";
import type { Fields } from "./received-response.ts";

/** The head of a request as HTTP/2 has it, pseudo-header fields in front. */
export function requestFields(origin: Origin, options: RequestOptions): Fields {
  const { host, fields } = withoutHost(options);
  return [
    [":method", options.method ?? "GET"],
    [":scheme", origin.scheme],
    [":path", options.path ?? "/"],
    [":authority", host ?? origin.authority],
    ...fields,
  ];
}

/** The fields of a request with its priority, and the length of its body, if that is known; Host is set apart. */
export function withoutHost(options: RequestOptions): { host: string | null; fields: Fields } {
  const fields: Fields = [];
  let host: string | null = null;
  let hasLength = false;
  let hasPriority = options.priority === undefined;
  for (const [name, value] of options.headers ?? []) {
    const lowerCase = name.toLowerCase();
    hasLength ||= lowerCase === "content-length";
    hasPriority ||= lowerCase === "priority";
    if (lowerCase === "host") host = value;
    else fields.push([name, value]);
  }
  if (options.body instanceof Uint8Array && !hasLength) {
    fields.push(["content-length", String(options.body.length)]);
  }
  const priority = hasPriority ? "" : serializePriority({ ...DEFAULT_PRIORITY, ...options.priority });
  if (priority !== "") fields.push(["priority", priority]);
  return { host, fields };
}
