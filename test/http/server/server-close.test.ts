import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import tls from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type FetchServer, type Listener, serve as serveFetch } from "../../../src/http/server.ts";
import { certificate } from "../../support/certificate.ts";
import { get, HELLO } from "../../support/frame-peer.ts";
import { frames } from "../../support/frames.ts";
import { connectTo, echoPath, framePeer, serve, serveTls } from "../../support/serving.ts";
import { readAll } from "../../support/sockets.ts";

const REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const LAST_RESPONSE: RegExp = /Connection: close[\s\S]*\r\n\r\n\/$/;

/** A listener that answers when it is told to. */
function holding(): { listener: Listener; arrived: Promise<void>; release: () => void } {
  let release = (): void => {};
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const listener: Listener = (_request, response) => {
    release = () => void response.end("late");
    arrive();
  };
  return { listener, arrived, release: () => release() };
}

/** A server in the fetch style with TLS, which answers with the path. */
async function fetching(): Promise<FetchServer> {
  return serveFetch({
    tls: await certificate(),
    fetch: (request) => new Response(new URL(request.url).pathname),
  }).ready;
}

describe("close", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("lets requests of HTTP/2 finish (RFC 9113 section 6.8)", async () => {
    const { listener, arrived, release } = holding();
    const server = await serve(listener);
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    const response = session.request();
    await arrived;
    const closed = server.shutdown();
    release();
    expect(await (await response).text()).toBe("late");
    await closed;
    expect(server.stats()).toMatchObject({ connections: 0, streams: 0 });
  });

  it("serves requests that were on their way (RFC 9113 section 6.8)", async () => {
    const server = await serve(echoPath);
    const peer = await framePeer(server);
    peer.send(HELLO);
    await peer.waitFor(/^SETTINGS ACK/);
    const closed = server.shutdown();
    expect((await peer.waitFor(/^GOAWAY/)).at(-1)).toContain("last=2147483647");
    peer.send(get(1), frames.pingAck("shutdown"));
    expect((await peer.waitFor(/^HEADERS stream=1/)).join()).toContain("GOAWAY last=1 error=NO_ERROR");
    await peer.waitForEnd();
    peer.socket.end();
    await closed;
  });

  it("lets a request of HTTP/1.1 finish, and then ends its connection", async () => {
    const { listener, arrived, release } = holding();
    const server = await serve(listener);
    const socket = net.connect(server.port, "127.0.0.1");
    socket.write(REQUEST);
    await arrived;
    const closed = server.shutdown();
    release();
    expect(await readAll(socket)).toMatch(/Connection: close[\s\S]*late/);
    await closed;
  });

  it("ends an idle connection of HTTP/1.1", async () => {
    const server = await serve(echoPath);
    const agent = new http.Agent({ keepAlive: true });
    const [response] = (await once(http.get(server.url, { agent }), "response")) as [http.IncomingMessage];
    await once(response.resume(), "end");
    await server.shutdown();
    agent.destroy();
  });

  it("answers a request of HTTP/1.1 on a connection that has not said what it speaks", async () => {
    const server = await serve(echoPath);
    const socket = net.connect(server.port, "127.0.0.1");
    await vi.waitUntil(() => server.stats().connections === 1);
    const closed = server.shutdown();
    socket.write(REQUEST);
    expect(await readAll(socket)).toMatch(LAST_RESPONSE);
    await closed;
  });

  it("answers a request that is on its way on an idle connection (RFC 9112 section 9.6)", async () => {
    const server = await serve(echoPath);
    const socket = net.connect(server.port, "127.0.0.1");
    socket.write(REQUEST);
    await once(socket, "data");
    await vi.waitUntil(() => server.stats().http1Requests === 0);
    const closed = server.shutdown();
    socket.write(REQUEST);
    expect(await readAll(socket)).toMatch(LAST_RESPONSE);
    await closed;
  });

  it("answers a request of HTTP/2 whose connection has not said what it speaks (RFC 9113 section 3.4)", async () => {
    const server = await serve(echoPath);
    const peer = await framePeer(server);
    await vi.waitUntil(() => server.stats().connections === 1);
    const closed = server.shutdown();
    peer.send(HELLO, get(1));
    expect((await peer.waitFor(/^HEADERS stream=1/)).join()).toContain("HEADERS stream=1");
    peer.socket.end();
    await closed;
  });

  it("ends a connection of HTTP/1.1 whose response was under way", async () => {
    const { listener, arrived, release } = holding();
    const server = await serve((request, response) => {
      response.write("begun ");
      listener(request, response);
    });
    const socket = net.connect(server.port, "127.0.0.1");
    socket.write(REQUEST);
    const answer = readAll(socket);
    await arrived;
    const closed = server.shutdown();
    release();
    expect(await answer).toContain("late");
    await closed;
  });

  it("ends connections that have not said what they speak", async () => {
    const server = await serve(echoPath);
    const socket = net.connect(server.port, "127.0.0.1");
    await vi.waitUntil(() => server.stats().connections === 1);
    await Promise.all([server.shutdown(), readAll(socket)]);
  });

  it.each([60_000, Number.POSITIVE_INFINITY])(
    "lets a request go on up to a deadline of %d",
    async (deadline) => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
      const { listener, arrived, release } = holding();
      const server = await serve(listener);
      const peer = await framePeer(server);
      peer.send(HELLO, get(1));
      await arrived;
      const closed = server.shutdown({ deadline });
      await peer.waitFor(/^GOAWAY/);
      peer.send(frames.pingAck("shutdown"));
      await peer.waitFor(/^GOAWAY last=1/);
      vi.advanceTimersByTime(59_000);
      release();
      expect((await peer.waitFor(/^DATA stream=1 END_STREAM/)).join()).not.toContain("RST_STREAM");
      peer.socket.end();
      await closed;
    },
  );

  it.each(["shutdown", "close"])("waits for handshakes of TLS that are under way, by %s", async (method) => {
    const server = method === "shutdown" ? await serveTls(echoPath) : await fetching();
    const raw = net.connect(server.port, "127.0.0.1");
    await once("node" in server ? server.node : server, "connection");
    const closed = "node" in server ? server.close() : server.shutdown();
    const socket = tls.connect({ socket: raw, rejectUnauthorized: false });
    socket.write(REQUEST);
    expect(await readAll(socket)).toMatch(/Connection: close/);
    await closed;
  });

  it("counts handshakes of TLS, and cuts them off at the deadline", async () => {
    const server = await serveTls(echoPath);
    const raw = net.connect(server.port, "127.0.0.1");
    await once(server, "connection");
    expect(server.stats().connections).toBe(1);
    await Promise.all([server.shutdown({ deadline: 10 }), readAll(raw)]);
    expect(server.stats().connections).toBe(0);
  });

  it("counts a connection once when its handshake is over", async () => {
    const server = await serveTls(echoPath);
    const sockets = [0, 1].map(() => tls.connect({ port: server.port, rejectUnauthorized: false }));
    await Promise.all(sockets.map((socket) => once(socket, "secureConnect")));
    await vi.waitUntil(() => server.stats().http1Connections === 2);
    expect(server.stats().connections).toBe(2);
    for (const socket of sockets) socket.destroy();
    await vi.waitUntil(() => server.stats().connections === 0);
  });

  it("ends a connection of TLS that has asked for nothing", async () => {
    const server = await serveTls(echoPath);
    const socket = tls.connect({ port: server.port, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    await Promise.all([server.shutdown(), readAll(socket)]);
  });

  it("lets the first request of a connection come before it says GOAWAY (RFC 9113 section 6.8)", async () => {
    const server = await serve(echoPath);
    const peer = await framePeer(server);
    peer.send(HELLO);
    await peer.waitFor(/^SETTINGS ACK/);
    const closed = server.shutdown();
    peer.send(frames.ping());
    expect((await peer.waitFor(/^PING/)).join()).not.toContain("GOAWAY");
    peer.send(get(1));
    expect((await peer.waitFor(/^HEADERS stream=1/)).join()).toContain("GOAWAY last=2147483647");
    peer.socket.end();
    await closed;
  });

  it("gives idle connections of HTTP/1.1 as long as it is told to (RFC 9112 section 9.6)", async () => {
    const server = await serve(echoPath, { node: { keepAliveTimeout: 60_000 } });
    const socket = net.connect(server.port, "127.0.0.1");
    socket.write(REQUEST);
    await once(socket, "data");
    await vi.waitUntil(() => server.stats().http1Requests === 0);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const closed = server.shutdown({ idleGrace: 5_000 });
    await nextTurn();
    vi.advanceTimersByTime(4_900);
    socket.write(REQUEST);
    expect(await readAll(socket)).toMatch(LAST_RESPONSE);
    await closed;
  });

  it("cuts off what is left at the deadline", async () => {
    const server = await serve(() => {});
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    const failed = expect(session.request()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    const plain = expect(fetch(server.url)).rejects.toThrow();
    await vi.waitUntil(() => server.stats().streams + server.stats().http1Requests === 2);
    await server.shutdown({ deadline: 10 });
    await Promise.all([failed, plain]);
  });

  it("waits for nobody when nobody is there", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const server = await serve(echoPath);
    await server.shutdown();
    expect(server.stats().connections).toBe(0);
  });

  it("says GOAWAY in two steps, however often it looks (RFC 9113 section 6.8)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const { listener, arrived, release } = holding();
    const server = await serve(listener);
    const [peer, silent] = [await framePeer(server), await framePeer(server)];
    silent.send(HELLO);
    peer.send(HELLO, get(1));
    await Promise.all([arrived, silent.waitFor(/^SETTINGS ACK/)]);
    const closed = server.shutdown();
    peer.send(frames.pingAck("shutdown"));
    await peer.waitFor(/^GOAWAY last=1/);
    vi.advanceTimersByTime(500);
    await silent.waitFor(/^GOAWAY/);
    vi.advanceTimersByTime(2_000);
    release();
    expect((await peer.waitFor(/^DATA stream=1 END_STREAM/)).join()).not.toContain("GOAWAY");
    for (const { socket } of [peer, silent]) socket.end();
    await closed;
  });

  it("may be called again, and before anything was listened to", async () => {
    const server = await serve(echoPath);
    await Promise.all([server.shutdown(), server.shutdown()]);
    await server[Symbol.asyncDispose]();
  });

  it("may be followed by another listen, as with node:http", async () => {
    const server = await serve(echoPath);
    for (let time = 0; time < 2; time++) {
      await new Promise((resolve) => server.close(resolve));
      await once(server.listen(0, "127.0.0.1"), "listening");
      expect(await (await fetch(`${server.url}/again`)).text()).toBe("/again");
      const session = await connectTo(server, { negotiation: "prior-knowledge" });
      expect(await (await session.request({ path: "/again" })).text()).toBe("/again");
    }
    await server.shutdown();
    expect(server.stats().connections).toBe(0);
  });

  it("takes no new connections", async () => {
    const server = await serve(echoPath);
    await server.shutdown();
    await expect(fetch(server.url)).rejects.toThrow();
  });
});
