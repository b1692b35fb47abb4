import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { describe, expect, it } from "vitest";
import { createServer, type Listener, type ProxyOptions } from "../../../../src/http/server.ts";
import { certificate } from "../../../support/certificate.ts";
import { serve, serveTls } from "../../../support/serving.ts";
import { readAll } from "../../../support/sockets.ts";

const LINE = "PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n";
const REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const whoAsks: Listener = (request, response) => {
  const { remoteAddress, remotePort, remoteFamily } = request.socket;
  response.end(`${remoteAddress} ${remotePort} ${remoteFamily}`);
};
const TRUSTING: ProxyOptions = { trusted: ["127.0.0.0/8"], proxyProtocol: true };

/** Sends text to a port and reads to the end. */
async function exchange(port: number, ...parts: readonly string[]): Promise<string> {
  const socket = net.connect(port, "127.0.0.1");
  for (const part of parts) socket.write(part, "latin1");
  return readAll(socket);
}

describe("connections of a trusted proxy", () => {
  it("say by their header who is at the other end", async () => {
    const { port } = await serve(whoAsks, { proxies: TRUSTING });
    expect(await exchange(port, LINE + REQUEST)).toContain("192.0.2.1 12345 IPv4");
  });

  it("may bring the header octet by octet", async () => {
    const { port } = await serve(whoAsks, { proxies: TRUSTING });
    expect(await exchange(port, ...LINE, REQUEST)).toContain("192.0.2.1 12345 IPv4");
  });

  it("may speak HTTP/2 behind it", async () => {
    const { port } = await serve(whoAsks, { proxies: TRUSTING });
    const { connect } = await import("node:http2");
    const socket = net.connect(port, "127.0.0.1");
    socket.write(LINE);
    const session = connect(`http://127.0.0.1:${port}`, { createConnection: () => socket });
    const stream = session.request({ ":path": "/" }).setEncoding("utf8");
    const [body] = (await once(stream, "data")) as [string];
    session.destroy();
    expect(body).toBe("192.0.2.1 12345 IPv4");
  });

  it("may begin TLS behind it", async () => {
    const { cert } = await certificate();
    const { port } = await serveTls(whoAsks, { proxies: TRUSTING });
    const socket = net.connect(port, "127.0.0.1");
    socket.write(LINE);
    const secure = tls.connect({ socket, ca: cert, servername: "localhost" });
    secure.write(REQUEST);
    expect(await readAll(secure)).toContain("192.0.2.1 12345 IPv4");
  });

  it("keep their own address where the header names nobody", async () => {
    const { port } = await serve(whoAsks, { proxies: TRUSTING });
    expect(await exchange(port, `PROXY UNKNOWN\r\n${REQUEST}`)).toContain("127.0.0.1");
  });

  it("are dropped without a header", async () => {
    const { port } = await serve(whoAsks, { proxies: TRUSTING });
    expect(await exchange(port, REQUEST)).toBe("");
  });
});

describe("connections of anybody else", () => {
  it("are served without a header, as themselves", async () => {
    const { port } = await serve(whoAsks, { proxies: { ...TRUSTING, trusted: ["192.0.2.0/24", "::1"] } });
    expect(await exchange(port, REQUEST)).toContain("127.0.0.1");
  });

  it("are not believed: a header is a bad request", async () => {
    const { port } = await serve(whoAsks, { proxies: { ...TRUSTING, trusted: [] } });
    expect(await exchange(port, LINE + REQUEST)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

it.each(["localhost", "127.0.0.1/33", "::1/129", "10.0.0.0/", "10.0.0.0/x", ""])(
  "a trusted proxy is not %j",
  (entry) => {
    expect(() => createServer({ proxies: { trusted: [entry], proxyProtocol: true } })).toThrow(TypeError);
  },
);
