import http, { type IncomingMessage } from "node:http";
import type { ClientRequestOptions, SendRequest } from "../../../../src/http/client/pool/client-request.ts";
import type { ClientResponse } from "../../../../src/http/client/session/client-session.ts";

/** Sends requests by `node:http`, each over a connection of its own. */
export const http1Send: SendRequest = (url, options) =>
  new Promise((resolve, reject) => {
    const headers = [...(options.headers ?? [])].flat();
    const hasHost = [...(options.headers ?? [])].some(([name]) => name === "host");
    const request = http.request(url, {
      method: options.method ?? "GET",
      headers: hasHost ? headers : ["host", url.host, ...headers],
      agent: false,
      ...(options.signal && { signal: options.signal }),
    });
    request.on("response", (message) => resolve(responseOf(message)));
    request.on("error", reject);
    upload(request, options).catch((error: unknown) => request.destroy(error as Error));
  });

async function upload(request: http.ClientRequest, { body }: ClientRequestOptions): Promise<void> {
  const pieces = typeof body === "function" ? body() : body;
  if (pieces instanceof Uint8Array) request.write(pieces);
  else if (pieces !== undefined) for await (const piece of pieces) request.write(piece);
  request.end();
}

function responseOf(message: IncomingMessage): ClientResponse {
  const bytes = async () => Buffer.concat(await message.toArray());
  return {
    status: message.statusCode ?? 0,
    headers: pairs(message.rawHeaders),
    informational: [],
    protocol: "http/1.1",
    negotiated: "http/1.1",
    body: message,
    bytes,
    text: async () => String(await bytes()),
    trailers: new Promise((resolve) => message.on("end", () => resolve(pairs(message.rawTrailers)))),
  };
}

function pairs(lines: readonly string[]): [string, string][] {
  const fields: [string, string][] = [];
  for (let index = 0; index < lines.length; index += 2) {
    fields.push([(lines[index] as string).toLowerCase(), lines[index + 1] as string]);
  }
  return fields;
}
