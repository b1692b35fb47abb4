import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import net from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { nodeClient, serve } from "../../support/serving.ts";
import { ask, running, WAYS } from "./support.ts";

const proxy = running("examples/server/tunnel.mjs");

interface Tunnel {
  readonly status: number;
  readonly socket: Duplex;
}

async function openByHttp2(authority: string): Promise<Tunnel> {
  const stream = (await nodeClient(proxy)).request({ ":method": "CONNECT", ":authority": authority });
  const [head] = (await once(stream, "response")) as [{ ":status": number }];
  return { status: head[":status"], socket: stream };
}

async function openByHttp1(authority: string): Promise<Tunnel> {
  const request = http.request({ host: "127.0.0.1", port: proxy.port, method: "CONNECT", path: authority });
  request.end();
  const [response, socket] = (await once(request, "connect")) as [IncomingMessage, net.Socket];
  return { status: response.statusCode ?? 0, socket };
}

const OPEN = { "prior-knowledge": openByHttp2, "http/1.1": openByHttp1 };

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.each(WAYS)("server/tunnel.mjs, by %s", (way) => {
  const open = OPEN[way];

  it("carries octets to a port of the loopback and back, until both sides have ended (RFC 9113 section 8.5)", async () => {
    const target = await serve((_request, response) => response.end("from behind the proxy"));
    const { status, socket } = await open(`127.0.0.1:${target.port}`);
    expect(status).toBe(200);
    socket.end("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*from behind the proxy$/s);
  });

  it("leads nowhere else", async () => {
    for (const authority of ["192.0.2.1:25", "localhost.example.com:80", "[::2]:80"]) {
      expect((await open(authority)).status).toBe(403);
    }
  });

  it("answers 502 where nobody listens", async () => {
    expect((await open(`127.0.0.1:${await closedPort()}`)).status).toBe(502);
  });

  it("answers requests that are for no tunnel with 405", async () => {
    const { status, fields } = await ask(proxy, way);
    expect([status, fields("allow")]).toEqual([405, ["CONNECT"]]);
  });
});

it("server/tunnel.mjs refuses a port that there is none of, which over HTTP/2 the engine does (RFC 9113 section 8.5)", async () => {
  expect((await openByHttp1("127.0.0.1:70000")).status).toBe(403);
  await expect(openByHttp2("127.0.0.1:70000")).rejects.toThrow("NGHTTP2_PROTOCOL_ERROR");
});
