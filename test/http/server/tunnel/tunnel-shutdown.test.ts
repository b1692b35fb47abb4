import { once } from "node:events";
import { beforeAll, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { Server } from "../../../../src/http/server.ts";
import { certificate } from "../../../support/certificate.ts";
import { closing, serveTunnels, WAYS, type Way, webSocketTo } from "./support.ts";

// The first key takes long where many programs run.
beforeAll(certificate, 60_000);

/** A server with one WebSocket, and its client. */
async function connected(way: Way): Promise<{ server: Server; sockets: WebSocketServer; client: WebSocket }> {
  let sockets: WebSocketServer | undefined;
  const server = await serveTunnels(
    (node) => {
      sockets = new WebSocketServer({ server: node });
    },
    await way.options(),
  );
  const client = await webSocketTo(way, server);
  await once(client, "open");
  return { server, sockets: sockets as WebSocketServer, client };
}

describe.each(WAYS)("shutdown of a server with a WebSocket over $name", (way) => {
  it("waits for the application to close it (RFC 6455 section 7.4.1)", async () => {
    const { server, sockets, client } = await connected(way);
    const closed = closing(client);
    const ended = server.shutdown();
    for (const socket of sockets.clients) socket.close(1001, "going away");
    expect(await closed).toEqual([1001, "going away"]);
    await ended;
    expect(server.stats()).toMatchObject({ connections: 0, streams: 0 });
  });

  it("cuts it off at the deadline", async () => {
    const { server, sockets, client } = await connected(way);
    const [socket] = sockets.clients;
    const closed = [closing(client), closing(socket as WebSocket)];
    await server.shutdown({ deadline: 10 });
    expect(await Promise.all(closed)).toEqual([
      [1006, ""],
      [1006, ""],
    ]);
  });

  it("carries messages until then", async () => {
    const { server, sockets, client } = await connected(way);
    const ended = server.shutdown();
    const [socket] = sockets.clients as Iterable<WebSocket>;
    const received = once(socket as WebSocket, "message");
    client.send("still here");
    expect(String((await received)[0])).toBe("still here");
    client.close();
    await ended;
  });

  it("is what `close` waits for, too", async () => {
    const { server, client } = await connected(way);
    let isClosed = false;
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        isClosed = true;
        resolve();
      });
    });
    await once(client.ping() ?? client, "pong");
    expect(isClosed).toBe(false);
    client.close();
    await closed;
  });
});
