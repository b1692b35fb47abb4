import { once } from "node:events";
import http, { type IncomingMessage, ServerResponse } from "node:http";
import net from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocketServer } from "ws";
import { certificate } from "../../../support/certificate.ts";
import { listen } from "../../../support/sockets.ts";
import { closing, message, serveTunnels, WAYS, webSocketTo } from "./support.ts";

// The first key takes long where many programs run.
beforeAll(certificate, 60_000);

/** Hands a request for Upgrade on, and then every octet both ways, as a proxy does that knows nothing of HTTP/2. */
function forward(request: IncomingMessage, socket: Duplex, port: number): void {
  const lines = [`${request.method} ${request.url} HTTP/1.1`];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    lines.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`);
  }
  const other = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  other.write(`${lines.join("\r\n")}\r\n\r\n`);
  other.pipe(socket).pipe(other);
  other.on("error", () => socket.destroy());
  socket.on("error", () => other.destroy());
}

/** Answers with a response object of `node:http`, as frameworks do whose routes serve both. */
function respond(request: IncomingMessage, socket: Duplex): void {
  const response = new ServerResponse(request);
  response.assignSocket(socket as net.Socket);
  response.on("finish", () => socket.destroy());
  response.writeHead(404, { "content-type": "text/plain" });
  response.write("there is ");
  response.end("no such room");
}

/** What a WebSocket client was answered that got none. */
async function refusal(
  socket: Awaited<ReturnType<typeof webSocketTo>>,
): Promise<[status: number, body: string]> {
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
  return [response.statusCode ?? 0, await text(response)];
}

describe.each(WAYS)('a listener of "upgrade" for WebSockets over $name', (way) => {
  it("may be a proxy to a server of HTTP/1.1", async () => {
    const behind = http.createServer();
    new WebSocketServer({ server: behind }).on("connection", (socket) => {
      socket.on("message", (data) => socket.send(`got ${data}`));
      socket.on("close", (code) => behind.emit("over", code));
    });
    const port = await listen(behind);
    const server = await serveTunnels(
      (node) => node.on("upgrade", (request, socket) => forward(request, socket, port)),
      await way.options(),
    );
    const client = await webSocketTo(way, server, "/chat");
    await once(client, "open");
    client.send("hello");
    expect((await message(client)).toString()).toBe("got hello");
    const over = once(behind, "over");
    const closed = closing(client);
    client.close(4321, "enough");
    expect([await closed, await over]).toEqual([[4321, "enough"], [4321]]);
    await vi.waitUntil(() => server.stats().streams === 0);
  });

  it("may be a proxy whose server refuses, and keeps its connection", async () => {
    const behind = http.createServer();
    behind.on("upgrade", (_request, socket) => {
      socket.write("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n");
      socket.write("5\r\nno ro\r\n2\r\nom\r\n0\r\n\r\n");
    });
    const port = await listen(behind);
    const server = await serveTunnels(
      (node) => node.on("upgrade", (request, socket) => forward(request, socket, port)),
      await way.options(),
    );
    expect(await refusal(await webSocketTo(way, server))).toEqual([404, "no room"]);
  });

  it("may answer with a `ServerResponse`, as frameworks do", async () => {
    const server = await serveTunnels((node) => node.on("upgrade", respond), await way.options());
    expect(await refusal(await webSocketTo(way, server))).toEqual([404, "there is no such room"]);
  });

  it("may be asynchronous, and let the client wait", async () => {
    const sockets = new WebSocketServer({ noServer: true });
    const server = await serveTunnels(
      (node) =>
        node.on("upgrade", (request, socket, head) => {
          void Promise.resolve()
            .then(() => new Promise(setImmediate))
            .then(() => sockets.handleUpgrade(request, socket, head, (open) => open.send("welcome")));
        }),
      await way.options(),
    );
    expect((await message(await webSocketTo(way, server))).toString()).toBe("welcome");
  });
});
