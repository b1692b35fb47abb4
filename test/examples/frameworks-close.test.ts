import http, { type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import express, { type Express } from "express";
import { describe, expect, it, vi } from "vitest";
import { connectTo, serve } from "../support/serving.ts";

/** An application whose answer to `/slow` waits, and what lets it go on. */
function slowApp(): { app: Express; arrived: Promise<void>; release: () => void } {
  const app = express();
  let release = (): void => {};
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  app.get("/", (_request, response) => void response.send("at once"));
  app.get("/slow", (_request, response) => {
    release = () => void response.send("late");
    arrive();
  });
  return { app, arrived, release: () => release() };
}

/** `close` as a promise of its callback. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
}

/** The open connections of a server, as tools that end servers note them. */
function connectionsOf(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return sockets;
}

/** How http-terminator and http-graceful-shutdown find out whether a request is under way on a connection. */
function isBusy(socket: Socket): boolean {
  const { _httpMessage } = socket as Socket & { _httpMessage?: ServerResponse | null };
  return _httpMessage !== undefined && _httpMessage !== null;
}

const WAYS = ["http/1.1", "prior-knowledge"] as const;

describe.each(WAYS)("close of a server with an application of Express, by %s", (negotiation) => {
  it("ends connections that are idle, and then calls back", async () => {
    const server = await serve(slowApp().app);
    const session = await connectTo(server, { negotiation });
    expect(await (await session.request()).text()).toBe("at once");
    await closed(server);
    await vi.waitUntil(() => server.stats().connections === 0);
  });

  it("calls back when the last request was answered, and not before", async () => {
    const { app, arrived, release } = slowApp();
    const server = await serve(app);
    const session = await connectTo(server, { negotiation });
    const response = session.request({ path: "/slow" });
    await arrived;
    const called = vi.fn();
    const done = closed(server).then(called);
    // A connection that is refused shows that the server has stopped listening.
    await expect(fetch(server.url)).rejects.toThrow();
    expect(called).not.toHaveBeenCalled();
    release();
    expect(await (await response).text()).toBe("late");
    await done;
  });

  it("lets requests finish where a tool cuts off the connections that seem idle", async () => {
    const { app, arrived, release } = slowApp();
    const server = await serve(app);
    const sockets = connectionsOf(server);
    const [idle, busy] = [await connectTo(server, { negotiation }), await connectTo(server, { negotiation })];
    for (const session of [idle, busy]) await (await session.request()).text();
    const response = busy.request({ path: "/slow" });
    await arrived;
    const done = closed(server);
    for (const socket of sockets) if (!isBusy(socket)) socket.destroy();
    release();
    expect(await (await response).text()).toBe("late");
    await done;
  });

  it("calls back when a tool has noted the connections, and cuts them off", async () => {
    const { app, arrived } = slowApp();
    const server = await serve(app);
    const sockets = connectionsOf(server);
    const session = await connectTo(server, { negotiation });
    const failed = expect(session.request({ path: "/slow" })).rejects.toMatchObject({
      code: "CONNECTION_LOST",
    });
    await arrived;
    const done = closed(server);
    for (const socket of sockets) socket.destroy();
    await Promise.all([failed, done]);
    expect(sockets.size).toBe(0);
  });
});

describe("a tool that ends the socket behind each response", () => {
  it("does no harm to the other requests of a connection of HTTP/2", async () => {
    const server = await serve(slowApp().app);
    server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
      response.on("finish", () => socket.end());
    });
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    expect(await (await session.request()).text()).toBe("at once");
    expect(await (await session.request()).text()).toBe("at once");
    await closed(server);
  });
});

describe("the error of a close", () => {
  it("is given to the callback of a server that does not listen, as with node:http", async () => {
    const server = await serve(slowApp().app);
    await closed(server);
    await expect(closed(server)).rejects.toMatchObject({ code: "ERR_SERVER_NOT_RUNNING" });
    await expect(closed(http.createServer())).rejects.toMatchObject({ code: "ERR_SERVER_NOT_RUNNING" });
  });
});
