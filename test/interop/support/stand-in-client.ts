import { once } from "node:events";
import * as http from "node:http";
import * as http2 from "node:http2";
import * as https from "node:https";
import type { SubjectClient, SubjectClientOptions, SubjectRequest, SubjectResponse } from "./subject.ts";

/** STAND-IN for our client, on Node's own. It cannot ask for an Upgrade. */
export function connectStandIn(options: SubjectClientOptions): SubjectClient {
  if (options.way === "upgrade") {
    const refuse = (): Promise<never> => Promise.reject(new Error("The stand-in cannot ask for an Upgrade."));
    return { request: refuse, close: () => Promise.resolve() };
  }
  return options.way === "http/1.1" ? connectHttp1(options) : connectHttp2(options);
}

function connectHttp1({ origin, ca }: SubjectClientOptions): SubjectClient {
  const { request } = origin.startsWith("https:") ? https : http;
  return {
    request: async ({ path, method = "GET", headers = {}, body }) => {
      const trust = ca === undefined ? {} : { ca };
      const outgoing = request(`${origin}${path}`, { method, headers, agent: false, ...trust });
      outgoing.end(body);
      const [incoming] = (await once(outgoing, "response")) as [http.IncomingMessage];
      const received = await readAll(incoming);
      const status = incoming.statusCode as number;
      return { status, headers: toHeaders(incoming.headers), body: received, protocol: "HTTP/1.1" };
    },
    close: () => Promise.resolve(),
  };
}

function connectHttp2({ origin, ca }: SubjectClientOptions): SubjectClient {
  // Node counts bodies that wait to be sent, and refuses responses when they are more than ten megabytes.
  const limits = { maxSessionMemory: 64 };
  const session = http2.connect(origin, ca === undefined ? limits : { ca, ...limits });
  const failed = new Promise<never>((_resolve, reject) => session.on("error", reject));
  failed.catch(() => {});
  return {
    request: (request) => Promise.race([failed, requestHttp2(session, request)]),
    close: () => {
      if (session.destroyed) return Promise.resolve();
      return new Promise((resolve) => session.close(resolve));
    },
  };
}

async function requestHttp2(
  session: http2.ClientHttp2Session,
  { path, method = "GET", headers = {}, body }: SubjectRequest,
): Promise<SubjectResponse> {
  const length = body === undefined ? {} : { "content-length": body.length };
  const fields = { ...length, ...headers, ":path": path, ":method": method };
  const stream = session.request(fields, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [head] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  const received = await readAll(stream);
  // A server may answer without reading the body to its end; Node would keep the stream open for it.
  stream.destroy();
  return {
    status: Number(head[":status"]),
    headers: toHeaders(head),
    body: received,
    protocol: "HTTP/2",
  };
}

function toHeaders(fields: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const pairs = Object.entries(fields).filter(([name]) => !name.startsWith(":"));
  return new Headers(pairs.map(([name, value]): [string, string] => [name, String(value)]));
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
