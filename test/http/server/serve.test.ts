import { once } from "node:events";
import http from "node:http";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type FetchServer, LazyResponse, serve } from "../../../src/http/server.ts";
import { certificate } from "../../support/certificate.ts";
import { get, HELLO } from "../../support/frame-peer.ts";
import { connectTo, framePeer } from "../../support/serving.ts";
import { served, signal } from "./fetch/support.ts";
import { webSocketRequest } from "./tunnel/support.ts";

/** Milliseconds for a test that makes a key, on a machine that has much else to do. */
const SLOW = 30_000;

const hello = (): Response => new LazyResponse("hello");

afterEach(() => {
  vi.restoreAllMocks();
});

/** A handler that answers when it is told to. */
function holding(): { fetch: () => Promise<Response>; arrived: Promise<void>; release: () => void } {
  const answer = signal<Response>();
  const arrived = signal();
  const fetch = (): Promise<Response> => {
    arrived.resolve();
    return answer.promise;
  };
  return { fetch, arrived: arrived.promise, release: () => answer.resolve(new LazyResponse("late")) };
}

describe("serve", () => {
  it("listens at once, on a free port of the loopback unless told otherwise", async () => {
    const server = serve({ fetch: hello });
    onTestFinished(() => server.close());
    expect([server.url, server.port]).toEqual(["", 0]);
    expect(await server.ready).toBe(server);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect(await (await fetch(server.url)).text()).toBe("hello");
  });

  it("listens where it is told to", async () => {
    const { port } = await served(hello);
    const taken = serve({ fetch: hello, port, hostname: "::1" });
    onTestFinished(() => taken.close());
    await taken.ready;
    expect(taken.url).toBe(`http://[::1]:${port}`);
  });

  it("rejects `ready` where it cannot listen, and can be closed all the same", async () => {
    const { port } = await served(hello);
    const server = serve({ fetch: hello, port });
    await expect(server.ready).rejects.toMatchObject({ code: "EADDRINUSE" });
    await server.close();
  });

  it("speaks TLS with the options of node:tls", { timeout: SLOW }, async () => {
    const server = await served(hello, { tls: await certificate() });
    expect(await (await (await connectTo(server)).request()).text()).toBe("hello");
  });

  it("speaks TLS with a certificate made for the occasion", { timeout: SLOW }, async () => {
    const server = await served(hello, { tls: "self-signed" });
    expect(server.url).toMatch(/^https:/);
    const session = await connectTo(server, { tls: { rejectUnauthorized: false } });
    expect([(await session.request()).status, session.protocol]).toEqual([200, "h2"]);
  });

  it("refuses HTTP/1.1 where that is off", async () => {
    const server = await served(hello, { http1: false });
    expect((await fetch(server.url)).status).toBe(505);
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    expect((await session.request()).status).toBe(200);
  });

  it("takes limits, and refuses those that cannot be", async () => {
    const server = await served(hello, { limits: { fields: 10 }, maxConcurrentStreams: 1 });
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    const headers = Array.from({ length: 20 }, (_, index) => [`x-${index}`, "y"] as const);
    expect((await session.request()).status).toBe(200);
    expect((await session.request({ headers }).catch(() => ({ status: 0 }))).status).not.toBe(200);
    expect(() => serve({ fetch: hello, maxConcurrentStreams: -1 })).toThrow(/MAX_CONCURRENT_STREAMS/);
    expect(() => serve({ fetch: 1 as never })).toThrow(TypeError);
  });

  it("has the genuine server of Node below, for listeners such as those of WebSocket", async () => {
    const server = await served(hello);
    expect(server.node).toBeInstanceOf(http.Server);
    const sockets = new WebSocketServer({ server: server.node });
    sockets.on("connection", (socket) => socket.send("hello"));
    const client = new WebSocket(server.url.replace("http", "ws"));
    const [message] = (await once(client, "message")) as [Buffer];
    expect(message.toString()).toBe("hello");
    client.close();
    await once(client, "close");
    expect(await (await fetch(server.url)).text()).toBe("hello");
  });

  it("lets them serve HTTP/2 too (RFC 8441 section 5)", async () => {
    const server = await served(hello);
    const sockets = new WebSocketServer({ server: server.node });
    sockets.on("connection", (socket) => socket.close(1000, "good-bye"));
    const peer = await framePeer(server);
    peer.send(HELLO, webSocketRequest(1));
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=200");
    peer.send(get(3));
    await peer.waitFor(/^DATA stream=3.*END_STREAM/);
  });

  it("reports to `log`, if that is there and nothing else", async () => {
    const error = vi.fn();
    const log = { debug() {}, info() {}, warn() {}, error };
    const mistake = new Error("a mistake");
    const server = await served(() => Promise.reject(mistake), { log });
    await fetch(`${server.url}/here`);
    const details = { err: mistake, method: "GET", url: `${server.url}/here` };
    expect(error.mock.calls).toEqual([[details, expect.any(String)]]);
  });

  it("tells what it has to do", async () => {
    const { fetch: handler, arrived, release } = holding();
    const server = await served(handler);
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    const answer = session.request();
    await arrived;
    expect(server.stats()).toMatchObject({
      connections: 1,
      http2Connections: 1,
      http1Connections: 0,
      streams: 1,
      http1Requests: 0,
    });
    release();
    await (await answer).text();
    expect(server.stats()).toMatchObject({ streams: 0 });
  });

  it("reports what is wrong with the server itself, and goes on", async () => {
    const onError = vi.fn();
    const server = await served(hello, { onError });
    const error = new Error("no more files");
    server.node.emit("error", error);
    expect(onError.mock.calls).toEqual([[error, null]]);
    expect((await fetch(server.url)).status).toBe(200);
  });
});

describe("the end of such a server", () => {
  it.each(["prior-knowledge", "http/1.1"] as const)("lets requests by %s finish", async (negotiation) => {
    const { fetch: handler, arrived, release } = holding();
    const server = await served(handler);
    const session = await connectTo(server, { negotiation });
    const answer = session.request();
    await arrived;
    const closed = server.close();
    release();
    expect(await (await answer).text()).toBe("late");
    await closed;
    expect(server.stats()).toMatchObject({ connections: 0 });
  });

  it("cuts off what is left at the deadline", async () => {
    const { fetch: handler, arrived } = holding();
    const server = await served(handler);
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    const answer = expect(session.request()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await arrived;
    await server.close({ deadline: 10 });
    await answer;
  });

  it("waits for what `waitUntil` was given, and reports what that is rejected with", async () => {
    const work = signal();
    const onError = vi.fn();
    const server = await served(
      (_request, info) => {
        info.waitUntil(work.promise);
        info.waitUntil(Promise.reject(new Error("a mistake")));
        return new LazyResponse("text");
      },
      { onError },
    );
    await (await fetch(server.url)).text();
    let isClosed = false;
    const closed = server.close().then(() => {
      isClosed = true;
    });
    await vi.waitUntil(() => !server.node.listening && server.stats().connections === 0);
    expect(isClosed).toBe(false);
    work.resolve();
    await closed;
    expect(onError).toHaveBeenCalledOnce();
  });

  it("comes by a signal, also by one that has aborted already", async () => {
    const controller = new AbortController();
    const server = await served(hello, { signal: controller.signal });
    controller.abort();
    await vi.waitUntil(() => !server.node.listening);
    const closed = serve({ fetch: hello, signal: AbortSignal.abort() });
    await once(closed.node, "close");
    expect(closed.url).toBe("");
  });

  it("comes by `await using`", async () => {
    let inside: FetchServer;
    {
      await using server = await served(hello);
      inside = server;
      expect(inside.node.listening).toBe(true);
    }
    expect(inside.node.listening).toBe(false);
  });

  it("may be asked for before it listens", { timeout: SLOW }, async () => {
    const server = serve({ fetch: hello, tls: "self-signed" });
    await server.close();
    expect(server.node.listening).toBe(false);
    await server.close();
  });
});
