import { realpathSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import sirv from "sirv";
import { ExitCode } from "./exit-code.ts";
import { CommandFailure } from "./failure.ts";
import { findFile } from "./static-path.ts";

/**
 * Answers with the files of a folder, as they are when they are asked for. sirv adds type, ETag and ranges; what is
 * asked for, and whether it may be had, is decided before.
 *
 * @throws CommandFailure when there is no such folder.
 */
export function serveFolder(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  const root = realFolder(folder);
  const sendFile = sirv(root, {
    dev: true,
    etag: true,
    extensions: [],
    setHeaders: (response) => void response.setHeader("x-content-type-options", "nosniff"),
  });
  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      refuse(response, 405, "Only GET and HEAD are answered here.", { allow: "GET, HEAD" });
      return;
    }
    const found = findFile(root, request.url ?? "/");
    if (found.kind === "refused") refuse(response, found.status, found.sentence);
    else if (found.kind === "redirect") refuse(response, 308, "See there.", { location: found.location });
    else send(request, response, found.path, sendFile);
  };
}

function realFolder(folder: string): string {
  try {
    const root = realpathSync(folder);
    if (statSync(root).isDirectory()) return root;
  } catch (error) {
    throw new CommandFailure(ExitCode.READ, `there is no folder ${folder}`, { cause: error });
  }
  throw new CommandFailure(ExitCode.READ, `${folder} is not a folder`);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  sendFile: ReturnType<typeof sirv>,
): void {
  request.url = path;
  if (!isPlainRange(request)) delete request.headers.range;
  response.on("pipe", (file: Readable) => guard(request, response, file));
  try {
    sendFile(request, response);
  } catch {
    // The file went away in between.
    response.destroy();
  }
}

/** Whether the range is of the kind that sirv reads rightly. A server may ignore every other (RFC 9110 section 14.2). */
function isPlainRange(request: IncomingMessage): boolean {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(request.headers.range ?? "") ?? [];
  if (request.method !== "GET" || first === undefined) return false;
  return last === undefined || (Number(first) <= Number(last) && Number(last) > 0);
}

/** What sirv leaves to chance: a file that fails while it is read, a client that goes, and HEAD. */
function guard(request: IncomingMessage, response: ServerResponse, file: Readable): void {
  file.on("error", () => response.destroy());
  response.on("close", () => file.destroy());
  if (request.method === "HEAD") {
    file.destroy();
    response.end();
  }
}

function refuse(
  response: ServerResponse,
  status: number,
  sentence: string,
  fields: Record<string, string> = {},
): void {
  const text = `${sentence}\n`;
  response.writeHead(status, {
    ...fields,
    "content-type": "text/plain",
    "content-length": String(text.length),
  });
  response.end(text);
}
