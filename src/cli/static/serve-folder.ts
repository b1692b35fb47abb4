import { existsSync, realpathSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { ExitCode } from "../exit-code.ts";
import { CommandFailure } from "../failure.ts";
import type { Handler } from "../request-log.ts";
import { type Found, find, NO_SUCH_FILE } from "./find-file.ts";
import { isNavigation } from "./navigation.ts";
import { fileSender } from "./send-file.ts";
import { sendListing } from "./send-listing.ts";

export interface FolderOptions {
  /** Whether a folder without `index.html` is listed. */
  readonly listing: boolean;
  /** Whether the `index.html` of the folder answers for pages that are not there. */
  readonly spa: boolean;
}

/**
 * Answers with the files of a folder, as they are when they are asked for.
 *
 * @throws CommandFailure when there is no such folder, or for an application of one page no such page.
 */
export function serveFolder(folder: string, options: FolderOptions): Handler {
  const root = realFolder(folder);
  if (options.spa && !existsSync(join(root, "index.html"))) {
    throw new CommandFailure(ExitCode.READ, `there is no index.html in ${folder}, which --spa needs`);
  }
  const sendFile = fileSender(root);
  return async (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      answer(response, 405, "Only GET and HEAD are answered here.", { allow: "GET, HEAD" });
      return;
    }
    const found = lookUp(root, request, options);
    if (found.kind === "file") sendFile(request, response, found);
    else if (found.kind === "redirect") answer(response, 308, "See there.", { location: found.location });
    else if (found.kind === "refused") answer(response, found.status, found.sentence);
    else await list(root, found.segments, request, response);
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

/** What is found, or stands in for what is not. */
function lookUp(root: string, request: IncomingMessage, { listing, spa }: FolderOptions): Found {
  const found = find(root, request.url ?? "/");
  const isMissing = found.kind === "folder" || (found.kind === "refused" && found.status === 404);
  if (isMissing && spa && isNavigation(request)) return find(root, "/index.html");
  return found.kind === "folder" && (spa || !listing) ? NO_SUCH_FILE : found;
}

async function list(
  root: string,
  segments: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await sendListing(root, segments, request, response);
  } catch {
    // It has gone in between, or is not for us.
    answer(response, NO_SUCH_FILE.status, NO_SUCH_FILE.sentence);
  }
}

function answer(
  response: ServerResponse,
  status: number,
  sentence: string,
  fields: Record<string, string> = {},
): void {
  const text = `${sentence}\n`;
  response.writeHead(status, { ...fields, "content-type": "text/plain", "content-length": text.length });
  response.end(text);
}
