import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import sirv from "sirv";
import { plainRange } from "./byte-range.ts";
import { isNotModified, mayContinue } from "./conditions.ts";
import { chooseRepresentation, type Representation } from "./content-coding.ts";
import type { FoundFile } from "./find-file.ts";

type SendFile = (request: IncomingMessage, response: ServerResponse, file: FoundFile) => void;

/**
 * Sends files of a folder as they are when they are asked for. sirv makes the head, with type, ETag and ranges, and
 * pipes the file. What it is asked for is decided before, and its head is looked at before it goes.
 *
 * @param root - the real path of the folder.
 */
export function fileSender(root: string): SendFile {
  const send = sirv(root, { dev: true, etag: true, extensions: [] });
  return (request, response, file) => {
    const representation = chooseRepresentation(root, file, request.headers["accept-encoding"]);
    const reviewed = reviewHead(request, response, representation);
    prepareRequest(request, representation.file);
    response.on("pipe", (octets: Readable) => guard(response, octets, reviewed.hasBody));
    try {
      send(request, response);
    } catch {
      // The file went away in between.
      response.destroy();
    }
  };
}

/** Asks for a file in words that sirv reads rightly. */
function prepareRequest(request: IncomingMessage, { path, size, modified }: FoundFile): void {
  const { method, headers } = request;
  const mayBePart = method === "GET" && mayContinue(headers["if-range"] as string | undefined, modified);
  const range = mayBePart ? plainRange(headers.range, size) : null;
  delete headers["if-none-match"];
  delete headers.range;
  if (range !== null) headers.range = range;
  request.url = encodeURI(path);
  // Where servers keep the parts of a URL that was read already. Names may have "?" and "#" in them.
  Object.assign(request, { _parsedUrl: { raw: request.url, pathname: request.url } });
}

/** Waits for the head that sirv makes, to complete it and to hold it against the conditions of the request. */
function reviewHead(
  request: IncomingMessage,
  response: ServerResponse,
  representation: Representation,
): { readonly hasBody: () => boolean } {
  const { writeHead } = response;
  // sirv is not told about them.
  const conditions = { ...request.headers };
  let hasBody = request.method !== "HEAD";
  const review = (status: number, head?: OutgoingHttpHeaders): ServerResponse => {
    response.writeHead = writeHead;
    // Only a range that cannot be had (status 416) has none.
    if (head === undefined) return response.writeHead(status);
    const complete = completedHead(head, representation);
    if (!isNotModified(conditions, head)) return response.writeHead(status, complete);
    hasBody = false;
    return response.writeHead(304, without(complete, ABOUT_THE_BODY));
  };
  response.writeHead = review as typeof writeHead;
  return { hasBody: () => hasBody };
}

/** What a response without a body need not say (RFC 9110 section 15.4.5). */
const ABOUT_THE_BODY: readonly string[] = [
  "Content-Length",
  "Content-Type",
  "Content-Encoding",
  "Content-Range",
];

/** What sirv's head lacks, or has too much of. */
function completedHead(head: OutgoingHttpHeaders, representation: Representation): OutgoingHttpHeaders {
  const { file, coding, varies } = representation;
  const type = String(head["Content-Type"]);
  // A compressed file that was asked for by its own name is no other file in a coding.
  const isArchive = coding === null && /\.(gz|br)$/.test(file.path);
  return {
    ...without(head, ["Content-Encoding"]),
    ...(coding === null ? {} : { "Content-Encoding": coding }),
    ...(varies ? { Vary: "Accept-Encoding" } : {}),
    "Accept-Ranges": "bytes",
    "Content-Type": isArchive ? typeOfCompressed(file.path) : completedType(type),
    "X-Content-Type-Options": "nosniff",
  };
}

function without(head: OutgoingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(head).filter(([name]) => !names.includes(name)));
}

function typeOfCompressed(path: string): string {
  return path.endsWith(".gz") ? "application/gzip" : "application/octet-stream";
}

/** Text without a charset would be read by the habits of the reader's country. */
function completedType(type: string): string {
  if (type === "") return "application/octet-stream";
  return type.startsWith("text/") && !type.includes("charset") ? `${type};charset=utf-8` : type;
}

/** What sirv leaves to chance: a file that fails while it is read, a client that goes, and an answer without a body. */
function guard(response: ServerResponse, file: Readable, hasBody: () => boolean): void {
  file.on("error", () => response.destroy());
  response.on("close", () => file.destroy());
  if (hasBody()) return;
  file.destroy();
  response.end();
}
