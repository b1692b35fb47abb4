import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import tls from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CLIENT_PREFACE } from "../../src/frames/preface.ts";
import { handToHttp1 } from "../../src/node/http1-server.ts";
import {
  type Negotiated,
  type NegotiateServerOptions,
  negotiateServer,
} from "../../src/node/negotiate-server.ts";
import { type TlsServerProfile, tlsServerOptions } from "../../src/node/tls-profile.ts";
import { certificate } from "../support/certificate.ts";
import { duplexPair } from "../support/duplex-pair.ts";
import {
  latin1,
  listen,
  listenerCounts,
  octetsOf,
  readAll,
  readUntil,
  tcpPair,
  writeOctetwise,
} from "../support/sockets.ts";
import { upgradeRequest } from "../support/upgrade-request.ts";

const PREFACE = latin1(CLIENT_PREFACE);
const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/** What a server makes of these octets. */
async function negotiate(text: string, options?: NegotiateServerOptions): Promise<Negotiated> {
  const [client, server] = duplexPair();
  client.write(octetsOf(text));
  return negotiateServer(server, options);
}

describe("a cleartext port", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("takes HTTP/2 with prior knowledge (RFC 9113 section 3.3)", async () => {
    const negotiated = await negotiate(`${PREFACE}more`);
    expect(negotiated).toEqual({
      protocol: "h2",
      how: "prior-knowledge",
      octets: octetsOf(`${PREFACE}more`),
    });
  });

  it("takes HTTP/1.1", async () => {
    expect(await negotiate(GET)).toEqual({ protocol: "http/1.1", octets: octetsOf(GET), declined: null });
  });

  it("ignores a request for h2c unless told otherwise (RFC 9113 section 3.1)", async () => {
    for (const options of [{}, { upgrade: "ignore" }] as const) {
      const negotiated = await negotiate(upgradeRequest(), options);
      expect(negotiated).toMatchObject({ protocol: "http/1.1", octets: octetsOf(upgradeRequest()) });
    }
  });

  it("takes h2c by Upgrade where that is accepted (RFC 7540 section 3.2)", async () => {
    const negotiated = await negotiate(upgradeRequest() + PREFACE, { upgrade: "accept" });
    expect(negotiated).toMatchObject({ protocol: "h2", how: "upgrade", octets: octetsOf(PREFACE) });
  });

  it("takes all three of them where Upgrade is accepted, in segments of one octet", async () => {
    for (const [text, protocol, how] of [
      [PREFACE, "h2", "prior-knowledge"],
      [upgradeRequest(), "h2", "upgrade"],
      [upgradeRequest({ upgrade: "Upgrade: websocket\r\n" }), "http/1.1", undefined],
      [upgradeRequest({ settings: "" }), "http/1.1", undefined],
    ] as const) {
      const { client, server } = await tcpPair();
      const before = listenerCounts(server);
      const negotiating = negotiateServer(server, { upgrade: "accept" });
      await writeOctetwise(client, text);
      const negotiated = await negotiating;
      expect([negotiated.protocol, "how" in negotiated ? negotiated.how : undefined]).toEqual([
        protocol,
        how,
      ]);
      expect(listenerCounts(server)).toEqual(before);
    }
  });

  it("tells why it declined a request for h2c", async () => {
    const negotiated = await negotiate(upgradeRequest({ settings: "" }), { upgrade: "accept" });
    expect(negotiated).toMatchObject({ declined: { section: "RFC 7540 section 3.2.1" } });
  });

  it("serves HTTP/1.1 after it declined h2c", async () => {
    const httpServer = http.createServer((request, response) => response.end(`[${request.url}]`));
    const [client, server] = duplexPair();
    client.write(upgradeRequest({ settings: "" }));
    const { octets } = await negotiateServer(server, { upgrade: "accept" });
    handToHttp1(httpServer, server, octets);
    expect(await readUntil(client, "]")).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\[\/path\?query\]$/s);
  });

  it.each([
    ["a good one", upgradeRequest()],
    ["one that breaks the rules", upgradeRequest({ settings: "" })],
  ])("answers 400 and closes where requests for h2c are rejected: %s", async (_name, text) => {
    const { client, server } = await tcpPair();
    client.write(text);
    await expect(negotiateServer(server, { upgrade: "reject" })).rejects.toMatchObject({
      code: "UPGRADE_REJECTED",
    });
    const answer = await readAll(client);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n/);
    expect(answer).toMatch(/\r\n\r\nThis server does not upgrade to h2c\.\n$/);
    client.end();
    await once(server, "close");
  });

  it("takes other requests where requests for h2c are rejected", async () => {
    expect(await negotiate(GET, { upgrade: "reject" })).toMatchObject({ protocol: "http/1.1" });
    expect(await negotiate(PREFACE, { upgrade: "reject" })).toMatchObject({ how: "prior-knowledge" });
  });

  it("gives up a client that does not go away after it was rejected", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const [client, server] = duplexPair();
    client.write(upgradeRequest());
    await expect(negotiateServer(server, { upgrade: "reject" })).rejects.toThrow();
    vi.advanceTimersByTime(1000);
    expect(server.destroyed).toBe(true);
  });

  it("answers 505 where HTTP/1.1 is off", async () => {
    const [client, server] = duplexPair();
    client.write(GET);
    await expect(negotiateServer(server, { http1: false })).rejects.toMatchObject({
      code: "NO_COMMON_PROTOCOL",
    });
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 505 HTTP Version Not Supported\r\n/);
  });

  it("gives all steps 10 seconds together", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const [client, server] = duplexPair();
    const negotiating = negotiateServer(server, { upgrade: "accept" });
    for (const segment of ["P", "OST / HTTP/1.1\r\n", "Host: a\r\n", "A: b\r\n"]) {
      client.write(segment);
      await new Promise(setImmediate);
      vi.advanceTimersByTime(2500);
    }
    expect(await negotiating).toMatchObject({ protocol: "http/1.1" });
  });

  it("destroys a connection that sends nothing", async () => {
    const { server } = await tcpPair();
    await expect(negotiateServer(server, { timeout: 1 })).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(server.destroyed).toBe(true);
  });

  it("lets no error of the socket go uncaught", async () => {
    for (const text of ["", "PRI", "GET / HTTP/1.1\r\n"]) {
      const { client, server } = await tcpPair();
      const negotiating = negotiateServer(server, { upgrade: "accept" });
      client.write(text, () => client.resetAndDestroy());
      await expect(negotiating).rejects.toMatchObject({ code: "CLOSED" });
    }
  });
});

describe("a TLS port", () => {
  interface Arrival {
    readonly client: tls.TLSSocket;
    readonly server: tls.TLSSocket;
  }

  /** A TLS connection whose handshake is over. */
  async function arrive(
    clientOptions: tls.ConnectionOptions,
    profile: TlsServerProfile = {},
  ): Promise<Arrival> {
    const listener = tls.createServer(tlsServerOptions({ ...(await certificate()), ...profile }));
    const arrived = once(listener, "secureConnection");
    const port = await listen(listener);
    const client = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...clientOptions });
    client.on("error", () => {});
    const [[server]] = (await Promise.all([arrived, once(client, "secureConnect")])) as [
      [tls.TLSSocket],
      unknown,
    ];
    return { client, server };
  }

  const WEAK = {
    maxVersion: "TLSv1.2",
    ciphers: "AES128-SHA@SECLEVEL=0",
    ALPNProtocols: ["h2"],
  } as const satisfies tls.ConnectionOptions;

  it("takes h2 by ALPN (RFC 9113 section 3.2)", async () => {
    const { server } = await arrive({ ALPNProtocols: ["h2", "http/1.1"] });
    const before = listenerCounts(server);
    expect(await negotiateServer(server)).toEqual({
      protocol: "h2",
      how: "alpn",
      octets: new Uint8Array(0),
    });
    expect(listenerCounts(server)).toEqual(before);
  });

  it("takes HTTP/1.1 by ALPN, and without ALPN", async () => {
    const chosen = await arrive({ ALPNProtocols: ["http/1.1"] });
    expect(await negotiateServer(chosen.server)).toMatchObject({ protocol: "http/1.1" });
    const silent = await arrive({});
    expect(await negotiateServer(silent.server)).toMatchObject({ protocol: "http/1.1" });
  });

  it("never looks for the preface: only ALPN may say HTTP/2 (RFC 9113 section 3.3)", async () => {
    const { client, server } = await arrive({});
    client.write(PREFACE);
    expect(await negotiateServer(server)).toMatchObject({ protocol: "http/1.1" });
    expect(await readUntil(server, PREFACE)).toBe(PREFACE);
  });

  it("ignores requests for h2c (RFC 7540 section 3.2)", async () => {
    for (const upgrade of ["accept", "reject"] as const) {
      const { client, server } = await arrive({ ALPNProtocols: ["http/1.1"] });
      client.write(upgradeRequest());
      const { protocol, octets } = await negotiateServer(server, { upgrade });
      expect(protocol).toBe("http/1.1");
      handToHttp1(
        http.createServer((_request, response) => response.end("[1.1]")),
        server,
        octets,
      );
      expect(await readUntil(client, "]")).toContain("HTTP/1.1 200 OK");
    }
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)(
    "loses nothing that comes with the end of a handshake of %s",
    async (maxVersion) => {
      const listener = net.createServer();
      const arrived = once(listener, "connection");
      const port = await listen(listener);
      const client = tls.connect({
        port,
        host: "127.0.0.1",
        rejectUnauthorized: false,
        ALPNProtocols: ["h2"],
        maxVersion,
      });
      client.write(PREFACE);
      const [socket] = (await arrived) as [net.Socket];
      const secureContext = tls.createSecureContext(await certificate());
      const server = new tls.TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ["h2"] });
      expect(await negotiateServer(server)).toMatchObject({ how: "alpn" });
      expect(await readUntil(server, PREFACE)).toBe(PREFACE);
    },
  );

  it("ends h2 on a prohibited cipher suite with INADEQUATE_SECURITY (RFC 9113 section 9.2.2)", async () => {
    const { client, server } = await arrive(WEAK, { ciphers: WEAK.ciphers });
    await expect(negotiateServer(server)).rejects.toMatchObject({
      code: "INADEQUATE_SECURITY",
      message: expect.stringContaining("TLS_RSA_WITH_AES_128_CBC_SHA"),
    });
    const octets = octetsOf(await readAll(client));
    // SETTINGS without a setting, then GOAWAY: no stream, error 12, and why.
    expect([...octets.subarray(0, 9)]).toEqual([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    expect([...octets.subarray(12, 26)]).toEqual([7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12]);
    expect(latin1(octets.subarray(26))).toContain("RFC 9113 section 9.2.2");
  });

  it("takes h2 on a prohibited cipher suite where that is allowed", async () => {
    const { server } = await arrive(WEAK, { ciphers: WEAK.ciphers });
    expect(await negotiateServer(server, { allowInadequateSecurity: true })).toMatchObject({ how: "alpn" });
  });

  it("takes HTTP/1.1 on any cipher suite (RFC 9113 section 9.2.2)", async () => {
    const { server } = await arrive({ ...WEAK, ALPNProtocols: ["http/1.1"] }, { ciphers: WEAK.ciphers });
    expect(await negotiateServer(server)).toMatchObject({ protocol: "http/1.1" });
  });

  it("takes the answer of NPN from a TLS stack that still has it", async () => {
    const [, server] = duplexPair();
    const socket = Object.assign(server, {
      encrypted: true,
      npnProtocol: "h2",
      getProtocol: () => "TLSv1.2",
      getCipher: () => ({ standardName: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" }),
    });
    expect(await negotiateServer(socket)).toMatchObject({ protocol: "h2" });
  });

  it("answers 505 to a client without ALPN where HTTP/1.1 is off", async () => {
    const { client, server } = await arrive({}, { protocols: ["h2"] });
    await expect(negotiateServer(server, { http1: false })).rejects.toMatchObject({
      code: "NO_COMMON_PROTOCOL",
    });
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 505 /);
  });

  it("reports a renegotiation to the owner of the socket (RFC 9113 section 9.2.1)", async () => {
    const { client, server } = await arrive({ ALPNProtocols: ["h2"], maxVersion: "TLSv1.2" });
    await negotiateServer(server);
    const failed = once(server, "error");
    client.renegotiate({}, () => {});
    expect((await failed)[0]).toMatchObject({ code: "ERR_TLS_RENEGOTIATION_DISABLED" });
    server.destroy();
  });

  it("fails when the handshake does, with the error of TLS for a cause", async () => {
    const { client, server: socket } = await tcpPair();
    const secureContext = tls.createSecureContext(await certificate());
    const server = new tls.TLSSocket(socket, { isServer: true, secureContext });
    client.write(GET);
    await expect(negotiateServer(server)).rejects.toMatchObject({
      code: "HANDSHAKE_FAILED",
      cause: { code: "ERR_SSL_HTTP_REQUEST" },
    });
    expect(server.destroyed).toBe(true);
  });

  it("fails when the handshake is not over in time", async () => {
    const { server: socket } = await tcpPair();
    const secureContext = tls.createSecureContext(await certificate());
    const server = new tls.TLSSocket(socket, { isServer: true, secureContext });
    await expect(negotiateServer(server, { timeout: 1 })).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(socket.destroyed).toBe(true);
  });
});
