import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { describe, expect, it, vi } from "vitest";
import { createServer, type Listener, requestInfo } from "../../src/http/server.ts";
import { certificate } from "../support/certificate.ts";
import { FramePeer, HELLO } from "../support/frame-peer.ts";
import { frames } from "../support/frames.ts";
import {
  echoPath,
  framePeer,
  hashing,
  nodeClient,
  nodeRequest,
  serve,
  serveTls,
  sha256,
} from "../support/serving.ts";
import { readUntil } from "../support/sockets.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";

/** Answers with what `requestInfo` says. */
const informing: Listener = (request, response) => {
  response.end(JSON.stringify(requestInfo(request)));
};

describe("one cleartext port", () => {
  it("serves HTTP/2 with prior knowledge (RFC 9113 section 3.3)", async () => {
    const session = await nodeClient(await serve(informing));
    const { head, body } = await nodeRequest(session, { ":path": "/" });
    expect(head[":status"]).toBe(200);
    expect(JSON.parse(body.toString())).toEqual({
      protocol: "h2",
      negotiated: "prior-knowledge",
      tls: null,
      streamId: 1,
    });
  });

  it("serves HTTP/1.1 beside it (RFC 9113 section 3.3)", async () => {
    const server = await serve(informing);
    expect(await fetched(server.url)).toEqual({
      protocol: "http/1.1",
      negotiated: "http/1.1",
      tls: null,
      streamId: null,
    });
  });

  it("serves HTTP/1.0", async () => {
    const { port } = await serve(informing);
    const socket = net.connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.0\r\n\r\n");
    expect(await text(socket)).toContain('"protocol":"http/1.0"');
  });

  it("answers a request for h2c by Upgrade on stream 1, where that is accepted (RFC 7540 section 3.2)", async () => {
    const { peer, head } = await upgrading(await serve(informing, { upgrade: "accept" }), upgradeRequest());
    expect(head).toContain("101 Switching Protocols");
    peer.send(HELLO);
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=200");
    expect((await peer.waitFor(/^DATA stream=1/)).at(-1)).toContain("END_STREAM");
  });

  it("gives the body of such a request to stream 1 (RFC 7540 section 3.2)", async () => {
    const received: string[] = [];
    const server = await serve(
      async (request, response) => {
        received.push(
          await text(request),
          request.headers.host ?? "",
          request.headers["content-length"] ?? "",
        );
        response.end();
      },
      { upgrade: "accept" },
    );
    const post = upgradeRequest({ line: "POST / HTTP/1.1", more: "Content-Length: 5\r\n" });
    const { peer } = await upgrading(server, `${post}hello`);
    peer.send(HELLO);
    await peer.waitFor(/^HEADERS stream=1 END_STREAM/);
    expect(received).toEqual(["hello", "example.com", "5"]);
  });

  it("ignores Upgrade unless told otherwise, and answers in HTTP/1.1 (RFC 9110 section 7.8)", async () => {
    const { port } = await serve(informing);
    const socket = net.connect(port, "127.0.0.1");
    socket.write(upgradeRequest());
    expect(await readUntil(socket, "}")).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"negotiated":"http\/1\.1"/);
    socket.destroy();
  });

  it("refuses Upgrade with status 400 where it is rejected", async () => {
    const { port } = await serve(informing, { upgrade: "reject" });
    const socket = net.connect(port, "127.0.0.1");
    socket.write(upgradeRequest());
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each(["ignore", "accept", "reject"] as const)(
    "answers a request whose head breaks off with status 400, with Upgrade: %s (RFC 9112 section 8)",
    async (upgrade) => {
      const { port } = await serve(informing, { upgrade });
      const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      socket.end("GET / HTTP/1.1\r\nHost: loc");
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
    },
  );

  it("refuses HTTP/1.1 with status 505 where that is off", async () => {
    const { port } = await serve(informing, { http1: false });
    const socket = net.connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 505 /);
  });
});

describe("one TLS port", () => {
  it("serves HTTP/2 to clients that offer it by ALPN (RFC 9113 section 3.2)", async () => {
    const session = await nodeClient(await serveTls(informing));
    const { body } = await nodeRequest(session, { ":path": "/" });
    expect(JSON.parse(body.toString())).toMatchObject({
      protocol: "h2",
      negotiated: "alpn",
      tls: { version: "TLSv1.3", cipher: expect.stringMatching(/^TLS_/) },
    });
  });

  it("serves HTTP/1.1 to clients that offer that alone (RFC 7301 section 3.2)", async () => {
    const server = await serveTls(informing);
    expect(await fetched(server.url, { ALPNProtocols: ["http/1.1"] })).toMatchObject({
      protocol: "http/1.1",
      negotiated: "alpn",
      tls: { version: "TLSv1.3" },
    });
  });

  it("serves HTTP/1.1 to clients without ALPN", async () => {
    const server = await serveTls(informing);
    expect(await fetched(server.url)).toMatchObject({ protocol: "http/1.1", negotiated: "http/1.1" });
  });

  it("makes a certificate for localhost when asked to", async () => {
    const server = await serve(informing, { tls: "self-signed" });
    const socket = tls.connect({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false });
    await new Promise((resolve) => socket.on("secureConnect", resolve));
    expect(socket.getPeerCertificate().subjectaltname).toContain("DNS:localhost");
    socket.destroy();
  });

  it("ends HTTP/2 on a prohibited cipher suite with INADEQUATE_SECURITY (RFC 9113 section 9.2.2)", async () => {
    const weak = { ciphers: "AES128-GCM-SHA256", maxVersion: "TLSv1.2" } as const;
    const server = await serve(informing, { tls: { ...(await certificate()), ...weak } });
    const socket = tls.connect({
      port: server.port,
      host: "127.0.0.1",
      ALPNProtocols: ["h2"],
      rejectUnauthorized: false,
      ...weak,
    });
    const peer = new FramePeer(socket);
    expect((await peer.waitFor(/^GOAWAY/)).at(-1)).toContain("error=INADEQUATE_SECURITY");
  });
});

describe("requests of HTTP/2", () => {
  it("carry a mebioctet of body unharmed", async () => {
    const session = await nodeClient(await serve(hashing));
    const body = randomBytes(1_048_576);
    const answer = await nodeRequest(session, { ":path": "/up", ":method": "POST" }, body);
    expect(JSON.parse(answer.body.toString())).toEqual({
      method: "POST",
      url: "/up",
      length: body.length,
      sha256: sha256(body),
    });
  });

  it("run a hundred at once on one connection (RFC 9113 section 5.1.2)", async () => {
    const session = await nodeClient(await serve(echoPath));
    const paths = Array.from({ length: 100 }, (_, index) => `/${index}`);
    const answers = await Promise.all(paths.map((path) => nodeRequest(session, { ":path": path })));
    expect(answers.map(({ body }) => body.toString())).toEqual(paths);
  });

  it("are refused beyond the announced number (RFC 9113 section 5.1.2)", async () => {
    const peer = await framePeer(await serve(() => {}, { maxConcurrentStreams: 1 }));
    const get = (streamId: number) => frames.headers(streamId).request("GET", "/").endStream();
    peer.send(HELLO, get(1), get(3));
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=3 error=REFUSED_STREAM");
  });

  it("for a tunnel are answered with 501", async () => {
    const peer = await framePeer(await serve(echoPath));
    peer.send(HELLO, frames.headers(1).field(":method", "CONNECT").field(":authority", "example.com:80"));
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=501");
  });
});

describe("the server itself", () => {
  it("tells its address, and what it has to do", async () => {
    const server = createServer({}, () => {});
    expect([server.url, server.port]).toEqual(["", 0]);
    await once(server.listen(0, "127.0.0.1"), "listening");
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    const peer = await framePeer(server);
    peer.send(HELLO, frames.headers(1).request("GET", "/").endStream());
    peer.send(frames.ping());
    await peer.waitFor(/^PING/);
    expect(server.stats()).toMatchObject({
      connections: 1,
      http2Connections: 1,
      http1Connections: 0,
      streams: 1,
      http1Requests: 0,
    });
    await server.shutdown({ deadline: 0 });
    expect(server.stats().connections).toBe(0);
  });

  it("emits an error when it cannot listen", async () => {
    const { port } = await serve(echoPath);
    const second = createServer({}, echoPath).listen(port, "127.0.0.1");
    await expect(once(second, "listening")).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("refuses options that have not their range", () => {
    expect(() => createServer({ maxConcurrentStreams: -1 }, echoPath)).toThrow(Error);
    expect(() => createServer({ tls: { minVersion: "TLSv1.1" } }, echoPath)).toThrow(TypeError);
  });

  it("shows every frame of a connection to the observer that was made for it", async () => {
    const seen: string[] = [];
    const observer = () => ({
      frame: (direction: string, frame: { type: number }) => void seen.push(`${direction} ${frame.type}`),
    });
    const session = await nodeClient(await serve(echoPath, { observer }));
    await nodeRequest(session, { ":path": "/" });
    expect(seen).toEqual(expect.arrayContaining(["received 1", "sent 1", "sent 0"]));
  });

  it("drops a connection that says nothing", async () => {
    const { port } = await serve(echoPath, { prefaceTimeout: 20 });
    expect(await text(net.connect(port, "127.0.0.1"))).toBe("");
  });

  it("drops a connection that negotiated HTTP/2 and says nothing (RFC 9113 section 3.4)", async () => {
    const server = await serveTls(echoPath, { prefaceTimeout: 50 });
    const socket = tls.connect({
      port: server.port,
      host: "127.0.0.1",
      ALPNProtocols: ["h2"],
      rejectUnauthorized: false,
    });
    socket.on("error", () => {});
    await new Promise((resolve) => socket.on("close", resolve).resume());
    await vi.waitUntil(() => server.stats().connections === 0);
  });
});

/** Sends a request for Upgrade; what comes behind the head of the answer is for the peer. */
async function upgrading(server: { port: number }, request: string) {
  const peer = await framePeer(server);
  peer.socket.removeAllListeners("data");
  peer.socket.write(request);
  const head = await readUntil(peer.socket, "\r\n\r\n");
  const rest = Buffer.from(head.slice(head.indexOf("\r\n\r\n") + 4), "latin1");
  const switched = new FramePeer(peer.socket);
  if (rest.length > 0) peer.socket.unshift(rest);
  peer.socket.resume();
  return { peer: switched, head };
}

/** What a client of HTTP/1.1 gets, as JSON. */
function fetched(url: string, options: tls.ConnectionOptions = {}): Promise<unknown> {
  const { get } = url.startsWith("https") ? https : http;
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, rejectUnauthorized: false, ...options }, (response) => {
      text(response).then((json) => resolve(JSON.parse(json)), reject);
    });
    request.on("error", reject);
  });
}
