import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import tls from "node:tls";
import { describe, expect, it, vi } from "vitest";
import { stopListening } from "../../../../src/http/server/port/node-server.ts";
import { retire } from "../../../../src/http/server/workers/retire.ts";
import { connectTo, echoPath, serve, serveTls } from "../../../support/serving.ts";
import { readAll } from "../../../support/sockets.ts";

describe("stopListening", () => {
  it("takes no new connections, and lets the others go on", async () => {
    const server = await serve(echoPath);
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    const { url } = server;
    stopListening(server);
    stopListening(server);
    await expect(fetch(url)).rejects.toThrow();
    expect(await (await session.request({ path: "/a" })).text()).toBe("/a");
    expect((await session.request({ path: "/b" })).status).toBe(200);
  });
});

describe("retire", () => {
  it("serves a connection that had not said yet what it speaks", async () => {
    const server = await serve(echoPath);
    const socket = net.connect(server.port, "127.0.0.1");
    await vi.waitUntil(() => server.stats().connections === 1);
    const retired = retire(server, 10_000);
    socket.write("GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*Connection: close[\s\S]*\/late$/);
    await retired;
  });

  it("serves a connection whose handshake of TLS had only begun", async () => {
    const server = await serveTls(echoPath);
    const raw = net.connect(server.port, "127.0.0.1");
    await once(server, "connection");
    const retired = retire(server, 10_000);
    const socket = tls.connect({ socket: raw, rejectUnauthorized: false });
    socket.write("GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await readAll(socket)).toContain("/late");
    await retired;
  });

  it("serves a request on a connection of HTTP/1.1 that was idle, and ends it behind (RFC 9112 section 9.6)", async () => {
    const server = await serve(echoPath);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const get = async (path: string): Promise<http.IncomingMessage> => {
      const [response] = await once(http.get(`${server.url || origin}${path}`, { agent }), "response");
      await once((response as http.IncomingMessage).resume(), "end");
      return response as http.IncomingMessage;
    };
    const origin = server.url;
    expect((await get("/1")).headers.connection).toBe("keep-alive");
    const retired = retire(server, 10_000);
    expect((await get("/2")).headers.connection).toBe("close");
    await retired;
    agent.destroy();
  });

  it("waits for nobody when nobody is there", async () => {
    const server = await serve(echoPath);
    const started = performance.now();
    await retire(server, 10_000);
    expect(performance.now() - started).toBeLessThan(200);
  });

  it("cuts off at the deadline what is left", async () => {
    const server = await serve(() => {});
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    const failed = expect(session.request()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await vi.waitUntil(() => server.stats().streams === 1);
    await retire(server, 20);
    await failed;
  });
});
