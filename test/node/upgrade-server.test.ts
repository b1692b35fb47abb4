import { afterEach, describe, expect, it, vi } from "vitest";
import { CLIENT_PREFACE } from "../../src/frames/preface.ts";
import { type ReceivedUpgrade, receiveUpgrade } from "../../src/node/upgrade-server.ts";
import { duplexPair } from "../support/duplex-pair.ts";
import { latin1, listenerCounts, octetsOf, readUntil, tcpPair, writeOctetwise } from "../support/sockets.ts";
import { upgradeRequest, VALID_SETTINGS } from "../support/upgrade-request.ts";

const NOTHING = new Uint8Array(0);
const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
const PREFACE = latin1(CLIENT_PREFACE);

/** Receives what comes in these segments. */
async function receive(...segments: string[]) {
  const [client, server] = duplexPair();
  for (const segment of segments) client.write(octetsOf(segment));
  const received = await receiveUpgrade(server, NOTHING);
  const rest = latin1(server.read() ?? NOTHING);
  server.end();
  return { received, rest, answer: await readUntil(client, "\0never") };
}

async function receiveH2(...segments: string[]) {
  const { received, ...others } = await receive(...segments);
  expect(received.protocol).toBe("h2");
  return { received: received as ReceivedUpgrade, ...others };
}

describe("a server that is asked for h2c", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("answers 101 and nothing else, and has the request for stream 1 (RFC 7540 section 3.2)", async () => {
    const { received, answer } = await receiveH2(upgradeRequest());
    expect(answer).toBe(SWITCHING);
    expect(received).toEqual({
      protocol: "h2",
      how: "upgrade",
      settings: VALID_SETTINGS,
      method: "GET",
      fields: [
        [":method", "GET"],
        [":scheme", "http"],
        [":path", "/path?query"],
        [":authority", "example.com"],
      ],
      body: NOTHING,
      octets: NOTHING,
    });
  });

  it("gives stream 1 what HTTP/2 knows of the fields, in lower case (RFC 9113 section 8.2)", async () => {
    const more = [
      "User-Agent: test/1\r\n",
      "COOKIE: a=b\r\nCookie: c=d\r\n",
      "Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\n",
      "X-Latin: \xe9\r\n",
    ];
    const { received } = await receiveH2(upgradeRequest({ line: "HEAD / HTTP/1.1", more: more.join("") }));
    expect(received.fields.slice(4)).toEqual([
      ["user-agent", "test/1"],
      ["cookie", "a=b"],
      ["cookie", "c=d"],
      ["x-latin", "\xe9"],
    ]);
    expect(received.fields[0]).toEqual([":method", "HEAD"]);
  });

  it("gives stream 1 of TE only trailers (RFC 9113 section 8.2.2)", async () => {
    const dropped = await receiveH2(upgradeRequest({ more: "TE: gzip\r\n" }));
    expect(dropped.received.fields).not.toContainEqual(["te", expect.anything()]);
    const kept = await receiveH2(upgradeRequest({ more: "TE: trailers\r\n" }));
    expect(kept.received.fields).toContainEqual(["te", "trailers"]);
  });

  it("reads the body whole before it answers, as the body of stream 1 (RFC 7540 section 3.2)", async () => {
    const [client, server] = duplexPair();
    const answer = readUntil(client, "\r\n\r\n");
    const receiving = receiveUpgrade(server, NOTHING);
    client.write(`${upgradeRequest({ line: "POST / HTTP/1.1", more: "Content-Length: 11\r\n" })}hello`);
    await new Promise(setImmediate);
    expect(server.writableLength + client.readableLength).toBe(0);
    client.write(" worldPRI");
    const received = (await receiving) as ReceivedUpgrade;
    expect(latin1(received.body)).toBe("hello world");
    expect(latin1(received.octets)).toBe("PRI");
    expect(received.fields).toContainEqual(["content-length", "11"]);
    expect(await answer).toBe(SWITCHING);
  });

  it("loses nothing of request, body and preface wherever the segments are cut", async () => {
    const head = upgradeRequest({ line: "POST / HTTP/1.1", more: "Content-Length: 4\r\n" });
    const text = `${head}body${PREFACE}`;
    for (let cut = 1; cut < text.length; cut++) {
      const { received, rest } = await receiveH2(text.slice(0, cut), text.slice(cut));
      expect(latin1(received.body)).toBe("body");
      expect(latin1(received.octets) + rest).toBe(PREFACE);
    }
  });

  it("loses nothing in segments of one octet", async () => {
    const { client, server } = await tcpPair();
    const before = listenerCounts(server);
    const receiving = receiveUpgrade(server, NOTHING);
    await writeOctetwise(client, upgradeRequest());
    expect((await receiving).protocol).toBe("h2");
    expect(listenerCounts(server)).toEqual(before);
    await writeOctetwise(client, PREFACE);
    expect(await readUntil(server, PREFACE)).toBe(PREFACE);
  });

  it("leaves a second request behind the first to the engine, and never to HTTP/1.1", async () => {
    const second = "GET /admin HTTP/1.1\r\nHost: example.com\r\n\r\n";
    const { received } = await receiveH2(upgradeRequest() + second);
    expect(latin1(received.octets)).toBe(second);
  });

  it("takes octets that were read before", async () => {
    const [client, server] = duplexPair();
    const text = upgradeRequest();
    client.write(text.slice(10));
    const received = await receiveUpgrade(server, octetsOf(text.slice(0, 10)));
    expect(received.protocol).toBe("h2");
  });

  it("leaves a request that breaks a rule to HTTP/1.1, with the reason, and writes nothing", async () => {
    const text = `${upgradeRequest({ settings: "HTTP2-Settings: *\r\n" })}behind`;
    const { received, answer } = await receive(text);
    expect(received).toEqual({
      protocol: "http/1.1",
      octets: octetsOf(text),
      declined: {
        reason: "HTTP2-Settings must be base64url without padding",
        section: "RFC 7540 section 3.2.1",
      },
    });
    expect(answer).toBe("");
  });

  it("leaves any other request to HTTP/1.1 as soon as its head is there", async () => {
    const text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    const { received } = await receive(text);
    expect(received).toEqual({ protocol: "http/1.1", octets: octetsOf(text), declined: null });
  });

  it("ignores the request over TLS (RFC 7540 section 3.2)", async () => {
    const [, server] = duplexPair();
    const octets = octetsOf(upgradeRequest());
    const received = await receiveUpgrade(Object.assign(server, { encrypted: true }), octets);
    expect(received).toMatchObject({
      protocol: "http/1.1",
      octets,
      declined: { reason: "h2c is not for TLS" },
    });
  });

  it("leaves a head that takes longer than 10 seconds to HTTP/1.1", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const [client, server] = duplexPair();
    const receiving = receiveUpgrade(server, NOTHING);
    client.write("GET / HTTP/1.1\r\n");
    await new Promise(setImmediate);
    vi.advanceTimersByTime(10_000);
    expect(await receiving).toEqual({
      protocol: "http/1.1",
      octets: octetsOf("GET / HTTP/1.1\r\n"),
      declined: null,
    });
    expect(server.isPaused()).toBe(true);
  });

  it("leaves a body that takes longer than 10 seconds to HTTP/1.1, which has limits of its own", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const [client, server] = duplexPair();
    const receiving = receiveUpgrade(server, NOTHING);
    const text = upgradeRequest({ line: "POST / HTTP/1.1", more: "Content-Length: 4\r\n" });
    client.write(`${text}bo`);
    await new Promise(setImmediate);
    vi.advanceTimersByTime(10_000);
    expect(await receiving).toMatchObject({
      protocol: "http/1.1",
      octets: octetsOf(`${text}bo`),
      declined: { reason: "the request's body did not arrive in time" },
    });
  });

  it.each([
    ["head", "GET / HTTP/1.1\r\nHost: a\r\n"],
    ["body", `${upgradeRequest({ line: "POST / HTTP/1.1", more: "Content-Length: 4\r\n" })}bod`],
  ])("answers 400 when the client ends in the middle of the %s (RFC 9112 section 8)", async (_part, text) => {
    const [client, server] = duplexPair();
    client.end(text);
    await expect(receiveUpgrade(server, NOTHING)).rejects.toMatchObject({ code: "CLOSED" });
    expect(await readUntil(client, "\0never")).toMatch(/^HTTP\/1\.1 400 [\s\S]*Connection: close\r\n/);
  });

  it("says nothing to a client that is gone in the middle of the head", async () => {
    const { client, server } = await tcpPair();
    const receiving = receiveUpgrade(server, NOTHING);
    client.write("GET / HTTP/1.1\r\n");
    client.resetAndDestroy();
    await expect(receiving).rejects.toMatchObject({ code: "CLOSED" });
    expect(server.destroyed).toBe(true);
  });
});
