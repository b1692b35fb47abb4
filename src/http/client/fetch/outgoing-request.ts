import { KNOWN_FIELDS, KnownField } from "../../../fields/known-field.ts";
import { platform } from "../../fetch/platform.ts";
import type { FieldList } from "../session/client-session.ts";
import type { FetchInit } from "./fetch-init.ts";
import { gatheredBody, type OutgoingBody, outgoingBody, refuseUsed } from "./outgoing-body.ts";

export type Fields = [name: string, value: string][];

/** A request, as it is sent once. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly method: string;
  /** Names in lower case. */
  readonly fields: Fields;
  readonly body: OutgoingBody | null;
  readonly trailers: FieldList | (() => FieldList) | null;
}

/** What a call asks for. */
export interface Order {
  readonly request: OutgoingRequest;
  readonly redirect: "follow" | "error" | "manual";
  readonly signal: AbortSignal | null;
  /** The body of a `Request`, which is to become the body of the request. */
  readonly stream: ReadableStream<unknown> | null;
}

/**
 * What the arguments of `fetch` ask for, by the rules of the platform's `Request`.
 * @throws TypeError for arguments that it refuses, and for a URL that is not one of http or https.
 */
export function orderOf(input: string | URL | Request, init: FetchInit): Order {
  const template = input instanceof platform().Request ? input : null;
  const signal = signalOf(init.signal === undefined ? (template?.signal ?? null) : init.signal);
  const given: unknown = init.body ?? null;
  const stream = given === null ? (template?.body ?? null) : null;
  if (stream !== null) refuseUsed(stream);
  const checked = checkedRequest(input, template, init, given !== null || stream !== null);
  const url = new URL(checked.url);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new TypeError(`fetch is for URLs of http and https, not for ${url.protocol}`);
  }
  const trailers = typeof init.trailers === "object" ? [...init.trailers] : (init.trailers ?? null);
  const body = given === null ? null : outgoingBody(given, init.duplex);
  const fields = fieldsOf(checked.headers, body?.type ?? null, init.decompress !== false);
  return {
    request: { url, method: checked.method, fields, body, trailers },
    redirect: checked.redirect,
    signal,
    stream,
  };
}

/** The request with the body of the `Request` that it was made from, if that has one. */
export async function completed({ request, stream }: Order): Promise<OutgoingRequest> {
  return stream === null ? request : { ...request, body: await gatheredBody(stream) };
}

/** The fields with Content-Length, where the length is known (RFC 9110 section 8.6): the caller cannot know it better. */
export function withLength({ method, fields, body }: OutgoingRequest): Fields {
  if (body?.length === null) return fields;
  const others = fields.filter(([name]) => name !== "content-length");
  if (body !== null) others.push(["content-length", String(body.length)]);
  else if (method === "POST" || method === "PUT") others.push(["content-length", "0"]);
  return others;
}

/**
 * A request that the platform has checked. The body is left out, which costs more there than all the rest, and the signal,
 * because the platform would listen to it for ever.
 */
function checkedRequest(
  input: string | URL | Request,
  template: Request | null,
  init: FetchInit,
  hasBody: boolean,
): Request {
  const { Request } = platform();
  const request = new Request(template === null ? (input as string | URL) : template.url, {
    method: init.method ?? template?.method,
    headers: init.headers ?? template?.headers,
    redirect: init.redirect ?? template?.redirect,
    integrity: init.integrity ?? template?.integrity,
    signal: null,
  } as RequestInit);
  if (hasBody && (request.method === "GET" || request.method === "HEAD")) {
    throw new TypeError(`a request with the method ${request.method} has no body`);
  }
  if (request.integrity !== "") throw new TypeError("the integrity of a response is not checked here");
  return request;
}

/** Whether a field is for one connection only, and must not be sent over HTTP/2 (RFC 9113 section 8.2.2). */
function isOfConnection(name: string): boolean {
  const known = KNOWN_FIELDS.get(name);
  return known === KnownField.CONNECTION_SPECIFIC || known === KnownField.HTTP2_SETTINGS;
}

/** The caller's fields and those that a request has anyway. */
function fieldsOf(headers: Headers, type: string | null, isDecoded: boolean): Fields {
  const fields: Fields = [];
  for (const [name, value] of headers) if (!isOfConnection(name)) fields.push([name, value]);
  if (type !== null && !headers.has("content-type")) fields.push(["content-type", type]);
  if (!headers.has("accept")) fields.push(["accept", "*/*"]);
  if (!headers.has("user-agent")) fields.push(["user-agent", "h2wire"]);
  if (headers.has("accept-encoding")) return fields;
  // A part of what was coded cannot be decoded.
  if (headers.has("range")) fields.push(["accept-encoding", "identity"]);
  else if (isDecoded) fields.push(["accept-encoding", "gzip, deflate, br"]);
  return fields;
}

/** @throws TypeError for what is no signal. */
function signalOf(given: unknown): AbortSignal | null {
  if (given === null || given instanceof AbortSignal) return given;
  throw new TypeError("the signal is no AbortSignal");
}
