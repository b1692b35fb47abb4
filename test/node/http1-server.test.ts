import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { describe, expect, it } from "vitest";
import { createHttp1Server, handToHttp1 } from "../../src/node/http1-server.ts";
import { sniffSocket } from "../../src/node/sniff.ts";
import { tlsServerOptions } from "../../src/node/tls-profile.ts";
import { certificate } from "../support/certificate.ts";
import { duplexPair } from "../support/duplex-pair.ts";
import { listen, octetsOf, readAll, readUntil, writeOctetwise } from "../support/sockets.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";

const NOTHING = new Uint8Array(0);
const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const LAST = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/** Answers every request with its method, its path and its body. */
const echo: http.RequestListener = (request, response) => {
  void readAll(request).then((body) => response.end(`[${request.method} ${request.url} ${body}]`));
};

/** A port whose connections are sniffed and then handed on. */
async function listenAndHand(server: http.Server): Promise<number> {
  const listener = net.createServer((socket) => {
    void sniffSocket(socket).then(({ octets }) => handToHttp1(server, socket, octets));
  });
  return listen(listener);
}

describe("a connection that is handed to HTTP/1.1", () => {
  it("is read from its first octet on", async () => {
    const [client, socket] = duplexPair();
    handToHttp1(http.createServer(echo), socket, octetsOf(LAST.slice(0, 7)));
    client.write(LAST.slice(7));
    expect(await readAll(client)).toContain("[GET /last ]");
  });

  it("is read from its first octet on wherever the octets were cut", async () => {
    const text = `POST /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody`;
    const server = http.createServer(echo);
    for (let cut = 0; cut <= text.length; cut++) {
      const [client, socket] = duplexPair();
      handToHttp1(server, socket, octetsOf(text.slice(0, cut)));
      client.write(text.slice(cut));
      expect(await readUntil(client, "]")).toContain("[POST /last body]");
    }
  });

  it("keeps pipelined requests and their order", async () => {
    const client = net.connect(await listenAndHand(http.createServer(echo)), "127.0.0.1");
    client.write(GET + GET.replace("/", "/2") + LAST);
    const answers = await readAll(client);
    expect(answers.match(/\[.*?\]/g)).toEqual(["[GET / ]", "[GET /2 ]", "[GET /last ]"]);
  });

  it("is kept alive between requests, also when octets come one by one", async () => {
    const client = net.connect(await listenAndHand(http.createServer(echo)), "127.0.0.1");
    const first = readUntil(client, "[GET / ]");
    await writeOctetwise(client, GET);
    expect(await first).toContain("Connection: keep-alive");
    const last = readUntil(client, "[GET /last ]");
    await writeOctetwise(client, LAST);
    expect(await last).toContain("Connection: close");
  });

  it("takes more pipelined requests than answers fit, and a client that reads late", async () => {
    const server = http.createServer((_request, response) => response.end("x".repeat(100_000)));
    const client = net.connect(await listenAndHand(server), "127.0.0.1");
    client.pause();
    client.write(GET.repeat(99) + LAST);
    await once(server, "request");
    expect((await readAll(client)).length).toBeGreaterThan(100 * 100_000);
  });

  it("takes a large body", async () => {
    const port = await listenAndHand(http.createServer(echo));
    const request = http.request({ port, host: "127.0.0.1", method: "POST", agent: false });
    request.end("x".repeat(1_000_000));
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    expect((await readAll(response)).length).toBe(1_000_000 + "[POST / ]".length);
  });

  it("becomes a WebSocket where the server has a listener for that", async () => {
    const server = http.createServer(echo);
    server.on("upgrade", (_request, socket, head) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      socket.end(`<${head}>`);
    });
    const client = net.connect(await listenAndHand(server), "127.0.0.1");
    client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhead");
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 101 .*\r\n\r\n<head>$/s);
  });

  it("gets the server's answer to a bad request", async () => {
    const client = net.connect(await listenAndHand(http.createServer(echo)), "127.0.0.1");
    client.write("G(T / HTTP/1.1\r\n\r\n");
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 400 Bad Request/);
  });

  it("may be a TLS connection, for a server of node:http or of node:https", async () => {
    const pem = await certificate();
    for (const server of [http.createServer(echo), https.createServer(pem, echo)]) {
      const listener = tls.createServer(tlsServerOptions(pem), (socket) =>
        handToHttp1(server, socket, NOTHING),
      );
      const port = await listen(listener);
      const client = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
      client.write(LAST);
      expect(await readAll(client)).toContain("[GET /last ]");
    }
  });
});

describe("an HTTP/1.1 server for connections that are handed over", () => {
  /** What an HTTP/1.1 server that also knows WebSocket answers. */
  async function answerOf(text: string): Promise<string> {
    const server = createHttp1Server({}, echo);
    server.on("upgrade", (_request, socket) => socket.end("[upgrade]"));
    server.on("connect", (_request, socket) => socket.end("[connect]"));
    const [client, socket] = duplexPair();
    client.write(octetsOf(text));
    handToHttp1(server, socket, NOTHING);
    const answer = await readUntil(client, "]");
    return answer.slice(answer.indexOf("["));
  }

  it("answers a request for h2c as any other, also with a listener for upgrade (RFC 9110 section 7.8)", async () => {
    expect(await answerOf(upgradeRequest())).toBe("[GET /path?query ]");
    expect(await answerOf(upgradeRequest({ upgrade: "Upgrade: h2, h2c\r\n" }))).toBe("[GET /path?query ]");
  });

  it("reads the body of a request for h2c", async () => {
    const head = upgradeRequest({ line: "POST / HTTP/1.1", more: "Content-Length: 4\r\n" });
    expect(await answerOf(`${head}body`)).toBe("[POST / body]");
  });

  it("goes on after a request for h2c, whether the next one comes later or was pipelined", async () => {
    const server = createHttp1Server({}, echo);
    const [client, socket] = duplexPair();
    handToHttp1(server, socket, octetsOf(upgradeRequest()));
    expect(await readUntil(client, "]")).toContain("[GET /path?query ]");
    client.write(LAST);
    expect(await readAll(client)).toContain("[GET /last ]");
    const [impatient, other] = duplexPair();
    const post = upgradeRequest({ line: "POST / HTTP/1.1", more: "Content-Length: 4\r\n" });
    handToHttp1(server, other, octetsOf(`${GET}${upgradeRequest()}${post}body${LAST}`));
    const answers = (await readAll(impatient)).match(/\[.*?\]/g);
    expect(answers).toEqual(["[GET / ]", "[GET /path?query ]", "[POST / body]", "[GET /last ]"]);
  });

  it("leaves other upgrades to the listener, and CONNECT to its own", async () => {
    expect(await answerOf(upgradeRequest({ upgrade: "Upgrade: websocket\r\n" }))).toBe("[upgrade]");
    expect(await answerOf(upgradeRequest({ upgrade: "Upgrade: h2c, websocket\r\n" }))).toBe("[upgrade]");
    expect(await answerOf(upgradeRequest({ line: "CONNECT a:80 HTTP/1.1" }))).toBe("[connect]");
  });

  it("ends a request whose head comes too slowly, though it does not listen itself", async () => {
    const server = createHttp1Server({
      headersTimeout: 20,
      requestTimeout: 20,
      connectionsCheckingInterval: 10,
    });
    const [client, socket] = duplexPair();
    handToHttp1(server, socket, octetsOf("GET / HTTP/1.1\r\n"));
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
    server.close();
  });
});
