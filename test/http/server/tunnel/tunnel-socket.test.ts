import { randomBytes } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import { buffer } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { describe, expect, it, vi } from "vitest";
import type { Server } from "../../../../src/http/server.ts";
import { certificate } from "../../../support/certificate.ts";
import type { FramePeer } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { nodeClient } from "../../../support/serving.ts";
import { listen } from "../../../support/sockets.ts";
import { opened, SWITCHING } from "./opened.ts";
import { readyClient, serveTunnels } from "./support.ts";

/** An open tunnel in cleartext. */
async function opening(): Promise<{ peer: FramePeer; socket: net.Socket; server: Server }> {
  const { peer, socket, server } = await opened();
  return { peer, socket: socket as net.Socket, server };
}

describe("the socket of a tunnel", () => {
  it("tells both addresses", async () => {
    const { socket, server } = await opening();
    expect(socket.address()).toEqual({ address: "127.0.0.1", family: "IPv4", port: server.port });
    expect([socket.remoteAddress, socket.remoteFamily, socket.localPort]).toEqual([
      "127.0.0.1",
      "IPv4",
      server.port,
    ]);
    expect(socket.remotePort).toBeGreaterThan(0);
  });

  it("says that there is no TLS in cleartext, as a socket of `node:net` does", async () => {
    const socket = (await opening()).socket as TLSSocket;
    expect([socket.encrypted, socket.authorized, socket.getPeerCertificate]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("tells what TLS agreed on", async () => {
    const sockets: TLSSocket[] = [];
    const server = await serveTunnels(
      (node) => node.on("upgrade", (_request, socket) => sockets.push(socket as TLSSocket)),
      { tls: await certificate() },
    );
    const session = await readyClient(server);
    session
      .request({ ":method": "CONNECT", ":protocol": "echo", ":path": "/", ":scheme": "https" })
      .on("error", () => {});
    await vi.waitUntil(() => sockets.length > 0);
    const [socket] = sockets as [TLSSocket];
    expect([socket.encrypted, socket.authorized, socket.alpnProtocol]).toEqual([true, false, "h2"]);
    expect([socket.getProtocol(), socket.getPeerCertificate()]).toEqual(["TLSv1.3", {}]);
    expect(socket.getCipher().standardName).toMatch(/^TLS_/);
  });

  it("lets itself be asked for what does not concern a stream", async () => {
    const { socket } = await opening();
    expect([socket.setNoDelay(), socket.setKeepAlive(true), socket.ref(), socket.unref()]).toEqual(
      Array(4).fill(socket),
    );
    expect([socket.connecting, socket.pending, socket.timeout]).toEqual([false, false, 0]);
  });

  it("counts octets both ways", async () => {
    const { peer, socket } = await opening();
    peer.send(frames.data(1, "hello").padded(10));
    await once(socket, "readable");
    socket.write("bye");
    expect([socket.bytesRead, socket.bytesWritten]).toEqual([5, SWITCHING.length + 3]);
  });

  it("says which of its halves are open", async () => {
    const { peer, socket } = await opening();
    const states = [socket.readyState];
    socket.end();
    states.push(socket.readyState);
    peer.send(frames.data(1).endStream());
    await once(socket.resume(), "end");
    states.push(socket.readyState);
    expect(states).toEqual(["open", "readOnly", "closed"]);
  });

  it("emits `timeout` when nothing was heard or said for so long, and closes nothing by itself", async () => {
    const { peer, socket } = await opening();
    let timeouts = 0;
    socket.setTimeout(20, () => timeouts++);
    await once(socket, "timeout");
    expect([timeouts, socket.timeout, socket.destroyed]).toEqual([1, 20, false]);
    peer.send(frames.data(1, "alive"));
    await once(socket, "timeout");
    socket.write("alive");
    await once(socket, "timeout");
    socket.setTimeout(0);
    expect(timeouts).toBe(1);
  });

  it("is quiet about a timeout when it is destroyed", async () => {
    const { socket } = await opening();
    socket.setTimeout(1, () => socket.emit("error", new Error("too late"))).destroy();
    await once(socket, "close");
    socket.setTimeout(0);
  });

  it("is destroyed by `destroySoon` when all that was written has gone", async () => {
    const { peer, socket } = await opening();
    socket.write(Buffer.alloc(70_000));
    socket.destroySoon();
    await peer.waitFor(/^DATA/);
    expect(socket.destroyed).toBe(false);
    peer.send(frames.windowUpdate(0, 70_000), frames.windowUpdate(1, 70_000));
    await once(socket, "close");
    await peer.waitFor(/^DATA stream=1 END_STREAM/);
    await peer.waitFor(/^RST_STREAM stream=1 error=CANCEL/);
  });

  it("is destroyed by `destroySoon` at once if nothing waits, and by `resetAndDestroy` whatever waits", async () => {
    const first = await opening();
    first.socket.end();
    await once(first.socket, "finish");
    first.socket.destroySoon();
    expect(first.socket.destroyed).toBe(true);
    const second = await opening();
    second.socket.write(Buffer.alloc(70_000));
    expect(second.socket.resetAndDestroy().destroyed).toBe(true);
  });

  it("may be piped into another one, and back, as a proxy does (RFC 9113 section 8.5)", async () => {
    const port = await listen(net.createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)));
    const server = await serveTunnels((node) =>
      node.on("connect", (request, socket) => {
        const { hostname } = new URL(`http://${request.url}`);
        const other = net.connect({ port, host: hostname, allowHalfOpen: true }, () => {
          socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
          other.pipe(socket).pipe(other);
        });
      }),
    );
    const octets = randomBytes(1_048_576);
    const session = await nodeClient(server);
    const stream = session.request({ ":method": "CONNECT", ":authority": "127.0.0.1:443" });
    stream.end(octets);
    expect(octets.equals(await buffer(stream))).toBe(true);
    await vi.waitUntil(() => server.stats().streams === 0);
  });
});
