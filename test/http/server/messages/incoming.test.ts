import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer, text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import type { Listener } from "../../../../src/http/server.ts";
import { type FramePeer, get, HELLO } from "../../../support/frame-peer.ts";
import { frames, type Wire } from "../../../support/frames.ts";
import { framePeer, serve } from "../../../support/serving.ts";

/** A request as the listener got it, and the peer that sent it. */
interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly peer: FramePeer;
}

/** Sends frames to a server, and waits for the first request that comes of them. */
async function ask(...parts: readonly Wire[]): Promise<Asked> {
  let arrived: Listener = () => {};
  const asked = new Promise<[IncomingMessage, ServerResponse]>((resolve) => {
    arrived = (...both) => resolve(both);
  });
  const peer = await framePeer(await serve((request, response) => arrived(request, response)));
  peer.send(HELLO, ...parts);
  const [request, response] = await asked;
  return { request, response, peer };
}

const post = (streamId: number) => frames.headers(streamId).request("POST", "/");

describe("the head of a request", () => {
  it("has method, url and version where node:http has them", async () => {
    const { request } = await ask(frames.headers(1).request("PUT", "/a/b?c=d").endStream());
    const { method, url, httpVersion, httpVersionMajor, httpVersionMinor } = request;
    expect({ method, url, httpVersion, httpVersionMajor, httpVersionMinor }).toEqual({
      method: "PUT",
      url: "/a/b?c=d",
      httpVersion: "2.0",
      httpVersionMajor: 2,
      httpVersionMinor: 0,
    });
  });

  it("has :authority as Host, in front, in place of a Host that came (RFC 9113 section 8.3.1)", async () => {
    const { request } = await ask(
      get(1),
      frames.headers(3).request("GET", "/").field("host", "example.com").endStream(),
    );
    expect(request.headers.host).toBe("example.com");
    expect(request.rawHeaders.slice(0, 2)).toEqual(["host", "example.com"]);
    expect(request.rawHeaders.filter((name) => name.startsWith(":"))).toEqual([]);
  });

  it("joins and splits fields as node:http does", async () => {
    const head = frames.headers(1).request("GET", "/").field("x-list", "1").field("x-list", "2");
    const { request } = await ask(head.field("cookie", "a=1").field("cookie", "b=2").endStream());
    expect(request.headers["x-list"]).toBe("1, 2");
    expect(request.headers.cookie).toBe("a=1; b=2");
    expect(request.headersDistinct["x-list"]).toEqual(["1", "2"]);
  });

  it("says chunked where a body follows whose length is not known, as body parsers look for it", async () => {
    expect((await ask(post(1))).request.headers["transfer-encoding"]).toBe("chunked");
    const known = await ask(post(1).field("content-length", "4"));
    expect(known.request.headers).not.toHaveProperty("transfer-encoding");
    expect((await ask(get(1))).request.headers).not.toHaveProperty("transfer-encoding");
  });

  it("has a socket that tells who is at the other end", async () => {
    const { request, peer } = await ask(get(1));
    const { remoteAddress, remotePort, localAddress, encrypted } = request.socket as typeof request.socket & {
      encrypted?: true;
    };
    expect({ remoteAddress, remotePort, localAddress, encrypted }).toEqual({
      remoteAddress: "127.0.0.1",
      remotePort: (peer.socket as { localPort?: number }).localPort,
      localAddress: "127.0.0.1",
      encrypted: undefined,
    });
  });
});

describe("the body of a request", () => {
  it("is read as it comes", async () => {
    const { request, peer } = await ask(post(1));
    peer.send(frames.data(1, "one "), frames.data(1, "two").endStream());
    expect(await text(request)).toBe("one two");
    expect(request.complete).toBe(true);
  });

  it("ends at once where there is none", async () => {
    const { request } = await ask(get(1));
    expect(await text(request)).toBe("");
  });

  it("does not count padding, but the windows do (RFC 9113 section 6.1)", async () => {
    const { request, peer } = await ask(post(1));
    peer.send(frames.data(1, "body").padded(200).endStream());
    expect((await buffer(request)).toString()).toBe("body");
  });

  it("is followed by trailers (RFC 9113 section 8.1)", async () => {
    const { request, peer } = await ask(post(1));
    peer.send(frames.data(1, "body"), frames.headers(1).field("x-sum", "42").endStream());
    expect(request.trailers).toEqual({});
    expect(await text(request)).toBe("body");
    expect(request.trailers).toEqual({ "x-sum": "42" });
    expect(request.rawTrailers).toEqual(["x-sum", "42"]);
  });

  it("is not acknowledged while nobody reads, so that the stream's window closes (RFC 9113 section 5.2)", async () => {
    const { request, peer } = await ask(post(1));
    const piece = new Uint8Array(16_384);
    for (let sent = 0; sent < 262_144; sent += piece.length) peer.send(frames.data(1, piece));
    peer.send(frames.ping());
    const before = await peer.waitFor(/^PING/);
    expect(before.filter((line) => /^WINDOW_UPDATE stream=1/.test(line))).toEqual([]);
    request.resume();
    expect((await peer.waitFor(/^WINDOW_UPDATE stream=1/)).length).toBeGreaterThan(0);
  });

  it("leaves the other streams their room while nobody reads", async () => {
    const { peer } = await ask(post(1));
    const piece = new Uint8Array(16_384);
    for (let sent = 0; sent < 262_144; sent += piece.length) peer.send(frames.data(1, piece));
    peer.send(post(3), frames.data(3, piece).endStream(), frames.ping());
    expect((await peer.waitFor(/^PING/)).join()).not.toMatch(/GOAWAY|RST_STREAM/);
  });
});

describe("a request that is not read", () => {
  it("is not wanted any more when the response is complete (RFC 9113 section 8.1)", async () => {
    const { request, response, peer } = await ask(post(1), frames.data(1, "begun"));
    response.end("enough");
    const came = await peer.waitFor(/^RST_STREAM/);
    expect(came.slice(-2)).toEqual([
      expect.stringMatching(/^DATA stream=1 END_STREAM/),
      expect.stringMatching(/^RST_STREAM stream=1 error=NO_ERROR/),
    ]);
    await vi.waitUntil(() => request.closed);
    expect(request.aborted).toBe(false);
  });

  it("may still come to its end", async () => {
    const { request, response, peer } = await ask(post(1));
    response.end("enough");
    await peer.waitFor(/^DATA stream=1 END_STREAM/);
    peer.send(frames.data(1, "late").endStream(), frames.ping());
    expect((await peer.waitFor(/^PING/)).join()).not.toContain("RST_STREAM");
    await vi.waitUntil(() => request.closed);
    expect(request.aborted).toBe(false);
  });

  it("is still held against the rules when the response is complete (RFC 9113 section 8.1)", async () => {
    const { response, peer } = await ask(post(1));
    response.end("enough");
    await peer.waitFor(/^DATA stream=1 END_STREAM/);
    peer.send(frames.data(1, "body"), frames.headers(1).field("x-trailer", "without an end"));
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("error=PROTOCOL_ERROR");
  });

  it("is stopped at once if much of it comes behind the response (RFC 9113 section 8.1)", async () => {
    const { response, peer } = await ask(post(1));
    response.end("enough");
    await peer.waitFor(/^DATA stream=1 END_STREAM/);
    const piece = new Uint8Array(16_384);
    peer.send(frames.data(1, piece), frames.data(1, piece), frames.ping());
    const came = await peer.waitFor(/^PING/);
    peer.send(frames.ping());
    came.push(...(await peer.waitFor(/^PING/)));
    expect(came.join()).toContain("RST_STREAM stream=1 error=NO_ERROR");
  });

  it("gives the connection's window back (RFC 9113 section 6.9.1)", async () => {
    let unread: ServerResponse[] = [];
    const server = await serve((request, response) => {
      unread.push(response);
      if (request.method !== "GET") return;
      for (const one of unread) one.end();
      unread = [];
    });
    const peer = await framePeer(server);
    peer.send(HELLO);
    // Together twice as much as the window.
    for (let streamId = 1; streamId < 32; streamId += 4) {
      peer.send(post(streamId));
      for (let count = 0; count < 16; count++) peer.send(frames.data(streamId, new Uint8Array(16_384)));
      peer.send(get(streamId + 2));
      expect((await peer.waitFor(/^RST_STREAM|^GOAWAY/)).at(-1)).toContain("error=NO_ERROR");
    }
  });

  it("is read to its end if that was begun, though the response is complete", async () => {
    const { request, response, peer } = await ask(post(1));
    const body = text(request);
    peer.send(frames.data(1, "one "));
    response.end("early");
    await peer.waitFor(/^DATA stream=1 END_STREAM/);
    peer.send(frames.data(1, "two").endStream());
    expect(await body).toBe("one two");
    expect(peer.came()).toEqual([]);
  });
});

describe("a request that is cut short", () => {
  it.each([
    ["a reset (RFC 9113 section 6.4)", (peer: FramePeer) => peer.send(frames.rstStream(1, 8))],
    ["the end of the peer's half", (peer: FramePeer) => void peer.socket.end()],
    ["the loss of the connection", (peer: FramePeer) => void peer.socket.destroy()],
    ["an error of the connection", (peer: FramePeer) => peer.send(frames.data(0, "on no stream"))],
  ])("by %s is aborted", async (_name, cut) => {
    const { request, response, peer } = await ask(post(1), frames.data(1, "begun"));
    const emitted: string[] = [];
    for (const event of ["aborted", "close"]) request.on(event, () => emitted.push(event));
    const failed = once(request, "error");
    const closed = once(response, "close");
    cut(peer);
    expect(await failed).toEqual([expect.objectContaining({ message: "aborted", code: "ECONNRESET" })]);
    await closed;
    await vi.waitUntil(() => emitted.includes("close"));
    expect(emitted).toEqual(["aborted", "close"]);
    expect(request.aborted && request.destroyed && response.destroyed).toBe(true);
  });

  it("needs no listener for its error", async () => {
    const { request, peer } = await ask(post(1));
    peer.send(frames.rstStream(1, 8));
    await vi.waitUntil(() => request.closed);
  });

  it("by the application resets the stream (RFC 9113 section 5.4.2)", async () => {
    const { request, response, peer } = await ask(post(1));
    request.destroy();
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=CANCEL");
    await vi.waitUntil(() => response.closed);
  });

  it("after the response still resets the stream", async () => {
    const { request, response, peer } = await ask(post(1));
    request.resume();
    await once(request, "resume");
    peer.send(frames.data(1, "begun"));
    await once(request, "data");
    response.end("early");
    await peer.waitFor(/^DATA stream=1 END_STREAM/);
    request.destroy(new Error("no more"));
    request.on("error", () => {});
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=INTERNAL_ERROR");
  });
});
