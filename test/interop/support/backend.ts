import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Workspace } from "./workspace.ts";

/** An HTTP/1.1 server that proxies have behind them: the site's files, and what is posted goes back. */
export interface Backend {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startBackend(workspace: Workspace): Promise<Backend> {
  const files = await readSite(workspace);
  const server = createServer((request, response) => void answer(files, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  files: ReadonlyMap<string, Uint8Array>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const posted = await readBody(request);
  const body = request.method === "POST" ? posted : files.get(request.url ?? "");
  response.writeHead(body === undefined ? 404 : 200, { "content-length": body?.length ?? 0 });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function readSite({ site }: Workspace): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const { path } of [site.hello, site.large])
    files.set(path, await readFile(join(site.directory, path)));
  return files;
}

// The whole body, before a word of the answer: a proxy that first sends everything and only then
// reads would wait for us while we wait for it.
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
