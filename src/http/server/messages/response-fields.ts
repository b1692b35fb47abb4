import { type ServerResponse, validateHeaderName, validateHeaderValue } from "node:http";
import { httpDate } from "../http-date.ts";

export type FieldPair = [name: string, value: string];

/** What else of a ServerResponse is read: how `node:http` keeps what is to become a Content-Length. */
interface ResponseInside extends ServerResponse {
  readonly _contentLength: number | null;
  readonly _hasBody: boolean;
  readonly _removedContLen: boolean;
}

/**
 * The head of a response, as fields of HTTP/2 in the order in which they were set. Content-Length and Date are added as
 * `node:http` does. What belongs to an HTTP/1.1 connection is left in: the engine drops it.
 *
 * @param given - what `writeHead` has handed on: an object, or pairs, nested or flat. It is not looked at if there are
 * fields by `setHeader`, since it was merged into these.
 * @throws TypeError for names and values that cannot be sent.
 */
export function responseFields(response: ServerResponse, given: unknown): FieldPair[] {
  const fields: FieldPair[] = [[":status", String(response.statusCode)]];
  const names = response.getHeaderNames();
  if (names.length > 0) for (const name of names) addField(fields, name, response.getHeader(name));
  else addGiven(fields, given);
  const { _contentLength: length, _hasBody, _removedContLen } = response as ResponseInside;
  const isLengthWanted = _hasBody && !_removedContLen && !has(fields, "trailer");
  if (length !== null && isLengthWanted && !has(fields, "content-length")) {
    fields.push(["content-length", String(length)]);
  }
  if (response.sendDate && !has(fields, "date")) fields.push(["date", httpDate()]);
  return fields;
}

/** Fields from what applications give for trailers and hints: an object, or pairs, nested or flat. @throws TypeError. */
export function givenFields(given: unknown): FieldPair[] {
  const fields: FieldPair[] = [];
  addGiven(fields, given);
  return fields;
}

function addGiven(fields: FieldPair[], given: unknown): void {
  if (given === undefined || given === null) return;
  if (!Array.isArray(given)) {
    for (const [name, value] of Object.entries(given)) addChecked(fields, name, value);
  } else if (Array.isArray(given[0])) {
    for (const [name, value] of given) addChecked(fields, name, value);
  } else {
    for (let index = 0; index < given.length; index += 2) addChecked(fields, given[index], given[index + 1]);
  }
}

function addChecked(fields: FieldPair[], name: string, value: unknown): void {
  validateHeaderName(name);
  for (const one of Array.isArray(value) ? value : [value]) validateHeaderValue(name, one);
  addField(fields, name.toLowerCase(), value);
}

function addField(fields: FieldPair[], name: string, value: unknown): void {
  if (!Array.isArray(value)) fields.push([name, String(value)]);
  else for (const one of value) fields.push([name, String(one)]);
}

function has(fields: readonly FieldPair[], name: string): boolean {
  return fields.some((field) => field[0] === name);
}
