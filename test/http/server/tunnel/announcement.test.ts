import { describe, expect, it } from "vitest";
import type { ServerOptions } from "../../../../src/http/server.ts";
import type { FramePeer } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { connectRequest, framesTo, protocolRequest, serveTunnels, webSocketRequest } from "./support.ts";

async function peerOf(options: ServerOptions, hasListener: boolean): Promise<FramePeer> {
  const server = await serveTunnels((node) => {
    if (hasListener) node.on("upgrade", (_request, socket) => socket.write("HTTP/1.1 101 Yes\r\n\r\n"));
  }, options);
  return framesTo(server);
}

async function settingsOf(peer: FramePeer): Promise<string> {
  return (await peer.waitFor(/^SETTINGS (?!ACK)/)).at(-1) as string;
}

describe("SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441 section 3)", () => {
  it("is announced where the server has a listener for upgrades", async () => {
    expect(await settingsOf(await peerOf({}, true))).toContain("ENABLE_CONNECT_PROTOCOL=1");
  });

  it("is not announced where it has none", async () => {
    expect(await settingsOf(await peerOf({}, false))).toContain("ENABLE_CONNECT_PROTOCOL=0");
  });

  it("counts the listeners that are there when a connection starts", async () => {
    const server = await serveTunnels(() => {});
    expect(await settingsOf(await framesTo(server))).toContain("ENABLE_CONNECT_PROTOCOL=0");
    server.on("upgrade", () => {});
    expect(await settingsOf(await framesTo(server))).toContain("ENABLE_CONNECT_PROTOCOL=1");
  });

  it("is what the option says, where that says something", async () => {
    expect(await settingsOf(await peerOf({ extendedConnect: true }, false))).toContain(
      "ENABLE_CONNECT_PROTOCOL=1",
    );
    expect(await settingsOf(await peerOf({ extendedConnect: false }, true))).toContain(
      "ENABLE_CONNECT_PROTOCOL=0",
    );
  });

  it("is announced on connections that are observed, too", async () => {
    const observer = () => ({ frame: () => {} });
    expect(await settingsOf(await peerOf({ observer }, true))).toContain("ENABLE_CONNECT_PROTOCOL=1");
  });
});

describe("a request for a tunnel that cannot be", () => {
  it("is malformed where extended CONNECT was not announced (RFC 8441 section 4)", async () => {
    const peer = await peerOf({ extendedConnect: false }, true);
    peer.send(webSocketRequest(1));
    await peer.waitFor(/^RST_STREAM stream=1 error=PROTOCOL_ERROR/);
  });

  it("is answered with status 501 where nobody listens for extended CONNECT (RFC 9220 section 3)", async () => {
    const peer = await peerOf({ extendedConnect: true }, false);
    peer.send(protocolRequest(1, "websocket"));
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=501");
  });

  it("is answered with status 501 where nobody listens for CONNECT (RFC 9110 section 9.3.6)", async () => {
    const peer = await peerOf({}, true);
    peer.send(connectRequest(1));
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=501");
  });

  it("does no harm to an ordinary request", async () => {
    const peer = await peerOf({}, true);
    peer.send(frames.headers(1).request("GET", "/").endStream());
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=200");
  });
});
