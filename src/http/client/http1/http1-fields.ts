import { DEFAULT_PRIORITY, serializePriority } from "../../../fields/priority.ts";
import { ClientError } from "../client-error.ts";
import type { RequestOptions } from "../session/client-session.ts";
import type { Fields } from "../session/received-response.ts";
import { withoutHost } from "../session/request-fields.ts";

/**
 * The fields of a request as HTTP/1.1 has them: names and values by turns, Host in front.
 *
 * @param authority - the origin's, for a request that names no host.
 * @throws ClientError "UNSUPPORTED" for what undici cannot send.
 */
export function http1Fields(options: RequestOptions, authority: string): string[] {
  refuseUnsupported(options);
  const { host, fields } = withoutHost(options);
  const priority = priorityText(options, fields);
  if (priority !== "") fields.push(["priority", priority]);
  return ["host", host ?? authority, ...fields.flat()];
}

/** Names in lower case and values, from both by turns as undici and `node:http` have them. */
export function fieldPairs(lines: readonly (Uint8Array | string)[]): Fields {
  const fields: Fields = [];
  for (let index = 0; index + 1 < lines.length; index += 2) {
    fields.push([textOf(lines[index]).toLowerCase(), textOf(lines[index + 1]).trimEnd()]);
  }
  return fields;
}

/** undici ends a body of unknown length without the trailer section that HTTP/1.1 has (RFC 9112 section 7.1.2). */
function refuseUnsupported({ method, trailers }: RequestOptions): void {
  if (method === "CONNECT") throw unsupported("a request for a tunnel");
  if (typeof trailers === "function" || (trailers !== undefined && [...trailers].length > 0)) {
    throw unsupported("trailers of a request");
  }
}

function unsupported(what: string): ClientError {
  return new ClientError("UNSUPPORTED", `over HTTP/1.1 there are no ${what}`, { isUnprocessed: true });
}

/** The priority field says the same in every version of HTTP (RFC 9218 section 5); the caller's own one counts. */
function priorityText({ priority }: RequestOptions, fields: Fields): string {
  if (priority === undefined || fields.some(([name]) => name.toLowerCase() === "priority")) return "";
  return serializePriority({ ...DEFAULT_PRIORITY, ...priority });
}

function textOf(line: Uint8Array | string | undefined): string {
  return typeof line === "string" ? line : Buffer.from(line ?? []).toString("latin1");
}
