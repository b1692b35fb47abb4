import { constants } from "node:crypto";
import { once } from "node:events";
import tls from "node:tls";
import { describe, expect, it } from "vitest";
import { type TlsServerProfile, tlsClientOptions, tlsServerOptions } from "../../src/node/tls-profile.ts";
import { certificate } from "../support/certificate.ts";
import { listen } from "../support/sockets.ts";

async function startServer(options: TlsServerProfile = {}): Promise<{ server: tls.Server; port: number }> {
  const server = tls.createServer(tlsServerOptions({ ...(await certificate()), ...options }));
  server.on("secureConnection", (socket) => socket.on("error", () => {}));
  return { server, port: await listen(server) };
}

async function connect(port: number, options: tls.ConnectionOptions): Promise<tls.TLSSocket> {
  const socket = tls.connect({ ...options, port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  socket.on("error", () => {});
  return socket;
}

describe("the TLS profile of a server", () => {
  it("offers h2 and HTTP/1.1 by ALPN, or one of them", () => {
    expect(tlsServerOptions().ALPNProtocols).toEqual(["h2", "http/1.1"]);
    expect(tlsServerOptions({ protocols: ["h2"] }).ALPNProtocols).toEqual(["h2"]);
    expect(tlsServerOptions({ protocols: ["http/1.1"] }).ALPNProtocols).toEqual(["http/1.1"]);
  });

  it("leaves the choice to an ALPN callback", () => {
    expect(tlsServerOptions({ ALPNCallback: () => "h2" })).not.toHaveProperty("ALPNProtocols");
  });

  it("lets a handshake take 10 seconds, unless told otherwise", () => {
    expect(tlsServerOptions().handshakeTimeout).toBe(10_000);
    expect(tlsServerOptions({ handshakeTimeout: 500 }).handshakeTimeout).toBe(500);
  });

  it("lists no suite for TLS 1.2 but ephemeral ones with authenticated encryption (RFC 9113 section 9.2.2)", () => {
    const suites =
      tlsServerOptions()
        .ciphers?.split(":")
        .filter((suite) => !suite.startsWith("TLS_")) ?? [];
    expect(suites).toContain("ECDHE-RSA-AES128-GCM-SHA256");
    for (const suite of suites)
      expect(suite).toMatch(/^(ECDHE|DHE)-(RSA|ECDSA)-(AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)$/);
  });

  it("is not pushed aside by an option that is undefined", () => {
    expect(tlsServerOptions({ ciphers: undefined }).ciphers).toBe(tlsServerOptions().ciphers);
  });

  it.each(["TLSv1", "TLSv1.1"] as const)(
    "refuses to be told %s together with h2 (RFC 9113 section 9.2)",
    (minVersion) => {
      expect(() => tlsServerOptions({ minVersion })).toThrow(/RFC 9113 section 9\.2/);
      expect(tlsServerOptions({ minVersion, protocols: ["http/1.1"] }).minVersion).toBe(minVersion);
    },
  );

  it("refuses h2c for ALPN (RFC 9113 section 3.2)", () => {
    expect(() => tlsServerOptions({ ALPNProtocols: ["h2c"] })).toThrow(TypeError);
    expect(() => tlsClientOptions({ host: "localhost", ALPNProtocols: ["h2c"] })).toThrow(TypeError);
  });

  it("keeps other secure options of the caller", () => {
    const { secureOptions } = tlsServerOptions({ secureOptions: constants.SSL_OP_NO_TICKET });
    expect(secureOptions).toBe(constants.SSL_OP_NO_TICKET + constants.SSL_OP_NO_RENEGOTIATION);
  });
});

describe("a TLS server with the profile", () => {
  it("refuses TLS 1.1 (RFC 9113 section 9.2)", async () => {
    const { port } = await startServer();
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    await expect(connect(port, old)).rejects.toMatchObject({ code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
  });

  it("takes ECDHE-RSA-AES128-GCM-SHA256 with P-256 (RFC 9113 section 9.2.2)", async () => {
    const { port } = await startServer();
    const suite = "ECDHE-RSA-AES128-GCM-SHA256";
    const socket = await connect(port, { maxVersion: "TLSv1.2", ciphers: suite, ecdhCurve: "P-256" });
    expect(socket.getCipher().name).toBe(suite);
    expect(socket.getEphemeralKeyInfo()).toMatchObject({ type: "ECDH", name: "prime256v1" });
  });

  it("takes DHE with 2048 bits at least (RFC 9113 section 9.2.1)", async () => {
    const { port } = await startServer();
    const socket = await connect(port, { maxVersion: "TLSv1.2", ciphers: "DHE-RSA-AES128-GCM-SHA256" });
    expect(socket.getEphemeralKeyInfo()).toMatchObject({ type: "DH", size: 2048 });
  });

  it("has no cipher in common with a client that offers only prohibited ones (RFC 9113 section 9.2.2)", async () => {
    const { port } = await startServer();
    const weak = { maxVersion: "TLSv1.2", ciphers: "AES128-SHA:ECDHE-RSA-AES256-SHA384@SECLEVEL=0" } as const;
    await expect(connect(port, weak)).rejects.toMatchObject({
      code: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
    });
  });

  it("answers no_application_protocol where no protocol overlaps (RFC 7301 section 3.2)", async () => {
    const { server, port } = await startServer({ protocols: ["h2"] });
    const failed = once(server, "tlsClientError");
    await expect(connect(port, { ALPNProtocols: ["http/1.1", "h2c"] })).rejects.toMatchObject({
      code: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
    });
    expect((await failed)[0]).toMatchObject({ code: "ERR_SSL_NO_APPLICATION_PROTOCOL" });
  });

  it("lets a client pass that knows no ALPN, without a protocol (RFC 9113 section 3.2)", async () => {
    const { port } = await startServer();
    expect((await connect(port, {})).alpnProtocol).toBe(false);
  });

  it("refuses renegotiation (RFC 9113 section 9.2.1)", async () => {
    const { port } = await startServer();
    const socket = await connect(port, { maxVersion: "TLSv1.2" });
    const failed = once(socket, "error");
    socket.renegotiate({}, () => {});
    expect((await failed)[0]).toMatchObject({ code: "ERR_SSL_NO_RENEGOTIATION" });
  });

  it("survives an SNI callback that throws: one handshake fails", async () => {
    const { port } = await startServer({
      SNICallback: () => {
        throw new Error("no such name");
      },
    });
    await expect(connect(port, { servername: "localhost" })).rejects.toThrow();
    expect((await connect(port, {})).encrypted).toBe(true);
  });
});

describe("the TLS profile of a client", () => {
  it("offers h2 and HTTP/1.1 by ALPN, or one of them", () => {
    expect(tlsClientOptions({ host: "localhost" }).ALPNProtocols).toEqual(["h2", "http/1.1"]);
    expect(tlsClientOptions({ host: "localhost", protocols: ["h2"] }).ALPNProtocols).toEqual(["h2"]);
  });

  it("wants 2048 bits of DHE (RFC 9113 section 9.2.1)", () => {
    expect(tlsClientOptions({ host: "localhost" }).minDHSize).toBe(2048);
  });

  it("sends the server name for names (RFC 9113 section 9.2)", () => {
    expect(tlsClientOptions({ host: "example.com" }).servername).toBe("example.com");
    expect(tlsClientOptions({ host: "10.0.0.1", servername: "example.com" }).servername).toBe("example.com");
  });

  it("sends the server name without the dot of an absolute name (RFC 6066 section 3)", () => {
    expect(tlsClientOptions({ host: "example.com." }).servername).toBe("example.com");
  });

  it.each(["127.0.0.1", "::1", "[::1]"])(
    "sends no server name for the address %s (RFC 6066 section 3)",
    (host) => {
      expect(tlsClientOptions({ host }).servername).toBe("");
      expect(tlsClientOptions({ host: "localhost", servername: host }).servername).toBe("");
    },
  );

  it("connects to an IPv6 address in brackets", () => {
    expect(tlsClientOptions({ host: "[::1]" }).host).toBe("::1");
  });
});

describe("a TLS client with the profile", () => {
  it("shows the name to the server and checks the certificate against it", async () => {
    const { server, port } = await startServer();
    const { cert } = await certificate();
    const accepted = once(server, "secureConnection");
    const client = tls.connect({
      ...tlsClientOptions({ host: "localhost", ca: cert }),
      host: "127.0.0.1",
      port,
    });
    await once(client, "secureConnect");
    const [socket] = (await accepted) as [tls.TLSSocket & { servername: string }];
    expect(socket.servername).toBe("localhost");
    expect(client.authorized).toBe(true);
  });

  it("shows no name for an address and checks the certificate against the address", async () => {
    const { server, port } = await startServer();
    const { cert } = await certificate();
    const accepted = once(server, "secureConnection");
    const client = tls.connect({ ...tlsClientOptions({ host: "127.0.0.1", ca: cert }), port });
    await once(client, "secureConnect");
    const [socket] = (await accepted) as [tls.TLSSocket & { servername: string | false }];
    expect(socket.servername).toBe(false);
    expect(client.authorized).toBe(true);
  });

  it("refuses renegotiation that the server asks for (RFC 9113 section 9.2.1)", async () => {
    const server = tls.createServer({ ...(await certificate()), maxVersion: "TLSv1.2" });
    const accepted = once(server, "secureConnection");
    const port = await listen(server);
    const client = tls.connect({
      ...tlsClientOptions({ host: "127.0.0.1" }),
      port,
      rejectUnauthorized: false,
    });
    client.on("error", () => {});
    const [socket] = (await accepted) as [tls.TLSSocket];
    await once(client, "secureConnect");
    const failed = once(socket, "error");
    socket.renegotiate({}, () => {});
    expect((await failed)[0]).toMatchObject({ code: "ERR_SSL_NO_RENEGOTIATION" });
  });
});
