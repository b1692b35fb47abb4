import type { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import type { FramePeer } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { SWITCHING } from "./opened.ts";
import { framesTo, protocolRequest, serveTunnels } from "./support.ts";

describe("a listener that throws", () => {
  async function throwing(listener: (socket: Duplex) => void): Promise<[FramePeer, unknown[], Duplex[]]> {
    const reported: unknown[] = [];
    const sockets: Duplex[] = [];
    const server = await serveTunnels(
      (node) =>
        node.on("upgrade", (_request, socket) => {
          sockets.push(socket);
          listener(socket);
        }),
      { onError: (error) => reported.push(error) },
    );
    const peer = await framesTo(server);
    peer.send(protocolRequest(1, "echo"));
    return [peer, reported, sockets];
  }
  const mistake = new Error("a mistake");

  it("is answered with status 500 and reported, if it has said nothing", async () => {
    const [peer, reported, sockets] = await throwing(() => {
      throw mistake;
    });
    const came = await peer.waitFor(/^HEADERS stream=1/);
    expect(came.at(-1)).toMatch(/ END_STREAM .* :status=500 content-length=0$/);
    expect(reported).toEqual([mistake]);
    expect(sockets[0]?.destroyed).toBe(true);
    peer.send(frames.data(1, "unread").endStream(), frames.ping());
    await peer.waitFor(/^PING ACK/);
    expect(peer.came()).toEqual([]);
  });

  it("cuts the tunnel off, with INTERNAL_ERROR, if that was open", async () => {
    const [peer, reported, sockets] = await throwing((socket) => {
      socket.write(SWITCHING);
      socket.on("data", () => {
        throw mistake;
      });
    });
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(frames.data(1, "x"));
    expect(await peer.waitFor(/^RST_STREAM/)).toEqual(["RST_STREAM stream=1 error=INTERNAL_ERROR"]);
    expect(reported).toEqual([mistake]);
    expect(sockets[0]?.destroyed).toBe(true);
  });

  it("does no harm to other streams", async () => {
    const [peer] = await throwing(() => {
      throw mistake;
    });
    await peer.waitFor(/^HEADERS stream=1/);
    peer.send(frames.headers(3).request("GET", "/").endStream());
    expect((await peer.waitFor(/^HEADERS stream=3/)).at(-1)).toContain(":status=200");
  });

  it("cuts the tunnel off, too, where it throws in the callback of a write", async () => {
    const [peer, reported] = await throwing((socket) => {
      socket.write(SWITCHING, () => {
        throw mistake;
      });
    });
    await peer.waitFor(/^RST_STREAM stream=1 error=INTERNAL_ERROR/);
    expect(reported).toEqual([mistake]);
  });
});
