import net from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { type FetchHandler, LazyResponse } from "../../../../src/http/server.ts";
import { readUntil } from "../../../support/sockets.ts";
import { served, signal } from "./support.ts";

/** What the server answers to octets, to the end of the connection. */
async function exchanged(fetch: FetchHandler, sent: string): Promise<string> {
  const { port } = await served(fetch);
  const socket = net.connect(port, "127.0.0.1");
  socket.write(sent);
  return text(socket);
}

const CLOSE = "Connection: close\r\n\r\n";
const showingUrl: FetchHandler = ({ url }) => new LazyResponse(url);

describe("the URL of a request over HTTP/1.1 (RFC 9112 section 3.3)", () => {
  it.each([
    ["GET /a?b HTTP/1.1\r\nHost: Example.com\r\n", "http://example.com/a?b"],
    ["GET //a HTTP/1.1\r\nHost: example.com\r\n", "http://example.com//a"],
    ["GET http://Other.example:80/a?b HTTP/1.1\r\nHost: example.com\r\n", "http://other.example/a?b"],
    ["GET http://other.example?b HTTP/1.1\r\nHost: example.com\r\n", "http://other.example/?b"],
    ["OPTIONS * HTTP/1.1\r\nHost: example.com\r\n", "http://example.com/"],
  ])("of %j is %s", async (head, url) => {
    expect(await exchanged(showingUrl, `${head}${CLOSE}`)).toMatch(
      new RegExp(`\r\n\r\n${url.replace("?", "\\?")}$`),
    );
  });

  it("of a request without Host, which only HTTP/1.0 has, is that of the server", async () => {
    expect(await exchanged(showingUrl, "GET /a HTTP/1.0\r\n\r\n")).toMatch(/http:\/\/127\.0\.0\.1:\d+\/a$/);
  });

  it.each([
    "GET / HTTP/1.1\r\nHost: a@b\r\n",
    "GET / HTTP/1.1\r\nHost: a b\r\n",
    "GET / HTTP/1.1\r\nHost: \r\n",
    "GET / HTTP/1.1\r\nHost: [::zz]\r\n",
    "GET ftp://other.example/a HTTP/1.1\r\nHost: example.com\r\n",
    "GET http://user@other.example/ HTTP/1.1\r\nHost: example.com\r\n",
  ])("does not exist for %j, which gets status 400", async (head) => {
    expect(await exchanged(showingUrl, `${head}${CLOSE}`)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("a response over HTTP/1.1", () => {
  it("has the reason that the application gives it", async () => {
    const init = { status: 299, statusText: "Quite Fine" };
    const answer = await exchanged(() => new LazyResponse("", init), `GET / HTTP/1.1\r\nHost: a\r\n${CLOSE}`);
    expect(answer).toMatch(/^HTTP\/1\.1 299 Quite Fine\r\n/);
  });

  it("ends with the connection for HTTP/1.0, where nobody knows its length", async () => {
    const slow = (): Response => {
      const turns = async function* (): AsyncGenerator<Uint8Array> {
        for (const piece of ["te", "xt"]) {
          await new Promise(setImmediate);
          await new Promise(setImmediate);
          yield Buffer.from(piece);
        }
      };
      return new LazyResponse(ReadableStream.from(turns()));
    };
    const answer = await exchanged(slow, "GET / HTTP/1.0\r\n\r\n");
    expect(answer).not.toMatch(/transfer-encoding|content-length/i);
    expect(answer).toMatch(/\r\n\r\ntext$/);
  });

  it("keeps the connection for the next request, pipelined or not (RFC 9112 section 9.3)", async () => {
    const { port } = await served(async (request) => new LazyResponse(request.url + (await request.text())));
    const socket = net.connect(port, "127.0.0.1");
    const post = "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\ntext";
    socket.write(`${post}GET /2 HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(await readUntil(socket, "a/2")).toMatch(/a\/1text[\s\S]*a\/2$/);
    socket.write(`GET /3 HTTP/1.1\r\nHost: a\r\n${CLOSE}`);
    socket.resume();
    expect(await text(socket)).toMatch(/a\/3$/);
  });
});

describe("the body of a request over HTTP/1.1", () => {
  it("is read to its end though nobody wants it, so that the next request is found", async () => {
    const { port } = await served(({ url }) => new LazyResponse(url));
    const socket = net.connect(port, "127.0.0.1");
    socket.write(`POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n${"x".repeat(200_000)}`);
    socket.write(`GET /2 HTTP/1.1\r\nHost: a\r\n${CLOSE}`);
    expect(await text(socket)).toMatch(/a\/1[\s\S]*a\/2$/);
  });

  it("is read to its end though the handler gave up", async () => {
    const { port } = await served(async (request) => {
      for await (const _octets of (request.body ?? []) as AsyncIterable<Uint8Array>) break;
      return new LazyResponse(request.url);
    });
    const socket = net.connect(port, "127.0.0.1");
    socket.write(`POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n${"x".repeat(200_000)}`);
    socket.write(`GET /2 HTTP/1.1\r\nHost: a\r\n${CLOSE}`);
    expect(await text(socket)).toMatch(/a\/1[\s\S]*a\/2$/);
  });

  it("is null without a length, and with length 0 (RFC 9112 section 6.3)", async () => {
    const handler: FetchHandler = async (request) =>
      new LazyResponse(`${request.body === null}${await request.text()}`);
    expect(await exchanged(handler, `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n${CLOSE}`)).toMatch(
      /true$/,
    );
    expect(await exchanged(handler, `POST / HTTP/1.1\r\nHost: a\r\n${CLOSE}`)).toMatch(/true$/);
  });

  it("fails when the connection breaks, for each way to read it", async () => {
    const failed: string[] = [];
    const note = (error: Error): void => void failed.push(error.name);
    const { port } = await served((request) => {
      if (request.url.endsWith("/text")) request.text().catch(note);
      else request.body?.getReader().read().catch(note);
      arrived.resolve();
      return new Promise(() => {});
    });
    let arrived = signal();
    for (const path of ["/text", "/stream"]) {
      arrived = signal();
      const socket = net.connect(port, "127.0.0.1");
      socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n`);
      await arrived.promise;
      socket.destroy();
    }
    await vi.waitFor(() => expect(failed).toEqual(["AbortError", "AbortError"]));
  });

  it("is asked for with 100 when somebody reads it (RFC 9110 section 10.1.1)", async () => {
    const read = signal();
    const { port } = await served(async (request) => {
      await read.promise;
      return new LazyResponse(await request.text());
    });
    const socket = net.connect(port, "127.0.0.1");
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n${CLOSE}`);
    read.resolve();
    expect(await readUntil(socket, "\r\n\r\n")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    socket.write("text");
    socket.resume();
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [\s\S]*text$/);
  });

  it("is not asked for if nobody reads it, and the connection ends (RFC 9110 section 10.1.1)", async () => {
    const answer = await exchanged(
      () => new LazyResponse("", { status: 413 }),
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close/i);
  });

  it("with another expectation is answered with status 417", async () => {
    const answer = await exchanged(
      () => new LazyResponse(),
      `GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n${CLOSE}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 417 /);
  });
});

describe("listeners of the server below", () => {
  it("see each request of HTTP/1.1 as its event, one with an expectation too", async () => {
    const server = await served(async (request) => new LazyResponse(await request.text()));
    const seen = vi.fn();
    server.node.prependListener("request", ({ url }) => seen(url));
    await fetch(`${server.url}/a`);
    const socket = net.connect(server.port, "127.0.0.1");
    socket.write(`POST /b HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n${CLOSE}x`);
    await text(socket);
    expect(seen.mock.calls).toEqual([["/a"], ["/b"]]);
  });
});
