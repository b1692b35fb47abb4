import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { describe, expect, it, vi } from "vitest";
import { ClientError, type ClientSession, connect } from "../../src/http/client.ts";
import { certificate } from "../support/certificate.ts";
import { frames } from "../support/frames.ts";
import { CLIENT_CASES, type ClientCase } from "./client-cases.ts";
import { type Pace, RawPeer } from "./raw-peer.ts";

// They wait for sockets most of the time.
vi.setConfig({ maxConcurrency: 25 });

for (const scheme of ["http", "https"] as const) {
  for (const pace of ["apart", "together"] as const) {
    describe.concurrent(`a client of ${scheme}, with frames ${pace},`, () => {
      for (const each of CLIENT_CASES) it(each.rule, () => converse(scheme, pace, each));
    });
  }
}

/** A client of ours sends one request, and the server that the case plays answers it. */
async function converse(scheme: "http" | "https", pace: Pace, each: ClientCase): Promise<void> {
  const listener = await listen(scheme);
  const accepted = once(listener, scheme === "http" ? "connection" : "secureConnection");
  const session = await open(listener, scheme);
  const [socket] = (await accepted) as [net.Socket];
  try {
    const peer = new RawPeer(socket, pace, true);
    const outcome = ask(session, each);
    await greet(peer, each);
    for (const part of each.talk) {
      if (typeof part === "function") await part(peer);
      else await peer.send(part);
    }
    expect(await outcome).toEqual(each.outcome);
  } finally {
    socket.destroy();
    listener.close();
    await session.close();
  }
}

/** Whether the request was answered, or the code and the error code that it failed with. */
async function ask(session: ClientSession, { body }: ClientCase): Promise<unknown> {
  try {
    const request = body === undefined ? {} : { method: "POST", body };
    const response = await session.request(request);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { code: error.code, errorCode: error.errorCode };
  }
}

async function greet(peer: RawPeer, each: ClientCase): Promise<void> {
  await peer.until(/^SETTINGS (?!ACK)/);
  if (each.isFromStart === true) return;
  await peer.send(frames.settings());
  await peer.send(frames.settingsAck());
  await peer.until(/^HEADERS stream=1/);
}

async function listen(scheme: "http" | "https"): Promise<net.Server> {
  const options = { noDelay: true, allowHalfOpen: true };
  const listener =
    scheme === "http"
      ? net.createServer(options)
      : tls.createServer({ ...options, ...(await certificate()), ALPNProtocols: ["h2"] });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return listener;
}

async function open(listener: net.Server, scheme: "http" | "https"): Promise<ClientSession> {
  const { port } = listener.address() as net.AddressInfo;
  const { cert } = await certificate();
  return connect(`${scheme}://127.0.0.1:${port}`, {
    negotiation: scheme === "http" ? "prior-knowledge" : "alpn",
    tls: { ca: cert },
  });
}
