import { once } from "node:events";
import type http from "node:http";
import net from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { describe, expect, it } from "vitest";
import {
  createServer,
  type Listener,
  type NodeServerOptions,
  type Server,
  serve as serveFetch,
} from "../../../../src/http/server.ts";
import { HELLO } from "../../../support/frame-peer.ts";
import { connectTo, echoPath, framePeer, serve, serveTls } from "../../../support/serving.ts";
import { upgradeRequest } from "../../../support/upgrade-request.ts";
import { connectRequest } from "../tunnel/support.ts";

/** The whole answer to a request that is the last one of its connection. */
async function answerTo(server: Server, ...lines: string[]): Promise<string> {
  const socket = net.connect(server.port, "127.0.0.1");
  socket.write(`${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

const LONG = "x".repeat(20_000);
const GET = ["GET /path HTTP/1.1", "Host: localhost"];

describe("the options of node:http", () => {
  it.each(["cleartext", "TLS"])("are those of the server, over %s", async (transport) => {
    const node: NodeServerOptions = {
      keepAliveTimeout: 1_001,
      headersTimeout: 1_002,
      requestTimeout: 1_003,
      requireHostHeader: false,
    };
    const server = await (transport === "TLS" ? serveTls : serve)(echoPath, { node });
    expect(server).toMatchObject(node);
  });

  it("are taken in the fetch style too", async () => {
    const server = serveFetch({ fetch: () => new Response(), node: { keepAliveTimeout: 1_001 } });
    await server.ready;
    expect(server.node.keepAliveTimeout).toBe(1_001);
    await server.close();
  });

  it("bound the head of a request (RFC 6585 section 5)", async () => {
    const request = [...GET, `X-Long: ${LONG}`];
    expect(await answerTo(await serve(echoPath), ...request)).toMatch(/^HTTP\/1\.1 431 /);
    const patient = await serve(echoPath, { node: { maxHeaderSize: 32_768 } });
    expect(await answerTo(patient, ...request)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("bound the head of a request for h2c in the same way", async () => {
    const server = await serve(echoPath, { upgrade: "accept", node: { maxHeaderSize: 1_000 } });
    const socket = net.connect(server.port, "127.0.0.1");
    socket.end(upgradeRequest({ more: `X-Long: ${"x".repeat(1_000)}\r\n` }));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("may let in requests without Host (RFC 9112 section 3.2)", async () => {
    const request = ["GET /path HTTP/1.1"];
    expect(await answerTo(await serve(echoPath), ...request)).toMatch(/^HTTP\/1\.1 400 /);
    const lax = await serve(echoPath, { node: { requireHostHeader: false } });
    expect(await answerTo(lax, ...request)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("may let in what is no field line (RFC 9112 section 5)", async () => {
    const request = [...GET, "X-Control: \u0001"];
    expect(await answerTo(await serve(echoPath), ...request)).toMatch(/^HTTP\/1\.1 400 /);
    const lax = await serve(echoPath, { node: { insecureHTTPParser: true } });
    expect(await answerTo(lax, ...request)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("end requests that take too long (RFC 9110 section 15.5.9)", async () => {
    const node = { headersTimeout: 20, connectionsCheckingInterval: 10 };
    const server = await serve(echoPath, { node });
    const socket = net.connect(server.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("join the lines of fields of a response in HTTP/1.1", async () => {
    const listener: Listener = (_request, response) => {
      response.setHeader("x-many", ["a", "b"]);
      response.end();
    };
    const server = await serve(listener, { node: { uniqueHeaders: ["x-many"] } });
    expect(await answerTo(server, ...GET)).toContain("x-many: a; b\r\n");
  });

  it.each(["http/1.1", "prior-knowledge"] as const)(
    "join the lines of fields of a request, by %s",
    async (negotiation) => {
      const headers: [string, string][] = [
        ["age", "1"],
        ["age", "2"],
      ];
      const listener: Listener = (request, response) => response.end(request.headers.age);
      const usual = await connectTo(await serve(listener), { negotiation });
      expect(await (await usual.request({ headers })).text()).toBe("1");
      const server = await serve(listener, { node: { joinDuplicateHeaders: true } });
      const joining = await connectTo(server, { negotiation });
      expect(await (await joining.request({ headers })).text()).toBe("1, 2");
    },
  );

  it("join the lines of fields of a request for a tunnel (RFC 8441 section 5)", async () => {
    const server = await serve(echoPath, { node: { joinDuplicateHeaders: true } });
    const asked = once(server, "connect") as Promise<[http.IncomingMessage, Duplex]>;
    const peer = await framePeer(server);
    peer.send(HELLO, connectRequest(1).field("age", "1").field("age", "2"));
    const [request, socket] = await asked;
    expect(request.headers.age).toBe("1, 2");
    socket.destroy();
  });

  it.each(["http/1.1", "prior-knowledge"] as const)(
    "refuse a body where there is none, by %s (RFC 9110 section 9.3.2)",
    async (negotiation) => {
      const errors: unknown[] = [];
      const listener: Listener = (_request, response) => response.end("body");
      const server = await serve(listener, {
        node: { rejectNonStandardBodyWrites: true },
        onError: (error) => errors.push(error),
      });
      const session = await connectTo(server, { negotiation });
      await expect(session.request({ method: "HEAD" })).rejects.toThrow();
      expect(errors).toMatchObject([{ code: "ERR_HTTP_BODY_NOT_ALLOWED" }]);
    },
  );

  it.each(["cleartext", "TLS"])("are those of every socket, over %s", async (transport) => {
    const highWaterMark = 12_345;
    const node = { highWaterMark, keepAlive: true, keepAliveInitialDelay: 1_000, noDelay: false };
    const server = await (transport === "TLS" ? serveTls : serve)(echoPath, { node });
    const accepted = once(server, "connection") as Promise<[net.Socket]>;
    const client =
      transport === "TLS"
        ? tls.connect({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false })
        : net.connect(server.port, "127.0.0.1");
    const [socket] = await accepted;
    expect(socket.readableHighWaterMark).toBe(highWaterMark);
    client.destroy();
  });

  it("are refused where they have not their range", () => {
    expect(() => createServer({ node: { headersTimeout: 2, requestTimeout: 1 } })).toThrow(RangeError);
  });

  it.each(["IncomingMessage", "ServerResponse"])("are refused where they replace %s", (name) => {
    const node = { [name]: class {} } as http.ServerOptions as NodeServerOptions;
    expect(() => createServer({ node })).toThrow(new RegExp(`^node\\.${name} .* own`));
    expect(() => createServer({ node })).toThrow(TypeError);
  });
});
