import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as http2 from "node:http2";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { patternOctets, sha256 } from "./octets.ts";
import type { Account, SubjectServer, SubjectServerOptions } from "./subject.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** STAND-IN for our server, on Node's own. It knows no Upgrade. */
export async function startStandInServer(options: SubjectServerOptions): Promise<SubjectServer> {
  const sockets = new Set<Socket>();
  const server = options.tls === undefined ? cleartextServer(options) : tlsServer(options);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.address() as AddressInfo).port;
  return {
    url: options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    port,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function tlsServer(options: SubjectServerOptions): Server {
  const { key, cert } = options.tls as { key: string; cert: string };
  const { ciphers } = options;
  const tlsOptions = { key, cert, allowHTTP1: true, ...(ciphers === undefined ? {} : { ciphers }) };
  const server = http2.createSecureServer(tlsOptions, handler(options) as never);
  return server as unknown as Server;
}

/** Prior knowledge and HTTP/1.1 on one port: the first octets decide. */
function cleartextServer(options: SubjectServerOptions): Server {
  const http1Server = createServer(handler(options));
  const http2Server = http2.createServer(handler(options) as never);
  return createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("readable", () => {
      const chunk = (socket.read() ?? Buffer.alloc(0)) as Buffer;
      const target = chunk.toString("latin1").startsWith("PRI") ? http2Server : http1Server;
      socket.unshift(chunk);
      target.emit("connection", socket);
    });
  });
}

function handler(options: SubjectServerOptions): Handler {
  return (request, response) => void respond(request, options, response);
}

async function respond(
  request: IncomingMessage,
  options: SubjectServerOptions,
  response: ServerResponse,
): Promise<void> {
  const page = options.pages?.get(request.url ?? "");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (page === undefined) await answer(request, Buffer.concat(chunks), options, response);
  else response.writeHead(200, { "content-type": "text/html" }).end(page);
}

async function answer(
  request: IncomingMessage,
  body: Buffer,
  options: SubjectServerOptions,
  response: ServerResponse,
): Promise<void> {
  const query = new URL(request.url ?? "/", "http://localhost").searchParams;
  const size = query.get("size");
  await delay(Number(query.get("delay") ?? 0));
  const octets =
    size === null
      ? Buffer.from(JSON.stringify(accountOf(request, body, options)))
      : patternOctets(Number(size));
  response.writeHead(Number(query.get("status") ?? 200), {
    "content-type": size === null ? "application/json" : "application/octet-stream",
    "content-length": octets.length,
  });
  response.end(request.method === "HEAD" ? undefined : octets);
}

function accountOf(request: IncomingMessage, body: Buffer, options: SubjectServerOptions): Account {
  const isHttp2 = request.httpVersionMajor === 2;
  const way = options.tls === undefined ? "prior-knowledge" : "alpn";
  return {
    protocol: isHttp2 ? "HTTP/2" : "HTTP/1.1",
    negotiated: isHttp2 ? way : "http/1.1",
    method: request.method ?? "",
    path: request.url ?? "",
    fields: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    bodyLength: body.length,
    sha256: sha256(body),
  };
}
