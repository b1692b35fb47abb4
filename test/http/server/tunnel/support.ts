import { once } from "node:events";
import type { ClientHttp2Session } from "node:http2";
import { onTestFinished } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { createServer, type Server, type ServerOptions } from "../../../../src/http/server.ts";
import { certificate } from "../../../support/certificate.ts";
import { ExtendedConnectSocket } from "../../../support/extended-connect-socket.ts";
import { type FramePeer, HELLO } from "../../../support/frame-peer.ts";
import { type FieldBlockBuilder, frames } from "../../../support/frames.ts";
import { framePeer, nodeClient } from "../../../support/serving.ts";

/** A way for a WebSocket client to a server. */
export interface Way {
  readonly name: string;
  readonly isHttp2: boolean;
  readonly options: () => Promise<ServerOptions>;
  /** What `ws` is to be told, for a server that was started with the options. */
  readonly clientOptions: (server: Server) => Promise<ClientOptions>;
}

async function secure(): Promise<ServerOptions> {
  return { tls: await certificate() };
}

async function overHttp2(server: Server): Promise<ClientOptions> {
  const session = await readyClient(server);
  return { createConnection: () => new ExtendedConnectSocket(session) as never };
}

export const WAYS: readonly Way[] = [
  { name: "HTTP/1.1", isHttp2: false, options: async () => ({}), clientOptions: async () => ({}) },
  {
    name: "HTTP/1.1 and TLS",
    isHttp2: false,
    options: secure,
    clientOptions: async () => ({ ca: (await certificate()).cert }),
  },
  { name: "HTTP/2", isHttp2: true, options: async () => ({}), clientOptions: overHttp2 },
  { name: "HTTP/2 and TLS", isHttp2: true, options: secure, clientOptions: overHttp2 },
];

/** A session of node:http2's client that knows what the server allows. */
export async function readyClient(server: Server): Promise<ClientHttp2Session> {
  const session = await nodeClient(server);
  if (!session.remoteSettings?.enableConnectProtocol) await once(session, "remoteSettings");
  return session;
}

/** A server whose requests other than tunnels get status 200, for the rest of the test. */
export async function serveTunnels(
  prepare: (server: Server) => void,
  options: ServerOptions = {},
): Promise<Server> {
  const server = createServer(options, (_request, response) => response.end("no tunnel"));
  prepare(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.shutdown({ deadline: 0 }));
  return server;
}

/** A WebSocket client for the rest of the test, which may be open or not. */
export async function webSocketTo(
  way: Way,
  server: Server,
  path = "/",
  protocols: string[] = [],
  options: ClientOptions = {},
): Promise<WebSocket> {
  const clientOptions = await way.clientOptions(server);
  const socket = new WebSocket(`${server.url.replace("http", "ws")}${path}`, protocols, {
    ...clientOptions,
    ...options,
  });
  socket.on("error", () => {});
  onTestFinished(() => socket.terminate());
  return socket;
}

/** How a WebSocket ended. */
export async function closing(socket: WebSocket): Promise<[code: number, reason: string]> {
  const [code, reason] = (await once(socket, "close")) as [number, Buffer];
  return [code, reason.toString()];
}

/** The next message. */
export async function message(socket: WebSocket): Promise<Buffer> {
  const [data] = (await once(socket, "message")) as [Buffer];
  return data;
}

/** A peer that speaks in frames and has begun, to a server with listeners. */
export async function framesTo(server: Server): Promise<FramePeer> {
  const peer = await framePeer(server);
  peer.send(HELLO);
  return peer;
}

/** Extended CONNECT for a WebSocket. */
export function webSocketRequest(streamId: number, path = "/chat"): FieldBlockBuilder {
  return protocolRequest(streamId, "websocket", path).field("sec-websocket-version", "13");
}

/** Extended CONNECT for any protocol. */
export function protocolRequest(streamId: number, protocol: string, path = "/chat"): FieldBlockBuilder {
  return frames.headers(streamId).request("CONNECT", path).field(":protocol", protocol);
}

/** CONNECT as it always was. */
export function connectRequest(streamId: number, authority = "example.com:443"): FieldBlockBuilder {
  return frames.headers(streamId).field(":method", "CONNECT").field(":authority", authority);
}
