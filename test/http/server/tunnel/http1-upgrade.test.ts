import { once } from "node:events";
import net from "node:net";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import type { Server, ServerOptions } from "../../../../src/http/server.ts";
import { certificate } from "../../../support/certificate.ts";
import { FramePeer, HELLO } from "../../../support/frame-peer.ts";
import { readUntil } from "../../../support/sockets.ts";
import { upgradeRequest } from "../../../support/upgrade-request.ts";
import { message, serveTunnels, WAYS, type Way, webSocketTo } from "./support.ts";

const HTTP1 = WAYS[0] as Way;

/** A server with `ws` attached, and the values of Upgrade in requests that have reached it. */
async function serveBoth(options: ServerOptions): Promise<{ server: Server; reached: string[] }> {
  const reached: string[] = [];
  const server = await serveTunnels((node) => {
    new WebSocketServer({ server: node }).on("connection", (socket) => socket.send("welcome"));
    node.on("upgrade", (request) => reached.push(request.headers.upgrade ?? ""));
  }, options);
  return { server, reached };
}

/** Sends text to a port of ours. */
function send(server: Server, request: string): net.Socket {
  const socket = net.connect({ port: server.port, host: "127.0.0.1" });
  socket.write(request);
  return socket;
}

/** The request of curl --http2. */
const H2C = upgradeRequest({ line: "GET / HTTP/1.1", more: "User-Agent: curl/8.5.0\r\nAccept: */*\r\n" });

describe("a port with a WebSocket server, where Upgrade to h2c is", () => {
  it("ignored: answers such a request in HTTP/1.1 (RFC 9110 section 7.8)", async () => {
    const { server, reached } = await serveBoth({ upgrade: "ignore" });
    expect(await readUntil(send(server, H2C), "no tunnel")).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(reached).toEqual([]);
  });

  it("accepted: answers it on stream 1 of HTTP/2 (RFC 7540 section 3.2)", async () => {
    const { server, reached } = await serveBoth({ upgrade: "accept" });
    const socket = send(server, H2C);
    const head = await readUntil(socket, "\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 101 .*\r\n(.*\r\n)*Upgrade: h2c/i);
    const peer = new FramePeer(socket);
    socket.unshift(Buffer.from(head.slice(head.indexOf("\r\n\r\n") + 4), "latin1"));
    socket.resume();
    peer.send(HELLO);
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=200");
    expect(reached).toEqual([]);
  });

  it("rejected: refuses it with status 400", async () => {
    const { server, reached } = await serveBoth({ upgrade: "reject" });
    expect(await text(send(server, H2C))).toMatch(/^HTTP\/1\.1 400 /);
    expect(reached).toEqual([]);
  });

  it.each(["ignore", "accept", "reject"] as const)(
    "%sed: opens WebSockets in HTTP/1.1 all the same",
    async (upgrade) => {
      const { server, reached } = await serveBoth({ upgrade });
      expect((await message(await webSocketTo(HTTP1, server))).toString()).toBe("welcome");
      expect(reached).toEqual(["websocket"]);
    },
  );

  it("ignored: answers such a request behind another one on the same connection, too", async () => {
    const { server, reached } = await serveBoth({});
    const socket = send(server, `GET / HTTP/1.1\r\nHost: a\r\n\r\n`);
    await readUntil(socket, "no tunnel");
    socket.write(H2C);
    expect(await readUntil(socket, "no tunnel")).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(reached).toEqual([]);
    socket.destroy();
  });

  it("offered in TLS: answers it in HTTP/1.1, as it is for cleartext only (RFC 7540 section 3.2)", async () => {
    const { server, reached } = await serveBoth({ upgrade: "accept", tls: await certificate() });
    const socket = tls.connect({ port: server.port, host: "localhost", ca: (await certificate()).cert });
    await once(socket, "secureConnect");
    socket.write(H2C);
    expect(await readUntil(socket, "no tunnel")).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(reached).toEqual([]);
    socket.destroy();
  });
});

describe("servers in one process", () => {
  it("have upgrade listeners of their own, each for its port", async () => {
    const [first, second] = await Promise.all([serveBoth({}), serveBoth({})]);
    await message(await webSocketTo(HTTP1, first.server));
    expect([first.reached, second.reached]).toEqual([["websocket"], []]);
  });

  it("give CONNECT in HTTP/1.1 to the same listeners as in HTTP/2 (RFC 9110 section 9.3.6)", async () => {
    const server = await serveTunnels((node) =>
      node.on("connect", (request, socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\nto ${request.url}`)),
    );
    const socket = send(server, "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n");
    expect(await text(socket)).toBe("HTTP/1.1 200 OK\r\n\r\nto example.com:443");
  });
});
