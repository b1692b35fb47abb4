import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import tls from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ClientError, type ClientSession, connect, type Negotiation } from "../../../src/http/client.ts";
import { ErrorCodes } from "../../../src/index.ts";
import { certificate } from "../../support/certificate.ts";
import type { FramePeer } from "../../support/frame-peer.ts";
import { frames } from "../../support/frames.ts";
import { connectTo, echoPath, frameServer, serve } from "../../support/serving.ts";
import { listen } from "../../support/sockets.ts";

/** A session with a server that the test plays. */
async function scene(...settings: [number, number][]): Promise<{ session: ClientSession; peer: FramePeer }> {
  const { url, peer: arriving } = await frameServer();
  const session = await connectTo(url, { negotiation: "prior-knowledge" });
  const peer = await arriving;
  peer.send(frames.settings(...settings), frames.settingsAck());
  await peer.waitFor(/^SETTINGS ACK/);
  return { session, peer };
}

const head = (streamId: number) => frames.headers(streamId).response(200);

describe("a request over HTTP/2 fails", () => {
  it("when its stream is reset (RFC 9113 section 6.4)", async () => {
    const { session, peer } = await scene();
    const response = session.request();
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(frames.rstStream(1, ErrorCodes.INTERNAL_ERROR));
    await expect(response).rejects.toMatchObject({
      name: "ClientError",
      code: "STREAM_RESET",
      streamId: 1,
      errorCode: ErrorCodes.INTERNAL_ERROR,
      isUnprocessed: false,
    });
  });

  it("as unprocessed when its stream is refused (RFC 9113 section 8.7)", async () => {
    const { session, peer } = await scene();
    const response = session.request();
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(frames.rstStream(1, ErrorCodes.REFUSED_STREAM));
    await expect(response).rejects.toMatchObject({ code: "STREAM_RESET", isUnprocessed: true });
  });

  it("as unprocessed when it is above the last stream of a GOAWAY; those below go on (RFC 9113 section 6.8)", async () => {
    const { session, peer } = await scene();
    const [first, second] = [session.request({ path: "/1" }), session.request({ path: "/2" })];
    await peer.waitFor(/^HEADERS stream=3/);
    peer.send(frames.goaway(1));
    await expect(second).rejects.toMatchObject({ code: "GOAWAY", streamId: 3, isUnprocessed: true });
    await expect(session.request()).rejects.toMatchObject({
      code: "GOAWAY",
      streamId: null,
      isUnprocessed: true,
    });
    peer.send(head(1), frames.data(1, "done").endStream());
    expect(await (await first).text()).toBe("done");
    await peer.waitForEnd();
  });

  it("as unprocessed when it waited for a stream while GOAWAY came", async () => {
    const { session, peer } = await scene([3, 1]);
    const [first, second] = [session.request(), session.request()];
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(frames.goaway(1));
    await expect(second).rejects.toMatchObject({ code: "GOAWAY", isUnprocessed: true });
    peer.send(head(1).endStream());
    expect((await first).status).toBe(200);
  });

  it("when the connection is lost", async () => {
    const { session, peer } = await scene();
    const response = session.request();
    await peer.waitFor(/^HEADERS stream=1/);
    peer.socket.destroy();
    await expect(response).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      streamId: 1,
      isUnprocessed: false,
    });
    await expect(session.request()).rejects.toMatchObject({ code: "CONNECTION_LOST", isUnprocessed: true });
    await expect(session.ping()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  it("when the server ends its half", async () => {
    const { session, peer } = await scene();
    const response = session.request();
    await peer.waitFor(/^HEADERS stream=1/);
    peer.socket.end();
    await expect(response).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  it("when the server breaks a rule of the connection (RFC 9113 section 5.4.1)", async () => {
    const { session, peer } = await scene();
    const response = session.request();
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(frames.data(0, "on no stream"));
    await expect(response).rejects.toMatchObject({
      code: "PROTOCOL_ERROR",
      errorCode: ErrorCodes.PROTOCOL_ERROR,
    });
    expect((await peer.waitFor(/^GOAWAY/)).at(-1)).toContain("error=PROTOCOL_ERROR");
  });

  it("alone when its response breaks a rule (RFC 9113 section 8.1.1)", async () => {
    const { session, peer } = await scene();
    const [first, second] = [session.request(), session.request()];
    await peer.waitFor(/^HEADERS stream=3/);
    peer.send(frames.headers(1).response(200).field("Upper", "case"));
    await expect(first).rejects.toMatchObject({ code: "PROTOCOL_ERROR", streamId: 1 });
    peer.send(head(3).endStream());
    expect((await second).status).toBe(200);
  });

  it("when the session is closed and its time is over", async () => {
    const { session, peer } = await scene();
    const response = session.request();
    await peer.waitFor(/^HEADERS stream=1/);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const closed = session.close();
    vi.advanceTimersByTime(5_000);
    await expect(response).rejects.toMatchObject({ code: "SESSION_CLOSED", isUnprocessed: false });
    await closed;
  });

  it("when it cannot be sent, and leaves the others alone", async () => {
    const { session, peer } = await scene();
    await expect(session.request({ headers: [["bad name", "x"]] })).rejects.toThrow(/field name|name/);
    await expect(session.request({ headers: [["x", "\u0100"]] })).rejects.toThrow(TypeError);
    const response = session.request();
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(head(1).endStream());
    expect((await response).status).toBe(200);
  });

  it("when its body fails, and the server is told", async () => {
    const { session, peer } = await scene();
    const mistake = new Error("a mistake");
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("begun");
      throw mistake;
    }
    const response = session.request({ method: "POST", body: body() });
    await expect(response).rejects.toMatchObject({ code: "BODY_FAILED", cause: mistake });
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=CANCEL");
  });
});

describe("a request that is aborted", () => {
  it("fails at once, and the server is told (RFC 9113 section 5.4.2)", async () => {
    const { session, peer } = await scene();
    const controller = new AbortController();
    const response = session.request({ signal: controller.signal });
    await peer.waitFor(/^HEADERS stream=1/);
    controller.abort("enough");
    await expect(response).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=CANCEL");
  });

  it("takes its response's body along", async () => {
    const { session, peer } = await scene();
    const controller = new AbortController();
    const response = session.request({ signal: controller.signal });
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(head(1), frames.data(1, "begun"));
    const body = (await response).text();
    controller.abort();
    await expect(body).rejects.toMatchObject({ code: "ABORTED" });
    await expect((await response).trailers).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("before it was sent is never sent", async () => {
    const { session, peer } = await scene();
    await expect(session.request({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
    const pinged = session.ping();
    await peer.waitFor(/^PING/);
    peer.send(frames.pingAck("\0\0\0\0\0\0\0\0"));
    await pinged;
    expect(peer.came().filter((line) => line.startsWith("HEADERS"))).toEqual([]);
  });

  it("while it waits for a stream gives its place to the next one", async () => {
    const { session, peer } = await scene([3, 1]);
    const controller = new AbortController();
    const first = session.request();
    const second = session.request({ signal: controller.signal });
    const third = session.request();
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: "ABORTED", streamId: null });
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(head(1).endStream());
    await first;
    await peer.waitFor(/^HEADERS stream=3/);
    peer.send(head(3).endStream());
    expect((await third).status).toBe(200);
  });

  it.each<Negotiation>(["http/1.1", "upgrade"])("fails by %s too", async (negotiation) => {
    let arrived = (): void => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const session = await connectTo(await serve(() => arrived()), { negotiation });
    const controller = new AbortController();
    const response = session.request({ signal: controller.signal });
    await arrival;
    controller.abort();
    await expect(response).rejects.toMatchObject({ code: "ABORTED" });
    await expect(session.request({ signal: controller.signal })).rejects.toBeInstanceOf(ClientError);
  });
});

describe("the body of a response", () => {
  it("that is cut short fails behind what came (RFC 9113 section 8.1.1)", async () => {
    const { session, peer } = await scene();
    const response = session.request();
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(head(1), frames.data(1, "begun"), frames.rstStream(1, ErrorCodes.INTERNAL_ERROR));
    const pieces: string[] = [];
    const reading = (async () => {
      for await (const piece of (await response).body) pieces.push(Buffer.from(piece).toString());
    })();
    await expect(reading).rejects.toMatchObject({ code: "STREAM_RESET", streamId: 1 });
    expect(pieces).toEqual(["begun"]);
  });

  it("that nobody reads stops its stream, and not the connection (RFC 9113 section 5.2)", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/small") response.end("small");
      else response.end(new Uint8Array(20_000_000));
    });
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    const unread = await Promise.all(Array.from({ length: 20 }, () => session.request({ path: "/large" })));
    expect(await (await session.request({ path: "/small" })).text()).toBe("small");
    expect(server.stats().streams).toBe(20);
    expect((await (unread[0] as (typeof unread)[number]).bytes()).length).toBe(20_000_000);
  });

  it("that is left early cancels its stream (RFC 9113 section 7)", async () => {
    const { session, peer } = await scene();
    const response = session.request();
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(head(1), frames.data(1, "begun"));
    for await (const _piece of (await response).body) break;
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=CANCEL");
  });

  it("can be read once", async () => {
    const session = await connectTo(await serve(echoPath), { negotiation: "prior-knowledge" });
    const response = await session.request();
    await response.text();
    await expect(response.text()).rejects.toThrow(TypeError);
  });

  it("is whole though the server then resets the stream with NO_ERROR (RFC 9113 section 8.1)", async () => {
    const { session, peer } = await scene();
    async function* body(): AsyncGenerator<Uint8Array> {
      for (;;) {
        yield new Uint8Array(10_000);
        await nextTurn();
      }
    }
    const response = session.request({ method: "POST", body: body() });
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(head(1), frames.data(1, "enough").endStream(), frames.rstStream(1, ErrorCodes.NO_ERROR));
    expect(await (await response).text()).toBe("enough");
    await session.close();
  });

  it.each<Negotiation>(["http/1.1", "upgrade"])("that is cut short by %s fails too", async (negotiation) => {
    const server = http.createServer((request, response) => {
      response.writeHead(200, { "content-length": 100 }).write("begun");
      setImmediate(() => request.socket.destroy());
    });
    const session = await connectTo(`http://127.0.0.1:${await listen(server)}`, { negotiation });
    const response = await session.request();
    await expect(response.text()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await expect(response.trailers).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  it("over HTTP/1.1 that nobody reads is kept up to a limit", async () => {
    let produced = 0;
    const endless = new Readable({
      read() {
        produced += 65_536;
        this.push(new Uint8Array(65_536));
      },
    });
    const session = await connectTo(await serve((_request, response) => void endless.pipe(response)), {
      negotiation: "http/1.1",
    });
    const response = await session.request();
    let before = -1;
    await vi.waitUntil(() => {
      const isStill = produced === before;
      before = produced;
      return isStill;
    });
    expect(produced).toBeLessThan(50_000_000);
    for await (const _piece of response.body) break;
  });
});

describe("connecting fails", () => {
  it.each<[string, Negotiation]>([
    ["http", "http/1.1"],
    ["http", "prior-knowledge"],
    ["http", "upgrade"],
    ["https", "alpn"],
  ])("over %s by %s when nobody listens", async (scheme, negotiation) => {
    const server = net.createServer();
    const port = await listen(server);
    server.close();
    await once(server, "close");
    const session = connect(`${scheme}://127.0.0.1:${port}`, { negotiation });
    await expect(session).rejects.toMatchObject({ code: "CONNECT_FAILED", isUnprocessed: true });
  });

  it("when the certificate is not trusted", async () => {
    const server = tls.createServer(await certificate());
    const session = connect(`https://127.0.0.1:${await listen(server)}`);
    await expect(session).rejects.toMatchObject({ code: "HANDSHAKE_FAILED" });
  });

  it("when the handshake takes too long", async () => {
    const port = await listen(net.createServer());
    await expect(connect(`https://127.0.0.1:${port}`, { timeouts: { connect: 20 } })).rejects.toMatchObject({
      code: "TIMEOUT",
    });
  });

  it("at the first request when the server says nothing of HTTP/2 in time (RFC 9113 section 3.4)", async () => {
    const { url } = await frameServer();
    const session = await connectTo(url, { negotiation: "prior-knowledge", timeouts: { connect: 20 } });
    await expect(session.request()).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  it("at the first request when an Upgrade is not answered in time", async () => {
    const silent = net.createServer((socket) => void socket.on("error", () => {}).resume());
    const url = `http://127.0.0.1:${await listen(silent)}`;
    const session = await connectTo(url, { negotiation: "upgrade", timeouts: { connect: 20 } });
    const [first, second] = [session.request(), session.request()];
    await expect(first).rejects.toMatchObject({ code: "TIMEOUT" });
    await expect(second).rejects.toMatchObject({ code: "CONNECTION_LOST", isUnprocessed: true });
  });

  it("at the first request when the server switches to something else (RFC 9110 section 7.8)", async () => {
    const server = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    });
    const session = await connectTo(`http://127.0.0.1:${await listen(server)}`, { negotiation: "upgrade" });
    await expect(session.request()).rejects.toMatchObject({ code: "WRONG_UPGRADE" });
  });

  it("not for a session whose first request could not be sent", async () => {
    const session = await connectTo(await serve(echoPath, { upgrade: "accept" }), { negotiation: "upgrade" });
    await expect(session.request({ headers: [["connection", "close"]] })).rejects.toThrow(TypeError);
    expect(await (await session.request({ path: "/next" })).text()).toBe("/next");
    expect(session.protocol).toBe("h2");
  });
});
