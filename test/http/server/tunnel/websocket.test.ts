import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { requestInfo, type Server } from "../../../../src/http/server.ts";
import { certificate } from "../../../support/certificate.ts";
import { closing, message, serveTunnels, WAYS, type Way, webSocketTo } from "./support.ts";

// The first key takes long where many programs run.
beforeAll(certificate, 60_000);

/** A server whose WebSockets are given to `accept`, each with its request. */
async function serveWebSockets(
  way: Way,
  accept: (socket: WebSocket, request: IncomingMessage) => void,
  options: ServerOptions = {},
): Promise<Server> {
  return serveTunnels(
    (server) => {
      new WebSocketServer({ server, ...options }).on("connection", accept);
    },
    await way.options(),
  );
}

const echo = (socket: WebSocket): void => {
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
};

/** Both ends of a WebSocket. */
async function connected(
  way: Way,
  options: ServerOptions = {},
): Promise<[client: WebSocket, server: WebSocket]> {
  let accept = (_socket: WebSocket): void => {};
  const accepted = new Promise<WebSocket>((resolve) => {
    accept = resolve;
  });
  const client = await webSocketTo(way, await serveWebSockets(way, accept, options));
  await once(client, "open");
  return [client, await accepted];
}

describe.each(WAYS)("a WebSocket over $name, to listeners of `ws`", (way) => {
  it("carries messages both ways (RFC 6455 section 6)", async () => {
    const client = await webSocketTo(way, await serveWebSockets(way, echo));
    await once(client, "open");
    client.send("grüß dich");
    expect((await message(client)).toString()).toBe("grüß dich");
    client.send(Uint8Array.of(0, 1, 255));
    expect(await message(client)).toEqual(Buffer.of(0, 1, 255));
  });

  it("answers pings (RFC 6455 section 5.5.2)", async () => {
    const [client, server] = await connected(way);
    server.ping("are you there");
    expect(String((await once(server, "pong"))[0])).toBe("are you there");
    client.ping();
    await once(client, "pong");
  });

  it("shows its request as HTTP/1.1 would, and tells how it came", async () => {
    const requests: IncomingMessage[] = [];
    const server = await serveWebSockets(way, (_socket, request) => requests.push(request));
    const client = await webSocketTo(way, server, "/chat?room=1", [], { headers: { cookie: "a=b; c=d" } });
    await once(client, "open");
    const [request] = requests as [IncomingMessage];
    expect(request).toMatchObject({ method: "GET", url: "/chat?room=1" });
    expect(request.headers).toMatchObject({
      host: new URL(server.url).host,
      cookie: "a=b; c=d",
      upgrade: "websocket",
    });
    expect(request.headers["sec-websocket-key"]).toMatch(/^[\w+/]{22}==$/);
    expect(requestInfo(request)).toMatchObject({ protocol: way.isHttp2 ? "h2" : "http/1.1" });
    expect([request.socket.remoteAddress, request.socket.remotePort]).toEqual([
      "127.0.0.1",
      expect.any(Number),
    ]);
  });

  it.each([1000, 1001, 1003, 1011, 3000, 4000, 4999])(
    "closes with code %i, whichever side begins (RFC 6455 section 7.1.5)",
    async (code) => {
      const [client, server] = await connected(way);
      const closed = [closing(client), closing(server)];
      client.close(code, "the client's reason");
      const expected = [code, "the client's reason"];
      expect(await Promise.all(closed)).toEqual([expected, expected]);
      const [other, otherServer] = await connected(way);
      const otherClosed = [closing(other), closing(otherServer)];
      otherServer.close(code, "the server's reason");
      const otherExpected = [code, "the server's reason"];
      expect(await Promise.all(otherClosed)).toEqual([otherExpected, otherExpected]);
    },
  );

  it("closes with code 1005 where none is said (RFC 6455 section 7.1.5)", async () => {
    const [client, server] = await connected(way);
    server.close();
    expect(await Promise.all([closing(client), closing(server)])).toEqual([
      [1005, ""],
      [1005, ""],
    ]);
  });

  it("closes with code 1006 at both ends if the client cuts it off (RFC 6455 section 7.1.5)", async () => {
    const [client, server] = await connected(way);
    client.terminate();
    expect(await Promise.all([closing(client), closing(server)])).toEqual([
      [1006, ""],
      [1006, ""],
    ]);
  });

  it("closes with code 1006 at both ends if the server cuts it off (RFC 6455 section 7.1.5)", async () => {
    const [client, server] = await connected(way);
    server.terminate();
    expect(await Promise.all([closing(client), closing(server)])).toEqual([
      [1006, ""],
      [1006, ""],
    ]);
  });

  it("loses no message that was sent before the close (RFC 6455 section 7.1.1)", async () => {
    const [client, server] = await connected(way);
    const lengths: number[] = [];
    client.on("message", (data: Buffer) => lengths.push(data.length));
    for (let sent = 1; sent <= 50; sent++) server.send(Buffer.alloc(sent * 1_000));
    server.close(1000);
    expect(await closing(client)).toEqual([1000, ""]);
    expect(lengths).toEqual(Array.from({ length: 50 }, (_, index) => (index + 1) * 1_000));
  });

  it("agrees on a subprotocol (RFC 6455 section 1.9)", async () => {
    const server = await serveWebSockets(way, () => {}, { handleProtocols: () => "superchat" });
    const client = await webSocketTo(way, server, "/", ["chat", "superchat"]);
    await once(client, "open");
    expect(client.protocol).toBe("superchat");
  });

  it("compresses messages (RFC 7692 section 7)", async () => {
    const server = await serveWebSockets(way, echo, { perMessageDeflate: { threshold: 0 } });
    const client = await webSocketTo(way, server, "/", [], { perMessageDeflate: { threshold: 0 } });
    await once(client, "open");
    expect(client.extensions).toBe("permessage-deflate");
    client.send("again and ".repeat(10_000));
    expect((await message(client)).toString()).toBe("again and ".repeat(10_000));
  });

  it("is refused with the status that the application says (RFC 6455 section 4.2.2)", async () => {
    const server = await serveWebSockets(way, () => {}, {
      verifyClient: (_info, answer) => answer(false, 403, "not you", { "x-reason": "unknown" }),
    });
    const client = await webSocketTo(way, server);
    const [, response] = (await once(client, "unexpected-response")) as [unknown, IncomingMessage];
    expect([response.statusCode, response.headers["x-reason"]]).toEqual([403, "unknown"]);
    expect(String((await once(response, "data"))[0])).toBe("not you");
  });

  it("is told whether it came by TLS", async () => {
    const secure: boolean[] = [];
    const server = await serveWebSockets(way, () => {}, {
      verifyClient: (info: { secure: boolean }) => secure.push(info.secure) > 0,
    });
    await once(await webSocketTo(way, server), "open");
    expect(secure).toEqual([way.name.includes("TLS")]);
  });

  it("is given to one of several servers by its path, without a server of its own", async () => {
    const chat = new WebSocketServer({ noServer: true }).on("connection", (socket) => socket.send("chat"));
    const news = new WebSocketServer({ noServer: true }).on("connection", (socket) => socket.send("news"));
    const server = await serveTunnels(
      (node) =>
        node.on("upgrade", (request, socket, head) => {
          const target = request.url === "/chat" ? chat : request.url === "/news" ? news : null;
          if (target === null) socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
          else
            target.handleUpgrade(request, socket, head, (each) => target.emit("connection", each, request));
        }),
      await way.options(),
    );
    expect((await message(await webSocketTo(way, server, "/news"))).toString()).toBe("news");
    expect((await message(await webSocketTo(way, server, "/chat"))).toString()).toBe("chat");
    const [, response] = await once(await webSocketTo(way, server, "/none"), "unexpected-response");
    expect((response as IncomingMessage).statusCode).toBe(404);
  });

  it("carries ten mebibytes both ways, in one message", async () => {
    const client = await webSocketTo(way, await serveWebSockets(way, echo));
    await once(client, "open");
    const octets = randomBytes(10_485_760);
    client.send(octets);
    expect(octets.equals(await message(client))).toBe(true);
  });

  it("waits for a reader that is slow, without keeping what was sent", async () => {
    const [client, server] = await connected(way);
    server.pause();
    const piece = randomBytes(65_536);
    let received = 0;
    server.on("message", (data: Buffer) => {
      received += data.length;
    });
    for (let sent = 0; sent < 160; sent++) client.send(piece);
    await vi.waitUntil(() => client.bufferedAmount > 2_000_000);
    expect(received).toBe(0);
    server.resume();
    await vi.waitUntil(() => received === 160 * piece.length, { timeout: 5_000 });
    expect(client.bufferedAmount).toBe(0);
  });
});

describe("WebSockets over HTTP/2 on one connection", () => {
  const way = WAYS.find(({ name }) => name === "HTTP/2") as Way;

  it("are a hundred side by side (RFC 8441 section 1)", async () => {
    const server = await serveWebSockets(way, echo);
    const options = await way.clientOptions(server);
    const clients = await Promise.all(
      Array.from({ length: 100 }, () => webSocketTo({ ...way, clientOptions: async () => options }, server)),
    );
    await Promise.all(clients.map((client) => once(client, "open")));
    expect(server.stats()).toMatchObject({ http2Connections: 1, streams: 100 });
    const answers = clients.map(message);
    for (const [index, client] of clients.entries()) client.send(`message ${index}`);
    expect((await Promise.all(answers)).map(String)).toEqual(clients.map((_, index) => `message ${index}`));
    const closed = clients.map(closing);
    for (const [index, client] of clients.entries()) client.close(4000 + index);
    expect((await Promise.all(closed)).map(([code]) => code)).toEqual(
      clients.map((_, index) => 4000 + index),
    );
    await vi.waitUntil(() => server.stats().streams === 0);
  });
});
