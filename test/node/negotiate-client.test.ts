import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { describe, expect, it } from "vitest";
import { CLIENT_PREFACE } from "../../src/frames/preface.ts";
import { connectAlpn, connectPriorKnowledge } from "../../src/node/negotiate-client.ts";
import { tlsClientOptions } from "../../src/node/tls-profile.ts";
import { certificate } from "../support/certificate.ts";
import { latin1, listen, listenerCounts, readAll, readUntil, tcpPair } from "../support/sockets.ts";

const PREFACE = latin1(CLIENT_PREFACE);

interface Served {
  readonly port: number;
  readonly arrived: Promise<tls.TLSSocket>;
}

async function serve(options: tls.TlsOptions): Promise<Served> {
  const listener = tls.createServer({ ...(await certificate()), ...options });
  const arrived = new Promise<tls.TLSSocket>((resolve) => listener.on("secureConnection", resolve));
  return { port: await listen(listener), arrived };
}

async function connect(
  port: number,
  options: Omit<tls.ConnectionOptions, "host"> = {},
): Promise<tls.TLSSocket> {
  const { cert } = await certificate();
  return tls.connect({ ...tlsClientOptions({ host: "127.0.0.1", ca: cert, ...options }), port });
}

describe("a client over TLS", () => {
  it("speaks h2 where the server chose it (RFC 9113 section 3.2)", async () => {
    const { port } = await serve({ ALPNProtocols: ["h2"] });
    expect(await connectAlpn(await connect(port))).toBe("h2");
  });

  it("leaves no listener behind on the socket", async () => {
    const { port } = await serve({ ALPNProtocols: ["h2"] });
    const socket = await connect(port);
    const untouched = await connect(port);
    await Promise.all([connectAlpn(socket), once(untouched, "secureConnect")]);
    expect(listenerCounts(socket)).toEqual(listenerCounts(untouched));
  });

  it("speaks h2 on a socket whose handshake is over", async () => {
    const { port } = await serve({ ALPNProtocols: ["h2"] });
    const socket = await connect(port);
    await once(socket, "secureConnect");
    expect(await connectAlpn(socket)).toBe("h2");
  });

  it("speaks HTTP/1.1 where the server chose it, or chose nothing", async () => {
    const chosen = await serve({ ALPNProtocols: ["http/1.1"] });
    expect(await connectAlpn(await connect(chosen.port))).toBe("http/1.1");
    const silent = await serve({});
    expect(await connectAlpn(await connect(silent.port))).toBe("http/1.1");
  });

  it("writes nothing before the result is known, and loses nothing that the server sent", async () => {
    const { port, arrived } = await serve({ ALPNProtocols: ["h2"] });
    const socket = await connect(port);
    (await arrived).write("SETTINGS");
    await connectAlpn(socket);
    expect((await arrived).bytesRead).toBe(0);
    expect(await readUntil(socket, "SETTINGS")).toBe("SETTINGS");
  });

  it("refuses HTTP/1.1 where that is off", async () => {
    const { port } = await serve({});
    const socket = await connect(port);
    await expect(connectAlpn(socket, { http1: false })).rejects.toMatchObject({ code: "NO_COMMON_PROTOCOL" });
    expect(socket.destroyed).toBe(true);
  });

  it("fails where no protocol overlaps, with the server's alert for a cause (RFC 7301 section 3.2)", async () => {
    const { port } = await serve({ ALPNProtocols: ["http/1.1"] });
    const socket = await connect(port, { ALPNProtocols: ["h2"] });
    await expect(connectAlpn(socket)).rejects.toMatchObject({
      code: "HANDSHAKE_FAILED",
      cause: { code: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL" },
    });
  });

  it("fails where the certificate is not trusted", async () => {
    const { port } = await serve({ ALPNProtocols: ["h2"] });
    const socket = tls.connect({ ...tlsClientOptions({ host: "127.0.0.1" }), port });
    await expect(connectAlpn(socket)).rejects.toMatchObject({
      code: "HANDSHAKE_FAILED",
      cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
  });

  it("ends h2 on a prohibited cipher suite with INADEQUATE_SECURITY (RFC 9113 section 9.2.2)", async () => {
    const weak = { maxVersion: "TLSv1.2", ciphers: "AES128-SHA@SECLEVEL=0" } as const;
    const { port, arrived } = await serve({ ...weak, ALPNProtocols: ["h2"] });
    await expect(connectAlpn(await connect(port, weak))).rejects.toMatchObject({
      code: "INADEQUATE_SECURITY",
    });
    const text = await readAll(await arrived);
    expect(text.slice(0, 33)).toBe(`${PREFACE}\0\0\0\x04\0\0\0\0\0`);
    expect(text.slice(36, 50)).toBe("\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0c");
    const other = await serve({ ...weak, ALPNProtocols: ["h2"] });
    const allowed = connectAlpn(await connect(other.port, weak), { allowInadequateSecurity: true });
    expect(await allowed).toBe("h2");
  });

  it("fails when the handshake is not over in time", async () => {
    const port = await listen(net.createServer());
    await expect(connectAlpn(await connect(port), { timeout: 1 })).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  it("fails when the server closes in the middle of the handshake", async () => {
    const port = await listen(net.createServer((socket) => socket.end()));
    await expect(connectAlpn(await connect(port))).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("fails on a socket that is destroyed after its handshake", async () => {
    const { port } = await serve({ ALPNProtocols: ["h2"] });
    const socket = await connect(port);
    await once(socket, "secureConnect");
    socket.destroy();
    await expect(connectAlpn(socket)).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("fails when nobody listens, and nothing goes uncaught", async () => {
    const server = net.createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(connectAlpn(await connect(port))).rejects.toMatchObject({
      code: "CLOSED",
      cause: { code: "ECONNREFUSED" },
    });
  });
});

describe("a client with prior knowledge", () => {
  it("speaks h2 as soon as it is connected (RFC 9113 section 3.3)", async () => {
    const port = await listen(net.createServer());
    const socket = net.connect(port, "127.0.0.1");
    expect(await connectPriorKnowledge(socket)).toBe("h2");
    expect(socket.connecting).toBe(false);
    expect(await connectPriorKnowledge((await tcpPair()).client)).toBe("h2");
  });

  it("refuses a TLS socket, where only ALPN may say HTTP/2 (RFC 9113 section 3.3)", async () => {
    const socket = new tls.TLSSocket(new net.Socket());
    await expect(connectPriorKnowledge(socket)).rejects.toThrow(TypeError);
  });

  it("fails when nobody listens, and nothing goes uncaught", async () => {
    const server = net.createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(connectPriorKnowledge(net.connect(port, "127.0.0.1"))).rejects.toMatchObject({
      code: "CLOSED",
      cause: { code: "ECONNREFUSED" },
    });
  });

  it("fails when the connection is not there in time", async () => {
    const socket = net.connect({ host: "localhost", port: 1, lookup: () => {} });
    await expect(connectPriorKnowledge(socket, { timeout: 1 })).rejects.toMatchObject({ code: "TIMEOUT" });
  });
});
