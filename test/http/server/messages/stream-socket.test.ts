import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { describe, expect, it, vi } from "vitest";
import type { Server } from "../../../../src/http/server.ts";
import { type FramePeer, get, HELLO } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { framePeer, nodeClient, nodeRequest, serve, serveTls } from "../../../support/serving.ts";

/** What a listener finds out about the socket of its request. */
async function asked<Value>(
  start: (listener: (request: IncomingMessage) => Value) => Promise<Server>,
  ask: (request: IncomingMessage) => Value,
): Promise<Value> {
  let found: Value | undefined;
  const server = await start((request) => {
    found = ask(request);
    return found;
  });
  await nodeRequest(await nodeClient(server), { ":path": "/" });
  return found as Value;
}

const cleartext = (listener: (request: IncomingMessage) => unknown): Promise<Server> =>
  serve((request, response) => {
    listener(request);
    response.end();
  });

const overTls = (listener: (request: IncomingMessage) => unknown): Promise<Server> =>
  serveTls((request, response) => {
    listener(request);
    response.end();
  });

describe("the socket of a request of HTTP/2", () => {
  it("tells what TLS agreed on, as applications ask for it", async () => {
    const found = await asked(overTls, ({ socket }) => {
      const tls = socket as TLSSocket;
      return {
        encrypted: tls.encrypted,
        authorized: tls.authorized,
        alpnProtocol: tls.alpnProtocol,
        protocol: tls.getProtocol(),
        cipher: tls.getCipher().standardName,
        certificate: tls.getPeerCertificate(),
      };
    });
    expect(found).toEqual({
      encrypted: true,
      authorized: false,
      alpnProtocol: "h2",
      protocol: "TLSv1.3",
      cipher: expect.stringMatching(/^TLS_/),
      certificate: {},
    });
  });

  it("says that there is no TLS in cleartext", async () => {
    const found = await asked(cleartext, ({ socket }) => {
      const tls = socket as TLSSocket;
      return [tls.encrypted, tls.authorized, tls.alpnProtocol, tls.getProtocol(), tls.getCipher()];
    });
    expect(found).toEqual([undefined, undefined, undefined, null, undefined]);
  });

  it("tells both addresses", async () => {
    const found = await asked(cleartext, ({ socket }) => ({
      address: socket.address(),
      family: socket.remoteFamily,
      localPort: socket.localPort,
    }));
    expect(found).toEqual({
      address: { address: "127.0.0.1", family: "IPv4", port: found.localPort },
      family: "IPv4",
      localPort: expect.any(Number),
    });
  });

  it("may be said to be encrypted, as applications do behind a proxy that ends TLS", async () => {
    const found = await asked(cleartext, (request) => {
      (request.socket as TLSSocket & { encrypted: boolean }).encrypted = true;
      return (request.socket as TLSSocket).encrypted;
    });
    expect(found).toBe(true);
  });

  it("cannot be written to, since that would be HTTP/1.1", async () => {
    const message = await asked(cleartext, ({ socket }) => {
      try {
        return socket.write("HTTP/1.1 200 OK\r\n\r\n");
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(message).toContain("nothing can be written");
  });

  it.each([
    ["cleartext", cleartext],
    ["TLS", overTls],
  ])("knows the server that has accepted it, over %s", async (_name, start) => {
    let server: Server | undefined;
    const found = await asked(
      async (listener) => {
        server = await start(listener);
        return server;
      },
      ({ socket }) => (socket as Socket & { server: unknown }).server,
    );
    expect(found === server).toBe(true);
  });

  it("lets itself be asked for what does not concern a stream", async () => {
    const found = await asked(cleartext, ({ socket }) => [
      socket.setNoDelay() === socket,
      socket.setKeepAlive() === socket,
      socket.ref() === socket,
      socket.unref() === socket,
      socket.pause() === socket,
      socket.resume() === socket,
      socket.readable && socket.writable && !socket.destroyed,
    ]);
    expect(found).not.toContain(false);
  });
});

/** A request on stream 1, its socket, and what the socket emits. */
async function begun(): Promise<{
  response: ServerResponse;
  socket: Socket;
  told: string[];
  peer: FramePeer;
}> {
  let arrive = (_response: ServerResponse): void => {};
  const arrived = new Promise<ServerResponse>((resolve) => {
    arrive = resolve;
  });
  const peer = await framePeer(await serve((_request, response) => arrive(response)));
  peer.send(HELLO, get(1));
  const response = await arrived;
  const socket = response.socket as Socket;
  const told: string[] = [];
  socket.on("close", (hadError: boolean) => told.push(`close, ${hadError ? "error" : "no error"}`));
  return { response, socket, told, peer };
}

describe("the end of such a socket", () => {
  it("comes with the end of the response", async () => {
    const { response, socket, told } = await begun();
    response.end("all");
    await once(socket, "close");
    expect([told, socket.destroyed]).toEqual([["close, no error"], true]);
  });

  it("comes when the client resets the stream (RFC 9113 section 6.4)", async () => {
    const { socket, told, peer } = await begun();
    peer.send(frames.rstStream(1, 8));
    await vi.waitUntil(() => told.length > 0);
    expect([told, socket.destroyed]).toEqual([["close, no error"], true]);
  });

  it("tells the error that it was destroyed with, first (RFC 9113 section 5.4.2)", async () => {
    const { socket, told, peer } = await begun();
    socket.on("error", (error) => told.push(error.message));
    socket.destroy(new Error("broken"));
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=INTERNAL_ERROR");
    expect(told).toEqual(["broken", "close, error"]);
  });

  it("needs no listener for that error", async () => {
    const { socket, told, peer } = await begun();
    socket.destroy(new Error("broken"));
    await peer.waitFor(/^RST_STREAM/);
    expect(told).toEqual(["close, error"]);
  });

  it("resets the stream when it is ended before the response (RFC 9113 section 6.4)", async () => {
    const { socket, peer } = await begun();
    socket.end();
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=CANCEL");
  });

  it("leaves a whole response alone, which tools that drain servers end the socket behind", async () => {
    const { response, socket, peer } = await begun();
    response.on("finish", () => socket.end());
    response.end("all");
    expect((await peer.waitFor(/^DATA stream=1/)).at(-1)).toContain("END_STREAM length=3");
    peer.send(frames.ping());
    expect(await peer.waitFor(/^PING/)).not.toContainEqual(expect.stringContaining("RST_STREAM"));
  });
});
