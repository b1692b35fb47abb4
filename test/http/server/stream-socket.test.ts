import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import type { Server } from "../../../src/http/server.ts";
import { nodeClient, nodeRequest, serve, serveTls } from "../../support/serving.ts";

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
