import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it, vi } from "vitest";
import type { Listener, Server } from "../../../../src/http/server.ts";
import { type FramePeer, HELLO } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { framePeer, serve } from "../../../support/serving.ts";

const echo: Listener = (request, response) => request.pipe(response);

/** The head of a request with a body and an expectation. */
const expecting = (value: string) => frames.headers(1).request("POST", "/").field("expect", value);

/** A peer that has sent such a head to a server with this listener, and whatever else `prepare` gives it. */
async function asking(
  value: string,
  listener: Listener,
  prepare: (server: Server) => void = () => {},
): Promise<FramePeer> {
  const server = await serve(listener);
  prepare(server);
  const peer = await framePeer(server);
  peer.send(HELLO, expecting(value));
  return peer;
}

/** The status of the next head on stream 1. */
async function nextStatus(peer: FramePeer): Promise<string | undefined> {
  const head = (await peer.waitFor(/^HEADERS stream=1/)).at(-1) ?? "";
  return /:status=(\d+)/.exec(head)?.[1];
}

describe("a request that expects 100-continue", () => {
  it("gets it before the application sees the request (RFC 9110 section 10.1.1)", async () => {
    const peer = await asking("100-continue", echo);
    expect(await nextStatus(peer)).toBe("100");
    peer.send(frames.data(1, "body").endStream());
    expect(await nextStatus(peer)).toBe("200");
    expect((await peer.waitFor(/^DATA stream=1/)).at(-1)).toContain("length=4");
  });

  it("is known in any case (RFC 9110 section 10.1.1)", async () => {
    expect(await nextStatus(await asking("100-Continue", echo))).toBe("100");
  });

  it("is left to a listener for checkContinue, which may ask for the body", async () => {
    const peer = await asking(
      "100-continue",
      () => {},
      (server) => {
        server.on("checkContinue", (request, response) => {
          response.writeContinue();
          request.pipe(response);
        });
      },
    );
    expect(await nextStatus(peer)).toBe("100");
    peer.send(frames.data(1, "body").endStream());
    expect(await nextStatus(peer)).toBe("200");
  });

  it("is left to a listener for checkContinue, which may refuse the body", async () => {
    const listener = vi.fn();
    const peer = await asking("100-continue", listener, (server) => {
      server.on("checkContinue", (_request, response) => response.writeHead(413).end());
    });
    expect(await nextStatus(peer)).toBe("413");
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=NO_ERROR");
    expect(listener).not.toHaveBeenCalled();
  });
});

describe("a request that expects something else", () => {
  it("is answered with 417 (RFC 9110 section 10.1.1)", async () => {
    const listener = vi.fn();
    expect(await nextStatus(await asking("miracles", listener))).toBe("417");
    expect(listener).not.toHaveBeenCalled();
  });

  it("is left to a listener for checkExpectation", async () => {
    const peer = await asking(
      "miracles",
      () => {},
      (server) => {
        server.on("checkExpectation", (_request, response) => response.writeHead(202).end());
      },
    );
    expect(await nextStatus(peer)).toBe("202");
  });
});

/** A request on stream 1 that is not answered, of a server that was prepared. */
async function waiting(prepare: (server: Server) => void = () => {}) {
  const { promise, resolve } = arrival<[IncomingMessage, ServerResponse]>();
  const server = await serve((...both) => resolve(both));
  prepare(server);
  const peer = await framePeer(server);
  peer.send(HELLO, frames.headers(1).request("POST", "/"));
  const [request, response] = await promise;
  return { request, response, peer };
}

function arrival<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve = (_value: Value): void => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe("a timeout", () => {
  it("is told to the request, the response, the server and the socket, whoever listens", async () => {
    const told: string[] = [];
    const { request, response } = await waiting((server) => {
      server.on("timeout", () => told.push("server"));
    });
    response.on("timeout", () => told.push("response"));
    request.setTimeout(10, () => told.push("request"));
    await once(request.socket, "timeout");
    expect(told).toEqual(["request", "response", "server"]);
    expect(request.socket.destroyed).toBe(false);
  });

  it("ends the stream if nobody listens (RFC 9113 section 6.4)", async () => {
    const { request, peer } = await waiting();
    request.socket.setTimeout(10);
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=CANCEL");
  });

  it("ends the stream if the socket's listeners are all there are, as with node:http", async () => {
    const { request, peer } = await waiting();
    const listener = vi.fn();
    request.socket.setTimeout(10, listener);
    await peer.waitFor(/^RST_STREAM/);
    expect(listener).toHaveBeenCalledOnce();
  });

  it("that was set on the server is one of each stream", async () => {
    const { request, peer } = await waiting((server) => server.setTimeout(10));
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=CANCEL");
    expect(request.destroyed).toBe(true);
  });
});
