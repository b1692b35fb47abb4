import { once } from "node:events";
import { createServer } from "node:http";
import net from "node:net";
import { describe, expect, it } from "vitest";
import { requestUpgrade } from "../../src/node/upgrade-client.ts";
import { duplexPair } from "../support/duplex-pair.ts";
import { latin1, listen, listenerCounts, octetsOf, readAll, readUntil, tcpPair } from "../support/sockets.ts";
import { VALID_SETTINGS } from "../support/upgrade-request.ts";

const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
const SETTINGS = "\0\0\0\x04\0\0\0\0\0";
const REQUEST = { host: "example.com", settings: VALID_SETTINGS };

/** Sends a request to a server that answers with these segments; `close` ends the connection behind them. */
async function requestAnswered(segments: string[], close = false) {
  const [client, server] = duplexPair();
  const outcome = requestUpgrade(client, REQUEST);
  await readUntil(server, "\r\n\r\n");
  for (const segment of segments) server.write(octetsOf(segment));
  if (close) server.end();
  return { client, server, outcome };
}

describe("a client that asks for h2c", () => {
  it("sends a request with HTTP2-Settings, named in Connection (RFC 7540 section 3.2)", async () => {
    const [client, server] = duplexPair();
    const outcome = requestUpgrade(client, {
      ...REQUEST,
      path: "/path?query",
      headers: [
        ["User-Agent", "test/1"],
        ["Cookie", "a=b"],
        ["Cookie", "\xe9"],
      ],
    });
    expect(await readUntil(server, "\r\n\r\n")).toBe(
      [
        "GET /path?query HTTP/1.1",
        "Host: example.com",
        "Connection: Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        `HTTP2-Settings: ${VALID_SETTINGS}`,
        "User-Agent: test/1",
        "Cookie: a=b",
        "Cookie: \xe9",
        "\r\n",
      ].join("\r\n"),
    );
    server.write(SWITCHING);
    expect(await outcome).toEqual({ protocol: "h2", how: "upgrade", octets: Buffer.alloc(0) });
  });

  it("sends nothing of HTTP/2 before 101 (RFC 7540 section 3.2)", async () => {
    const { server, outcome } = await requestAnswered([]);
    await new Promise(setImmediate);
    expect(server.read()).toBeNull();
    server.write(SWITCHING);
    await outcome;
    expect(server.read()).toBeNull();
  });

  it("sends a body whole, its length in front (RFC 7540 section 3.2)", async () => {
    const [client, server] = duplexPair();
    const outcome = requestUpgrade(client, { ...REQUEST, method: "post", body: octetsOf("hello") });
    const text = await readUntil(server, "hello");
    expect(text).toMatch(/^POST \/ HTTP\/1\.1\r\n/);
    expect(text).toContain("\r\nContent-Length: 5\r\n");
    expect(text).not.toContain("Transfer-Encoding");
    server.write(SWITCHING);
    expect((await outcome).protocol).toBe("h2");
  });

  it("says that a POST without body has none", async () => {
    const [client, server] = duplexPair();
    requestUpgrade(client, { ...REQUEST, method: "POST" }).catch(() => {});
    expect(await readUntil(server, "\r\n\r\n")).toContain("\r\nContent-Length: 0\r\n");
  });

  it("gives back what came behind 101 in the same segment", async () => {
    const { outcome } = await requestAnswered([SWITCHING + SETTINGS]);
    expect(await outcome).toMatchObject({ protocol: "h2", octets: Buffer.from(octetsOf(SETTINGS)) });
  });

  it("loses nothing wherever the answer is cut", async () => {
    const text = SWITCHING + SETTINGS;
    for (let cut = 1; cut < text.length; cut++) {
      const { client, outcome } = await requestAnswered([text.slice(0, cut), text.slice(cut)]);
      const result = await outcome;
      expect(result.protocol).toBe("h2");
      const octets = result.protocol === "h2" ? latin1(result.octets) : "";
      await new Promise(setImmediate);
      expect(octets + latin1(client.read() ?? new Uint8Array(0))).toBe(SETTINGS);
    }
  });

  it("gives back the socket paused, without listeners, later octets in it", async () => {
    const { client, server } = await tcpPair();
    const before = listenerCounts(client);
    const outcome = requestUpgrade(client, REQUEST);
    await readUntil(server, "\r\n\r\n");
    server.write(SWITCHING);
    await outcome;
    expect(listenerCounts(client)).toEqual(before);
    expect(client.isPaused()).toBe(true);
    server.write(SETTINGS);
    expect(await readUntil(client, SETTINGS)).toBe(SETTINGS);
  });

  it("works on a socket that is still connecting, and on one that is paused", async () => {
    const port = await listen(net.createServer((socket) => socket.end(SWITCHING)));
    const connecting = net.connect(port, "127.0.0.1");
    expect((await requestUpgrade(connecting, REQUEST)).protocol).toBe("h2");
    const paused = net.connect(port, "127.0.0.1").pause();
    await once(paused, "connect");
    expect((await requestUpgrade(paused, REQUEST)).protocol).toBe("h2");
  });

  it("takes interim answers before 101 (RFC 8297)", async () => {
    const { outcome } = await requestAnswered([`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${SWITCHING}`]);
    expect((await outcome).protocol).toBe("h2");
  });

  it.each([200, 404, 426, 500])(
    "takes %i for the answer, in HTTP/1.1 (RFC 7540 section 3.2)",
    async (status) => {
      const server = createServer((_request, response) => response.writeHead(status).end("hello"));
      const socket = net.connect(await listen(server), "127.0.0.1");
      const outcome = await requestUpgrade(socket, REQUEST);
      if (outcome.protocol !== "http/1.1") throw new Error("the server does not know h2c");
      expect(outcome.response.statusCode).toBe(status);
      expect(await readAll(outcome.response)).toBe("hello");
    },
  );

  it.each([
    ["another protocol", "Connection: Upgrade\r\nUpgrade: websocket\r\n", '"websocket"'],
    ["h2c on top of another protocol", "Connection: Upgrade\r\nUpgrade: TLS/1.0, h2c\r\n", '"TLS/1.0, h2c"'],
    ["h2", "Connection: Upgrade\r\nUpgrade: h2\r\n", '"h2"'],
    ["no protocol", "", '""'],
    ["h2c that Connection does not name", "Upgrade: h2c\r\n", "h2c"],
  ])("refuses a 101 for %s (RFC 9110 section 7.8)", async (_name, fields, named) => {
    const { client, outcome } = await requestAnswered([`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n`]);
    await expect(outcome).rejects.toMatchObject({
      code: "WRONG_UPGRADE",
      message: expect.stringContaining(named),
    });
    expect(client.destroyed).toBe(true);
  });

  it("takes H2C in other letters (RFC 9110 section 7.8)", async () => {
    const { outcome } = await requestAnswered([SWITCHING.replace("h2c", "H2C")]);
    expect((await outcome).protocol).toBe("h2");
  });

  it("fails when the server closes without an answer, or in the middle of one", async () => {
    const none = await requestAnswered([], true);
    await expect(none.outcome).rejects.toMatchObject({ code: "CLOSED" });
    const half = await requestAnswered(["HTTP/1.1 200 OK\r\nContent-"], true);
    await expect(half.outcome).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("fails when nobody listens, and nothing goes uncaught", async () => {
    const server = net.createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(requestUpgrade(net.connect(port, "127.0.0.1"), REQUEST)).rejects.toMatchObject({
      code: "CLOSED",
      cause: { code: "ECONNREFUSED" },
    });
  });

  it("fails when the answer is not HTTP/1.1", async () => {
    const { outcome } = await requestAnswered([SETTINGS]);
    await expect(outcome).rejects.toMatchObject({ code: "NO_COMMON_PROTOCOL" });
  });

  it("fails when the server does not answer in time", async () => {
    const { client, server } = await tcpPair();
    server.resume();
    await expect(requestUpgrade(client, { ...REQUEST, timeout: 1 })).rejects.toMatchObject({
      code: "TIMEOUT",
    });
    expect(client.destroyed).toBe(true);
  });

  it("survives a server that breaks off in the body of its answer", async () => {
    const { client, server } = await tcpPair();
    const outcome = requestUpgrade(client, REQUEST);
    await readUntil(server, "\r\n\r\n");
    server.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    const result = await outcome;
    if (result.protocol !== "http/1.1") throw new Error("the server does not know h2c");
    const failed = once(result.response, "error");
    server.resetAndDestroy();
    expect((await failed)[0]).toMatchObject({ code: "ECONNRESET" });
  });

  it("refuses a TLS socket and leaves it alone (RFC 7540 section 3.2)", async () => {
    const [client] = duplexPair();
    const encrypted = Object.assign(client, { encrypted: true });
    await expect(requestUpgrade(encrypted, REQUEST)).rejects.toThrow(TypeError);
    expect(client.destroyed).toBe(false);
  });

  it.each([
    ["a field of its own", { headers: [["upgrade", "websocket"]] }],
    ["a value with a line break", { headers: [["a", "b\r\nc: d"]] }],
    ["a path with a space", { path: "/a b" }],
    ["a method that is no token", { method: "G T" }],
  ] as const)("refuses %s before anything is sent", async (_name, options) => {
    const [client, server] = duplexPair();
    await expect(requestUpgrade(client, { ...REQUEST, ...options })).rejects.toThrow(TypeError);
    await new Promise(setImmediate);
    expect(server.read()).toBeNull();
    expect(client.destroyed).toBe(false);
  });
});
