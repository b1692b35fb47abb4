import { afterEach, describe, expect, it, vi } from "vitest";
import { CLIENT_PREFACE } from "../../src/frames/preface.ts";
import { sniffProtocol, sniffSocket } from "../../src/node/sniff.ts";
import { duplexPair } from "../support/duplex-pair.ts";
import { latin1, listenerCounts, octetsOf, tcpPair, writeOctetwise } from "../support/sockets.ts";

const PREFACE = latin1(CLIENT_PREFACE);
const SETTINGS = "\0\0\0\x04\0\0\0\0\0";

describe("telling the protocol by the first octets", () => {
  it("knows HTTP/2 once the first line is complete, and not earlier (RFC 9113 section 3.4)", () => {
    for (let length = 0; length < 16; length++) {
      expect(sniffProtocol(CLIENT_PREFACE.subarray(0, length))).toBe("undecided");
    }
    for (let length = 16; length <= 24; length++) {
      expect(sniffProtocol(CLIENT_PREFACE.subarray(0, length))).toBe("h2");
    }
  });

  it.each([
    ["GET / HTTP/1.1\r\n", 1],
    ["\r\nGET / HTTP/1.1\r\n", 1],
    ["POST / HTTP/1.1\r\n", 2],
    ["PROPFIND / HTTP/1.1\r\n", 3],
    ["PRINT / HTTP/1.1\r\n", 4],
    ["PRI / HTTP/1.1\r\n", 5],
    ["PRI * HTTP/1.1\r\n", 12],
    ["PRI * HTTP/2.1\r\n", 14],
    ["PRI * HTTP/2.0\n\n", 15],
    ["pri * HTTP/2.0\r\n", 1],
  ])("knows %j for HTTP/1.1 from octet %i on", (text, decisive) => {
    const octets = octetsOf(text);
    for (let length = 0; length < octets.length; length++) {
      expect(sniffProtocol(octets.subarray(0, length))).toBe(length < decisive ? "undecided" : "http/1.1");
    }
  });

  it("leaves a preface that breaks behind its first line to HTTP/2, which can say so (RFC 9113 section 3.4)", () => {
    expect(sniffProtocol(octetsOf("PRI * HTTP/2.0\r\nHost: example.com\r\n\r\n"))).toBe("h2");
    expect(sniffProtocol(octetsOf("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r"))).toBe("h2");
  });
});

describe("sniffing a connection", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("finds HTTP/2 however the preface is split in two, and loses nothing (RFC 9113 section 3.4)", async () => {
    const text = PREFACE + SETTINGS;
    for (let split = 1; split < text.length; split++) {
      const [client, server] = duplexPair();
      client.write(octetsOf(text.slice(0, split)));
      client.write(octetsOf(text.slice(split)));
      const { protocol, octets } = await sniffSocket(server);
      expect(protocol).toBe("h2");
      expect(latin1(octets) + latin1(server.read() ?? new Uint8Array(0))).toBe(text);
    }
  });

  it("finds HTTP/2 in segments of one octet (RFC 9113 section 3.4)", async () => {
    const { client, server } = await tcpPair();
    const sniffed = sniffSocket(server);
    await writeOctetwise(client, PREFACE);
    expect(await sniffed).toMatchObject({ protocol: "h2" });
  });

  it("finds HTTP/1.1 in segments of one octet", async () => {
    for (const line of ["PUT / HTTP/1.1\r\n", "PROPPATCH / HTTP/1.1\r\n", "PRI * HTTP/1.1\r\n"]) {
      const [client, server] = duplexPair();
      const sniffed = sniffSocket(server);
      await writeOctetwise(client, line);
      expect((await sniffed).protocol).toBe("http/1.1");
    }
  });

  it("gives back the socket paused, without listeners, the rest of the octets in it", async () => {
    const { client, server } = await tcpPair();
    const before = listenerCounts(server);
    client.write("GET");
    const { octets } = await sniffSocket(server);
    expect(latin1(octets)).toBe("GET");
    expect(listenerCounts(server)).toEqual(before);
    expect(server.isPaused()).toBe(true);
  });

  it("waits 10 seconds for the first octets, then destroys the connection", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const [, server] = duplexPair();
    const sniffed = sniffSocket(server).catch((error: unknown) => error);
    vi.advanceTimersByTime(9_999);
    expect(server.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await sniffed).toMatchObject({ name: "NegotiationError", code: "TIMEOUT" });
    expect(server.destroyed).toBe(true);
  });

  it("counts the time from the beginning, not from the last octet", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const [client, server] = duplexPair();
    const sniffed = sniffSocket(server, { timeout: 1000 }).catch((error: unknown) => error);
    vi.advanceTimersByTime(999);
    client.write("PRI * HTTP");
    await new Promise(setImmediate);
    vi.advanceTimersByTime(1);
    expect(await sniffed).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining("10 octets") });
  });

  it.each([0, Number.POSITIVE_INFINITY])("waits for ever with the timeout %d", async (timeout) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const [client, server] = duplexPair();
    const sniffed = sniffSocket(server, { timeout });
    expect(vi.getTimerCount()).toBe(0);
    client.write("GET");
    expect((await sniffed).protocol).toBe("http/1.1");
  });

  it("leaves no timer behind", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const [client, server] = duplexPair();
    client.write("GET");
    await sniffSocket(server);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("fails when the connection ends before the octets decide", async () => {
    const [client, server] = duplexPair();
    client.end("PR");
    await expect(sniffSocket(server)).rejects.toMatchObject({ code: "CLOSED" });
    expect(server.destroyed).toBe(true);
  });

  it("fails when the connection is reset, and nothing goes uncaught", async () => {
    const { client, server } = await tcpPair();
    const sniffed = sniffSocket(server);
    client.resetAndDestroy();
    await expect(sniffed).rejects.toMatchObject({ code: "CLOSED", cause: { code: "ECONNRESET" } });
  });

  it("fails when the connection breaks in the turn in which the octets decide", async () => {
    const [client, server] = duplexPair();
    const sniffed = sniffSocket(server);
    server.once("data", () => server.destroy());
    client.write("GET");
    await expect(sniffed).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("fails at once on a socket that is destroyed", async () => {
    const [, server] = duplexPair();
    server.destroy();
    await expect(sniffSocket(server)).rejects.toMatchObject({ code: "CLOSED" });
  });
});
