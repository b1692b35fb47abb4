import { once } from "node:events";
import type { Duplex } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { turns } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { readAll } from "../../../support/sockets.ts";
import { asked, ESTABLISHED, opened, SWITCHING } from "./opened.ts";
import { connectRequest, framesTo, protocolRequest, serveTunnels } from "./support.ts";

/** Waits for the event "close", whether or not an error comes before. */
function closed(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    socket.on("close", resolve);
  });
}

/** The errors of a socket. */
function errorsOf(socket: Duplex): string[] {
  const errors: string[] = [];
  socket.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code ?? error.message));
  return errors;
}

describe.each(["connect", "upgrade"] as const)('the socket of a "%s" event', (event) => {
  it("carries octets both ways, those that came before the answer too", async () => {
    const request = event === "connect" ? connectRequest(1) : protocolRequest(1, "echo");
    const { peer, socket } = await asked(event, request, frames.data(1, "early "));
    socket.write(event === "connect" ? ESTABLISHED : SWITCHING);
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=200");
    peer.send(frames.data(1, "late").endStream());
    expect(await readAll(socket)).toBe("early late");
    socket.write("answer");
    expect(await peer.waitFor(/^DATA/)).toEqual(["DATA stream=1 length=6"]);
  });

  it("sends END_STREAM when it is ended, and goes on to receive", async () => {
    const { peer, server, socket } = await opened(event);
    socket.end("last");
    await once(socket, "finish");
    expect((await peer.waitFor(/END_STREAM/)).filter((line) => line.startsWith("DATA"))).toEqual([
      "DATA stream=1 length=4",
      "DATA stream=1 END_STREAM length=0",
    ]);
    peer.send(frames.data(1, "still here").endStream());
    expect(await readAll(socket)).toBe("still here");
    expect(server.stats().streams).toBe(0);
    expect(peer.came()).toEqual([]);
  });

  it("ends when END_STREAM comes, and goes on to send", async () => {
    const { peer, server, socket } = await opened(event);
    peer.send(frames.data(1).endStream());
    expect(await readAll(socket)).toBe("");
    socket.write("more");
    socket.end();
    await closed(socket);
    const came = await peer.waitFor(/END_STREAM/);
    expect(came[0]).toMatch(/^DATA stream=1.* length=4$/);
    expect(server.stats().streams).toBe(0);
  });

  it("fails with ECONNRESET when the client resets the stream", async () => {
    const { peer, server, socket } = await opened(event);
    const errors = errorsOf(socket);
    peer.send(frames.rstStream(1, 8));
    await closed(socket);
    expect(errors).toEqual(["ECONNRESET"]);
    expect(server.stats().streams).toBe(0);
  });

  it("fails with ECONNRESET when the connection goes", async () => {
    const { peer, socket } = await opened(event);
    const errors = errorsOf(socket);
    peer.socket.destroy();
    await closed(socket);
    expect(errors).toEqual(["ECONNRESET"]);
  });

  it("does not end the process where nobody listens for errors", async () => {
    const { peer, socket } = await opened(event);
    peer.send(frames.rstStream(1, 8));
    await closed(socket);
    expect(socket.destroyed).toBe(true);
  });

  it("has what came before a reset still to read when it closes", async () => {
    const { peer, socket } = await opened(event);
    errorsOf(socket);
    for (let sent = 0; sent < 4; sent++) peer.send(frames.data(1, Buffer.alloc(16_384)));
    peer.send(frames.data(1, "!"), frames.rstStream(1, 8));
    await closed(socket);
    expect(socket.read(65_537)).toHaveLength(65_537);
  });

  it("resets the stream with CANCEL when it is destroyed (RFC 8441 section 5)", async () => {
    const { peer, server, socket } = await opened(event);
    socket.destroy();
    expect(await peer.waitFor(/^RST_STREAM/)).toEqual(["RST_STREAM stream=1 error=CANCEL"]);
    expect(server.stats().streams).toBe(0);
  });

  it("resets the stream when it is destroyed though both sides have sent all, and nothing had gone", async () => {
    const { peer, socket } = await opened(event);
    peer.send(frames.settings([4, 0]));
    await peer.waitFor(/^SETTINGS ACK/);
    socket.end("waits for a window");
    await turns();
    socket.destroy();
    expect(await peer.waitFor(/^RST_STREAM/)).toEqual(["RST_STREAM stream=1 error=CANCEL"]);
  });

  it("drops what the client sends to a socket that is destroyed, and opens the connection's window again", async () => {
    const { peer, socket } = await opened(event);
    socket.destroy();
    await peer.waitFor(/^RST_STREAM/);
    for (let sent = 0; sent < 40; sent++) peer.send(frames.data(1, Buffer.alloc(16_384)));
    await peer.waitFor(/^WINDOW_UPDATE stream=0/);
    peer.send(frames.ping());
    await peer.waitFor(/^PING ACK/);
  });

  it("takes no more than the window while the application does not read (RFC 9113 section 5.2)", async () => {
    const { peer, socket } = await opened(event);
    for (let sent = 0; sent < 16; sent++) peer.send(frames.data(1, Buffer.alloc(16_384)));
    peer.send(frames.ping());
    const came = await peer.waitFor(/^PING ACK/);
    const credit = came.filter((line) => line.startsWith("WINDOW_UPDATE stream=1"));
    expect(credit).toEqual([]);
    expect(socket.readableLength).toBeLessThan(100_000);
    let received = 0;
    socket.on("data", (octets: Buffer) => {
      received += octets.length;
    });
    await peer.waitFor(/^WINDOW_UPDATE stream=1/);
    await vi.waitUntil(() => received === 262_144);
  });

  it("tells the application to wait until the client has opened its window", async () => {
    const { peer, socket } = await opened(event);
    const states: string[] = [];
    expect(socket.write(Buffer.alloc(100_000), () => states.push("written"))).toBe(false);
    socket.once("drain", () => states.push("drained"));
    await peer.waitFor(/^DATA stream=1 length=\d+$/);
    peer.send(frames.ping());
    await peer.waitFor(/^PING ACK/);
    expect(states).toEqual([]);
    peer.send(frames.windowUpdate(0, 100_000), frames.windowUpdate(1, 100_000));
    await vi.waitUntil(() => states.length === 2);
    expect(states).toEqual(["drained", "written"]);
  });

  it("fails what was not written when it is cut off", async () => {
    const { peer, socket } = await opened(event);
    errorsOf(socket);
    const written = new Promise((resolve) => {
      socket.write(Buffer.alloc(100_000), resolve);
    });
    peer.send(frames.rstStream(1, 8));
    expect(await written).toMatchObject({ code: "ECONNRESET" });
  });

  it("finishes when all was sent, not before", async () => {
    const { peer, socket } = await opened(event);
    socket.end(Buffer.alloc(100_000));
    await peer.waitFor(/^DATA/);
    peer.send(frames.ping());
    await peer.waitFor(/^PING ACK/);
    expect(socket.writableFinished).toBe(false);
    peer.send(frames.windowUpdate(0, 100_000), frames.windowUpdate(1, 100_000));
    await once(socket, "finish");
  });

  it("is reset where trailers come (RFC 9113 section 8.5)", async () => {
    const { peer, socket } = await opened(event);
    const errors = errorsOf(socket);
    peer.send(frames.headers(1).field("x", "y").endStream());
    await peer.waitFor(/^RST_STREAM stream=1 error=PROTOCOL_ERROR/);
    await vi.waitUntil(() => errors.length > 0);
    expect(errors).toEqual(["ECONNRESET"]);
  });

  it("is cut off where the client can send no more on the connection", async () => {
    const { peer, socket } = await opened(event);
    const errors = errorsOf(socket);
    peer.socket.end();
    await peer.waitFor(/^RST_STREAM stream=1 error=CANCEL/);
    await vi.waitUntil(() => errors.length > 0);
    expect(errors).toEqual(["ECONNRESET"]);
  });

  it("is complete from the beginning where the request has ended the stream", async () => {
    const request = event === "connect" ? connectRequest(1) : protocolRequest(1, "echo");
    const { peer, server, socket } = await asked(event, request.endStream());
    expect(await readAll(socket)).toBe("");
    socket.end(event === "connect" ? ESTABLISHED : SWITCHING);
    await peer.waitFor(/^DATA stream=1 END_STREAM/);
    await vi.waitUntil(() => server.stats().streams === 0);
  });
});

describe("a tunnel that has failed", () => {
  it("is reset with CONNECT_ERROR where it was asked for by CONNECT (RFC 9113 section 8.5)", async () => {
    const { peer, socket } = await opened("connect");
    errorsOf(socket);
    socket.destroy(new Error("the other end has gone"));
    expect(await peer.waitFor(/^RST_STREAM/)).toEqual(["RST_STREAM stream=1 error=CONNECT_ERROR"]);
  });

  it("is reset with CANCEL where it is a protocol of ours (RFC 8441 section 5)", async () => {
    const { peer, socket } = await opened("upgrade");
    const errors = errorsOf(socket);
    socket.destroy(new Error("bad frame"));
    expect(await peer.waitFor(/^RST_STREAM/)).toEqual(["RST_STREAM stream=1 error=CANCEL"]);
    await vi.waitUntil(() => errors.length > 0);
    expect(errors).toEqual(["bad frame"]);
  });
});

describe("a tunnel that has much to say", () => {
  it("takes turns with the others, whatever their order (RFC 9218 section 11)", async () => {
    const sockets: Duplex[] = [];
    const server = await serveTunnels((node) =>
      node.on("upgrade", (_request, socket) => {
        sockets.push(socket.resume());
        socket.write(SWITCHING);
      }),
    );
    const peer = await framesTo(server);
    peer.send(frames.settings([4, 1_000_000]), frames.windowUpdate(0, 1_000_000));
    peer.send(
      protocolRequest(1, "echo").field("priority", "u=2"),
      protocolRequest(3, "echo").field("priority", "u=2"),
    );
    await peer.waitFor(/^HEADERS stream=3/);
    for (const socket of sockets) socket.write(Buffer.alloc(163_840));
    const came = (await peer.waitFor(/^DATA stream=1/)).concat(await peer.waitFor(/^DATA stream=3/));
    expect(came.filter((line) => line.startsWith("DATA"))).toEqual([
      "DATA stream=1 length=16384",
      "DATA stream=3 length=16384",
    ]);
  });
});

describe("a stream that ends while the application works", () => {
  it("is answered without any harm where it was reset in the chunk that brought it", async () => {
    const sockets: Duplex[] = [];
    const server = await serveTunnels((node) =>
      node.on("upgrade", (_request, socket) => {
        sockets.push(socket);
        socket.on("error", () => {});
        socket.write(SWITCHING);
        socket.end("bye");
      }),
    );
    const peer = await framesTo(server);
    peer.send(protocolRequest(1, "echo"), frames.rstStream(1, 8), frames.ping());
    await peer.waitFor(/^PING ACK/);
    await vi.waitUntil(() => sockets[0]?.destroyed === true);
    expect([server.stats().streams, peer.came()]).toEqual([0, []]);
  });
});
