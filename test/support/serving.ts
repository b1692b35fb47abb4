import { createHash } from "node:crypto";
import { once } from "node:events";
import http2 from "node:http2";
import net from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { type ClientSession, type ConnectOptions, connect } from "../../src/http/client.ts";
import { createServer, type Listener, type Server, type ServerOptions } from "../../src/http/server.ts";
import { certificate } from "./certificate.ts";
import { FramePeer } from "./frame-peer.ts";
import { listen } from "./sockets.ts";

/** A server of ours on a free port of the loopback, for the rest of the test. */
export async function serve(listener: Listener, options: ServerOptions = {}): Promise<Server> {
  const server = createServer(options, listener).listen(0, "127.0.0.1");
  onTestFinished(() => server.shutdown({ deadline: 0 }));
  await once(server, "listening");
  return server;
}

/** The same with TLS, and the certificate that `connectTo` trusts. */
export async function serveTls(listener: Listener, options: ServerOptions = {}): Promise<Server> {
  return serve(listener, { tls: await certificate(), ...options });
}

/** A session of our client, for the rest of the test. */
export async function connectTo(
  origin: string | { readonly url: string },
  options: ConnectOptions = {},
): Promise<ClientSession> {
  const url = typeof origin === "string" ? origin : origin.url;
  const { cert } = await certificate();
  const session = await connect(url, { tls: { ca: cert }, ...options });
  onTestFinished(() => {
    void session.close();
  });
  return session;
}

/** A session of node:http2's client, for the rest of the test. */
export async function nodeClient(server: { readonly url: string }): Promise<http2.ClientHttp2Session> {
  const { cert } = await certificate();
  const session = http2.connect(server.url, { ca: cert });
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  return session;
}

/** What a request of node:http2 was answered. */
export interface NodeAnswer {
  readonly head: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader;
  readonly informational: http2.IncomingHttpHeaders[];
  readonly body: Buffer;
  readonly trailers: http2.IncomingHttpHeaders;
}

/** One request of node:http2 and its whole answer. */
export async function nodeRequest(
  session: http2.ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders,
  body?: Uint8Array,
): Promise<NodeAnswer> {
  const stream = session.request(headers, { endStream: body === undefined });
  const informational: http2.IncomingHttpHeaders[] = [];
  let trailers: http2.IncomingHttpHeaders = {};
  stream.on("headers", (fields) => informational.push(fields));
  stream.on("trailers", (fields) => {
    trailers = fields;
  });
  const head = new Promise<NodeAnswer["head"]>((resolve, reject) => {
    stream.on("response", resolve).on("error", reject);
  });
  if (body !== undefined) stream.end(body);
  return { head: await head, informational, body: await buffer(stream), trailers };
}

/** A peer that speaks in frames to a server with prior knowledge, for the rest of the test. */
export async function framePeer(server: { readonly port: number }): Promise<FramePeer> {
  const socket = net.connect({ port: server.port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  onTestFinished(() => {
    socket.destroy();
  });
  return new FramePeer(socket);
}

/** A server that speaks in frames with one client, for the rest of the test: what the client reaches, and the peer. */
export async function frameServer(): Promise<{ readonly url: string; readonly peer: Promise<FramePeer> }> {
  let accept = (_peer: FramePeer): void => {};
  const peer = new Promise<FramePeer>((resolve) => {
    accept = resolve;
  });
  const port = await listen(
    net.createServer({ noDelay: true, allowHalfOpen: true }, (socket) => accept(new FramePeer(socket, true))),
  );
  return { url: `http://127.0.0.1:${port}`, peer };
}

export function sha256(octets: Uint8Array | string): string {
  return createHash("sha256").update(octets).digest("hex");
}

/** Answers with the method, the path and the body's hash. */
export const hashing: Listener = async (request, response) => {
  const body = await buffer(request);
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({ method: request.method, url: request.url, length: body.length, sha256: sha256(body) }),
  );
};

/** Answers 200 and the path. */
export const echoPath: Listener = (request, response) => {
  response.end(request.url);
};
