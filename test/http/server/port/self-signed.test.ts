import { once } from "node:events";
import tls from "node:tls";
import { describe, expect, it } from "vitest";
import { serve } from "../../../support/serving.ts";

describe("a server with a certificate made for the occasion", () => {
  it("listens when the certificate is there, and speaks h2 by ALPN", async () => {
    const { port, url } = await serve(() => {}, { tls: "self-signed" });
    expect(url).toBe(`https://127.0.0.1:${port}`);
    const socket = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["h2"] });
    await once(socket, "secureConnect");
    expect(socket.alpnProtocol).toBe("h2");
    socket.destroy();
  });

  it("keeps the profile of TLS: no suite that HTTP/2 prohibits (RFC 9113 section 9.2.2)", async () => {
    const { port } = await serve(() => {}, { tls: "self-signed" });
    const socket = tls.connect({
      port,
      host: "127.0.0.1",
      rejectUnauthorized: false,
      maxVersion: "TLSv1.2",
      ciphers: "AES128-SHA",
    });
    const failed = await once(socket, "secureConnect").then(
      () => null,
      (error: Error) => error,
    );
    expect(failed).toMatchObject({ code: expect.stringMatching(/HANDSHAKE_FAILURE|ECONNRESET/) as string });
    socket.destroy();
  });
});
