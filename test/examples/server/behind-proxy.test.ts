import { once } from "node:events";
import http2 from "node:http2";
import net from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask, running, WAYS } from "./support.ts";

const PROGRAM = "examples/server/behind-proxy.mjs";

describe.each(WAYS)("server/behind-proxy.mjs, with fields, by %s", (way) => {
  const server = running(PROGRAM);

  it("believes what the proxy says of the client, and nothing that stands before it", async () => {
    const headers = [
      ["x-forwarded-for", "198.51.100.9, 192.0.2.7"],
      ["x-forwarded-proto", "https"],
      ["x-forwarded-host", "example.com"],
    ] as const;
    const { text, fields, protocol } = await ask(server, way, { headers });
    expect(text).toBe(`192.0.2.7 asks https://example.com over ${protocol}\n`);
    expect(fields("set-cookie")).toEqual(["seen=1; Path=/; Secure"]);
  });

  it("takes a request without them for the proxy's own", async () => {
    const { text, fields, protocol } = await ask(server, way);
    expect(text).toBe(`127.0.0.1 asks ${server.url} over ${protocol}\n`);
    expect(fields("set-cookie")).toEqual(["seen=1; Path=/"]);
  });
});

describe("server/behind-proxy.mjs, with the PROXY protocol", () => {
  const server = running(PROGRAM, "proxy-protocol");
  const line = "PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n";

  function connection(first: string): net.Socket {
    const socket = net.connect(server.port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.write(first);
    return socket;
  }

  it("knows the client of a connection of HTTP/2", async () => {
    const session = http2.connect(server.url, { createConnection: () => connection(line) });
    expect(await text(session.request({ ":path": "/" }))).toBe(`192.0.2.1 asks ${server.url} over h2\n`);
    session.close();
    await once(session, "close");
  });

  it("knows the client of a connection of HTTP/1.1", async () => {
    const socket = connection(`${line}GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toContain("192.0.2.1 asks http://example.com over http/1.1\n");
  });

  it("drops a connection of the proxy that does not begin with it", async () => {
    expect(await text(connection("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"))).toBe("");
  });
});
