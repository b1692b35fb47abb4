import { createDiffieHellmanGroup } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { describe, expect, it } from "vitest";
import { tlsClientOptions } from "../../src/node/tls-profile.ts";
import { certificate } from "../support/certificate.ts";
import { listen } from "../support/sockets.ts";

/** Extensions of TLS by number. */
const SERVER_NAME = 0;
const ALPN = 16;
const POST_HANDSHAKE_AUTH = 49;

interface ClientHello {
  readonly compressionMethods: readonly number[];
  readonly extensions: ReadonlyMap<number, Uint8Array>;
}

/** What our client says first on a connection. */
async function clientHello(): Promise<ClientHello> {
  const server = net.createServer();
  const accepted = once(server, "connection") as Promise<[net.Socket]>;
  const port = await listen(server);
  const client = tls.connect({ ...tlsClientOptions({ host: "example.com" }), host: "127.0.0.1", port });
  client.on("error", () => {});
  const [socket] = await accepted;
  let octets = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    octets = Buffer.concat([octets, chunk]);
    if (octets.length >= 5 && octets.length >= 5 + octets.readUInt16BE(3)) break;
  }
  client.destroy();
  return parseClientHello(octets.subarray(5));
}

/** RFC 8446 section 4.1.2, behind the record's header. */
function parseClientHello(octets: Buffer): ClientHello {
  let at = 4 + 2 + 32;
  at += 1 + octets.readUInt8(at);
  at += 2 + octets.readUInt16BE(at);
  const compressionMethods = [...octets.subarray(at + 1, at + 1 + octets.readUInt8(at))];
  at += 1 + compressionMethods.length;
  const end = at + 2 + octets.readUInt16BE(at);
  const extensions = new Map<number, Uint8Array>();
  for (at += 2; at < end; ) {
    const length = octets.readUInt16BE(at + 2);
    extensions.set(octets.readUInt16BE(at), octets.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { compressionMethods, extensions };
}

describe("the first message of our client over TLS (RFC 9113 section 9.2)", () => {
  it("offers no compression, so that none can be chosen (section 9.2.1)", async () => {
    expect((await clientHello()).compressionMethods).toEqual([0]);
  });

  it("offers no authentication behind the handshake, so that no server may ask for it (section 9.2.3)", async () => {
    const { extensions } = await clientHello();
    expect(extensions.size).toBeGreaterThan(5);
    expect(extensions.has(POST_HANDSHAKE_AUTH)).toBe(false);
  });

  it("names the host, and the protocols h2 and http/1.1, and never h2c (sections 3.2 and 9.2)", async () => {
    const { extensions } = await clientHello();
    expect(String(extensions.get(SERVER_NAME))).toContain("example.com");
    expect(extensions.get(ALPN)).toEqual(Buffer.from("\0\x0c\x02h2\x08http/1.1", "latin1"));
  });
});

describe("our client and key exchanges of TLS 1.2 (RFC 9113 section 9.2.1)", () => {
  /** DER of DHParameter, RFC 2631: a prime and the generator 2. */
  function parametersOf(group: string): string {
    const prime = Buffer.concat([Buffer.of(0), createDiffieHellmanGroup(group).getPrime()]);
    const integer = Buffer.concat([Buffer.of(0x02, 0x82, prime.length >> 8, prime.length & 0xff), prime]);
    const body = Buffer.concat([integer, Buffer.of(0x02, 0x01, 0x02)]);
    const der = Buffer.concat([Buffer.of(0x30, 0x82, body.length >> 8, body.length & 0xff), body]);
    return `-----BEGIN DH PARAMETERS-----\n${der.toString("base64")}\n-----END DH PARAMETERS-----\n`;
  }

  async function keySizeWith(group: string): Promise<unknown> {
    const server = tls.createServer({
      ...(await certificate()),
      maxVersion: "TLSv1.2",
      ciphers: "DHE-RSA-AES128-GCM-SHA256",
      dhparam: parametersOf(group),
    });
    const port = await listen(server);
    const profile = tlsClientOptions({ host: "127.0.0.1", rejectUnauthorized: false });
    const client = tls.connect({ ...profile, port });
    await once(client, "secureConnect");
    const key = client.getEphemeralKeyInfo();
    client.on("error", () => {}).destroy();
    return key;
  }

  it.each([
    ["modp14", 2048],
    ["modp16", 4096],
  ])("takes DHE with the group %s of %i bits", async (group, size) => {
    expect(await keySizeWith(group)).toMatchObject({ type: "DH", size });
  });
});
