import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Server } from "../../../../src/http/server.ts";
import type { FramePeer } from "../../../support/frame-peer.ts";
import type { Wire } from "../../../support/frames.ts";
import { connectRequest, framesTo, protocolRequest, serveTunnels } from "./support.ts";

export const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n";
export const ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

interface Tunnel {
  readonly peer: FramePeer;
  readonly server: Server;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
}

/** A server with a tunnel that a listener has not answered yet, asked for by these frames. */
export async function asked(event: "connect" | "upgrade", ...wire: readonly Wire[]): Promise<Tunnel> {
  let accept = (_request: IncomingMessage, _socket: Duplex): void => {};
  const accepted = new Promise<[IncomingMessage, Duplex]>((resolve) => {
    accept = (request, socket) => resolve([request, socket]);
  });
  const server = await serveTunnels((node) => node.on(event, (request, socket) => accept(request, socket)));
  const peer = await framesTo(server);
  peer.send(...wire);
  const [request, socket] = await accepted;
  return { peer, server, request, socket };
}

/** The same with an open tunnel. */
export async function opened(event: "connect" | "upgrade" = "upgrade"): Promise<Tunnel> {
  const isConnect = event === "connect";
  const tunnel = await asked(event, isConnect ? connectRequest(1) : protocolRequest(1, "echo"));
  tunnel.socket.write(isConnect ? ESTABLISHED : SWITCHING);
  await tunnel.peer.waitFor(/^HEADERS stream=1/);
  return tunnel;
}
