import { once } from "node:events";
import tls from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { connectTo } from "../../support/serving.ts";
import { running } from "./support.ts";

const server = running("examples/server/tls.mjs");
const ANYBODY = { rejectUnauthorized: false };

/** The name in the certificate that a client gets, and the protocol that ALPN has chosen. */
async function handshake(options: tls.ConnectionOptions): Promise<[name: string, protocol: unknown]> {
  const socket = tls.connect({ host: "localhost", port: server.port, ...ANYBODY, ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, "secureConnect");
  return [socket.getPeerCertificate().subject.CN as string, socket.alpnProtocol];
}

describe("server/tls.mjs", () => {
  it("has a certificate for each name, and one for the others (RFC 6066 section 3)", async () => {
    const names = ["shop.test", "news.test", "other.test", ""];
    const got = await Promise.all(names.map((servername) => handshake({ servername })));
    expect(got.map(([name]) => name)).toEqual(["shop.test", "news.test", "localhost", "localhost"]);
  });

  it("prefers HTTP/2, and takes what the client offers (RFC 7301 section 3.2)", async () => {
    const offers = [["http/1.1", "h2"], ["http/1.1"], undefined];
    const got = await Promise.all(offers.map((ALPNProtocols) => handshake({ ALPNProtocols })));
    expect(got.map(([, protocol]) => protocol)).toEqual(["h2", "http/1.1", false]);
    await expect(handshake({ ALPNProtocols: ["h3"] })).rejects.toThrow();
  });

  it.each([
    ["alpn", "h2"],
    ["http/1.1", "http/1.1"],
  ] as const)("answers by %s, and knows the name that was asked for", async (negotiation, protocol) => {
    const session = await connectTo(server, { negotiation, tls: { ...ANYBODY, servername: "shop.test" } });
    const text = await (await session.request()).text();
    expect(text).toBe(`shop.test over ${protocol} by alpn, TLSv1.3\n`);
  });
});
