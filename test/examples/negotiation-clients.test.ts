import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { beforeAll, describe, expect, it } from "vitest";
import { type Certificate, certificate } from "../support/certificate.ts";
import { ascii, frames, joined, type Wire } from "../support/frames.ts";
import type { Outcome } from "../support/programs.ts";
import { listen, readAll, readUntil } from "../support/sockets.ts";
import { linesOf, PATIENT, runClient, SWITCHING } from "./support.ts";

let pair: Certificate;
beforeAll(async () => {
  pair = await certificate();
});

function serverFor(way: string): net.Server {
  return way === "tls" ? tls.createServer({ ...pair, ALPNProtocols: ["h2"] }) : net.createServer();
}

function connectionEvent(way: string): string {
  return way === "tls" ? "secureConnection" : "connection";
}

async function urlOf(way: string, server: net.Server): Promise<string> {
  return `${way === "tls" ? "https" : "http"}://127.0.0.1:${await listen(server)}`;
}

/**
 * A server that agrees on HTTP/2 by `way`, sends these frames in the same segment, and reads to the end.
 * The latter gives what it has received behind the request of HTTP/1.1, if there was one.
 */
async function startScripted(
  way: string,
  ...wire: readonly Wire[]
): Promise<{ url: string; received: Promise<string> }> {
  const server = serverFor(way);
  const accepted = once(server, connectionEvent(way)) as Promise<[net.Socket]>;
  const serve = async (): Promise<string> => {
    const [socket] = await accepted;
    if (way === "upgrade") await readUntil(socket, "\r\n\r\n");
    socket.write(joined(ascii(way === "upgrade" ? SWITCHING : ""), frames.settings(), ...wire));
    return readAll(socket);
  };
  return { url: await urlOf(way, server), received: serve() };
}

describe.each(["tls", "upgrade", "prior-knowledge"])("%s-client.mjs", PATIENT, (way) => {
  const ok = frames.headers(1).response(200);

  /** What becomes of the client, and the frames that it has sent. */
  async function answered(...wire: readonly Wire[]): Promise<[Outcome, string[]]> {
    const { url, received } = await startScripted(way, ...wire);
    const outcome = await runClient(way, url, pair.cert);
    return [outcome, linesOf(await received)];
  }

  it("prints status, protocol and body, and ends with a GOAWAY (RFC 9113 section 6.8)", async () => {
    const [outcome, lines] = await answered(ok, frames.data(1, "hello\n").padded(9).endStream());
    expect(outcome).toEqual({ exitCode: 0, output: "200 h2\nhello\n", errors: "" });
    expect(lines.at(-1)).toBe("GOAWAY last=0 error=NO_ERROR");
  });

  it("opens the windows for what it has read (RFC 9113 section 6.9)", async () => {
    const pieces = Array.from({ length: 3 }, () => frames.data(1, new Uint8Array(16_384)));
    const [{ exitCode, output }, lines] = await answered(ok, ...pieces, frames.data(1).endStream());
    expect([exitCode, output.length]).toEqual([0, "200 h2\n".length + 3 * 16_384]);
    expect(lines).toContainEqual(expect.stringMatching(/^WINDOW_UPDATE stream=0/));
  });

  it("takes its answer from a server that has said GOAWAY already (RFC 9113 section 6.8)", async () => {
    const [outcome] = await answered(frames.goaway(1), ok, frames.data(1, "late\n").endStream());
    expect(outcome).toEqual({ exitCode: 0, output: "200 h2\nlate\n", errors: "" });
  });

  it("refuses pushes, which it has no use for (RFC 9113 section 8.4)", async () => {
    const [{ exitCode }, lines] = await answered(frames.pushPromise(1, 2).request("GET", "/pushed"));
    expect(exitCode).toBe(1);
    expect(lines[0]).toMatch(/^SETTINGS .*ENABLE_PUSH=0/);
    expect(lines.at(-1)).toMatch(/^GOAWAY last=0 error=PROTOCOL_ERROR/);
  });

  it.each([
    ["resets the request", frames.rstStream(1, 7), "the server reset the request: REFUSED_STREAM"],
    ["goes away before the request", frames.goaway(0), "the server goes away without an answer"],
    ["goes away with an error", frames.goaway(1, 0xb), "the connection failed: ENHANCE_YOUR_CALM"],
    [
      "breaks a rule",
      frames.data(0, "x"),
      "the connection failed: Received frame with invalid header: DATA belongs to a stream, but came on stream 0",
    ],
  ])("fails, and says why, if the server %s", async (_name, wire, reason) => {
    const { url, received } = await startScripted(way, wire);
    expect(await runClient(way, url, pair.cert)).toEqual({ exitCode: 1, output: "", errors: `${reason}\n` });
    await received;
  });

  it("fails, and says so, if the server ends the connection without an answer", async () => {
    const server = serverFor(way);
    server.on(connectionEvent(way), (socket: net.Socket) => socket.end());
    const { exitCode, errors } = await runClient(way, await urlOf(way, server), pair.cert);
    expect([exitCode, errors]).toEqual([1, expect.stringContaining("connection")]);
  });
});

describe("a client of the examples", PATIENT, () => {
  const page: http.RequestListener = (_request, response) => response.end("a page\n");
  const http2Page = (_request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): void => {
    response.end("a page\n");
  };

  it("gets an answer from node:http2, by ALPN and with prior knowledge", async () => {
    const secure = http2.createSecureServer(pair, http2Page);
    expect(await runClient("tls", await urlOf("tls", secure), pair.cert)).toMatchObject({
      output: "200 h2\na page\n",
    });
    const cleartext = http2.createServer(http2Page);
    const outcome = await runClient("prior-knowledge", await urlOf("prior-knowledge", cleartext), pair.cert);
    expect(outcome).toEqual({ exitCode: 0, output: "200 h2\na page\n", errors: "" });
  });

  it("falls back to HTTP/1.1 where ALPN says so, on the same connection (RFC 9113 section 3.2)", async () => {
    const server = https.createServer(pair, page);
    let connections = 0;
    server.on("secureConnection", () => connections++);
    const outcome = await runClient("tls", await urlOf("tls", server), pair.cert);
    expect(outcome).toEqual({ exitCode: 0, output: "200 http/1.1\na page\n", errors: "" });
    expect(connections).toBe(1);
  });

  it("takes the answer in HTTP/1.1 where the offer of h2c is ignored (RFC 7540 section 3.2)", async () => {
    const outcome = await runClient("upgrade", await urlOf("upgrade", http.createServer(page)), pair.cert);
    expect(outcome).toEqual({ exitCode: 0, output: "200 http/1.1\na page\n", errors: "" });
  });

  it("says that a server does not speak HTTP/2, where it has relied on that", async () => {
    const url = await urlOf("prior-knowledge", http.createServer(page));
    const outcome = await runClient("prior-knowledge", url, pair.cert);
    expect(outcome).toEqual({ exitCode: 1, output: "", errors: "the server does not speak HTTP/2\n" });
  });

  it("refuses a certificate that nobody vouches for", async () => {
    const url = await urlOf("tls", http2.createSecureServer(pair, http2Page));
    const { exitCode, errors } = await runClient("tls", url, "");
    expect([exitCode, errors]).toEqual([1, expect.stringContaining("self-signed certificate")]);
  });

  it("refuses a 101 for another protocol", async () => {
    const server = net.createServer((socket) => {
      socket.write(SWITCHING.replace("h2c", "websocket"));
    });
    const { exitCode, errors } = await runClient("upgrade", await urlOf("upgrade", server), pair.cert);
    expect([exitCode, errors]).toEqual([1, 'the server switched to "websocket", not to "h2c"\n']);
  });
});
