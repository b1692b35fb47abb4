import { createServer } from "node:http";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { examineUpgrade, type UpgradeLimits } from "../../src/node/upgrade-head.ts";
import { duplexPair } from "../support/duplex-pair.ts";
import { octetsOf } from "../support/sockets.ts";
import { type UpgradeRequestParts, upgradeRequest, VALID_SETTINGS } from "../support/upgrade-request.ts";

const examine = (parts: UpgradeRequestParts, limits?: UpgradeLimits) =>
  examineUpgrade(octetsOf(upgradeRequest(parts)), 0, limits);

const settings = (...entries: [id: number, value: number][]): UpgradeRequestParts => {
  const payload = entries.map(([id, value]) => [
    0,
    id,
    value >>> 24,
    (value >>> 16) & 255,
    (value >>> 8) & 255,
    value & 255,
  ]);
  return { settings: `HTTP2-Settings: ${Buffer.from(payload.flat()).toString("base64url")}\r\n` };
};

describe("a request for h2c", () => {
  it("offers h2c and carries settings, both named in Connection (RFC 7540 section 3.2)", () => {
    expect(examine({})).toEqual({
      state: "upgrade",
      settings: VALID_SETTINGS,
      method: "GET",
      target: "/path?query",
      host: "example.com",
      fields: [
        ["Host", "example.com"],
        ["Connection", "Upgrade, HTTP2-Settings"],
        ["Upgrade", "h2c"],
        ["HTTP2-Settings", VALID_SETTINGS],
      ],
      headLength: upgradeRequest().length,
      contentLength: 0,
    });
  });

  it("is incomplete until the last octet of its head, at every split", () => {
    const octets = octetsOf(`${upgradeRequest()}PRI * HTTP/2.0`);
    const { length } = upgradeRequest();
    for (let cut = 0; cut < length; cut++) {
      expect(examineUpgrade(octets.subarray(0, cut)).state).toBe("incomplete");
      expect(examineUpgrade(octets, cut)).toMatchObject({ state: "upgrade", headLength: length });
    }
  });

  it.each([
    ["several lines of Connection", { connection: "Connection: upgrade\r\nconnection: http2-settings\r\n" }],
    [
      "keep-alive and TE in Connection",
      { connection: "Connection: keep-alive, TE, HTTP2-Settings, Upgrade\r\n" },
    ],
    ["other protocols beside h2c", { upgrade: "Upgrade: websocket, TLS/1.0, h2c, irc/6.9\r\n" }],
    ["several lines of Upgrade", { upgrade: "Upgrade: h2\r\nUpgrade: h2c\r\n" }],
    ["H2C in other letters (RFC 9110 section 7.8)", { upgrade: "Upgrade: H2C\r\n" }],
    ["OPTIONS *", { line: "OPTIONS * HTTP/1.1" }],
    ["HEAD", { line: "HEAD / HTTP/1.1" }],
    ["a port in Host", { host: "Host: [::1]:8080\r\n" }],
    ["one setting", settings([4, 1])],
    ["a setting that nobody knows (RFC 9113 section 6.5.2)", settings([0x99, 0xffffffff])],
    ["a setting that comes twice (RFC 9113 section 6.5.3)", settings([4, 1], [4, 2])],
    ["32 settings", settings(...Array.from({ length: 32 }, (): [number, number] => [3, 1]))],
    ["a body up to the limit", { line: "POST / HTTP/1.1", more: "Content-Length: 65536\r\n" }],
    ["an empty body", { line: "POST / HTTP/1.1", more: "Content-Length: 0\r\n" }],
  ])("may have %s", (_name, parts: UpgradeRequestParts) => {
    expect(examine(parts).state).toBe("upgrade");
  });

  it.each([
    ["without Upgrade", { upgrade: "" }],
    ["for h2, which is for TLS (RFC 7540 section 3.2)", { upgrade: "Upgrade: h2\r\n" }],
    ["for h2c-14", { upgrade: "Upgrade: h2c-14\r\n" }],
    ["for h2c in some version", { upgrade: "Upgrade: h2c/2\r\n" }],
    ["for WebSocket", { upgrade: "Upgrade: websocket\r\n" }],
    ["with a list in Upgrade that is none", { upgrade: "Upgrade: h2c, a b\r\n" }],
    ["without Host", { host: "" }],
    ["with two lines of Host", { host: "Host: a\r\nHost: a\r\n" }],
    ["with two lines of Content-Length", { more: "Content-Length: 1\r\nContent-Length: 1\r\n" }],
    ["with a Content-Length that is no number", { more: "Content-Length: +1\r\n" }],
    ["with an empty Content-Length", { more: "Content-Length:\r\n" }],
    ["with a method that node:http does not know", { line: "FETCH / HTTP/1.1" }],
    ["with a folded line", { more: "A: b\r\n c\r\n" }],
    ["with a space before a colon", { more: "A : b\r\n" }],
    ["with a lone LF", { more: "A: b\n" }],
    ["in HTTP/2.0", { line: "GET / HTTP/2.0" }],
  ])("is none %s", (_name, parts: UpgradeRequestParts) => {
    expect(examine(parts)).toEqual({ state: "not-upgrade" });
  });

  it.each<[string, UpgradeRequestParts, string, string]>([
    ["without HTTP2-Settings", { settings: "" }, "exactly once, not none", "RFC 7540 section 3.2.1"],
    [
      "with HTTP2-Settings twice",
      { more: `HTTP2-Settings: ${VALID_SETTINGS}\r\n` },
      "exactly once, not 2",
      "RFC 7540 section 3.2.1",
    ],
    [
      "with empty HTTP2-Settings",
      { settings: "HTTP2-Settings: \r\n" },
      "base64url",
      "RFC 7540 section 3.2.1",
    ],
    [
      "with plain base64",
      { settings: "HTTP2-Settings: AAMAAABkAAQAAP//\r\n" },
      "base64url",
      "RFC 7540 section 3.2.1",
    ],
    ["with padding", { settings: "HTTP2-Settings: AAMAAAA=\r\n" }, "padding", "RFC 7540 section 3.2.1"],
    [
      "with a space in the settings",
      { settings: "HTTP2-Settings: AAMA AABk\r\n" },
      "base64url",
      "RFC 7540 section 3.2.1",
    ],
    [
      "with five octets of settings",
      { settings: "HTTP2-Settings: AAMAAAA\r\n" },
      "multiple of 6",
      "RFC 9113 section 6.5",
    ],
    [
      "with seven octets of settings",
      { settings: "HTTP2-Settings: AAMAAABkAA\r\n" },
      "multiple of 6",
      "RFC 9113 section 6.5",
    ],
    ["with ENABLE_PUSH 2", settings([2, 2]), "ENABLE_PUSH", "RFC 9113 section 6.5.2"],
    [
      "with INITIAL_WINDOW_SIZE above 2^31-1",
      settings([4, 2 ** 31]),
      "INITIAL_WINDOW_SIZE",
      "RFC 9113 section 6.5.2",
    ],
    ["with MAX_FRAME_SIZE below 16,384", settings([5, 16_383]), "MAX_FRAME_SIZE", "RFC 9113 section 6.5.2"],
    [
      "with a bad setting behind good ones",
      settings([3, 1], [5, 2 ** 24]),
      "MAX_FRAME_SIZE",
      "RFC 9113 section 6.5.2",
    ],
    [
      "with 33 settings",
      settings(...Array.from({ length: 33 }, (): [number, number] => [3, 1])),
      "32",
      "RFC 9113 section 10.5",
    ],
    [
      "that does not name Upgrade in Connection",
      { connection: "Connection: HTTP2-Settings\r\n" },
      "Upgrade",
      "RFC 9110 section 7.8",
    ],
    [
      "that does not name HTTP2-Settings in Connection",
      { connection: "Connection: Upgrade\r\n" },
      "HTTP2-Settings",
      "RFC 7540 section 3.2.1",
    ],
    ["without Connection", { connection: "" }, "Upgrade", "RFC 9110 section 7.8"],
    [
      "that closes the connection",
      { connection: "Connection: Upgrade, HTTP2-Settings, close\r\n" },
      '"close"',
      "RFC 9113 section 8.2.2",
    ],
    [
      "that names its own fields in Connection",
      { connection: "Connection: Upgrade, HTTP2-Settings, Cookie\r\n" },
      '"cookie"',
      "RFC 9113 section 8.2.2",
    ],
    ["in HTTP/1.0", { line: "GET / HTTP/1.0" }, "HTTP/1.0", "RFC 9110 section 7.8"],
    ["in HTTP/1.0 without Host", { line: "GET / HTTP/1.0", host: "" }, "HTTP/1.0", "RFC 9110 section 7.8"],
    ["with CONNECT", { line: "CONNECT example.com:80 HTTP/1.1" }, "path", "RFC 9113 section 8.3.1"],
    [
      "with an absolute target",
      { line: "GET http://example.com/ HTTP/1.1" },
      "path",
      "RFC 9113 section 8.3.1",
    ],
    ["with * for another method than OPTIONS", { line: "GET * HTTP/1.1" }, "path", "RFC 9113 section 8.3.1"],
    ["with an empty Host", { host: "Host:\r\n" }, "Host", "RFC 9113 section 8.3.1"],
    ["with user information in Host", { host: "Host: me@example.com\r\n" }, "Host", "RFC 9113 section 8.3.1"],
    ["with a path in Host", { host: "Host: example.com/admin\r\n" }, "Host", "RFC 9113 section 8.3.1"],
    [
      "with Transfer-Encoding",
      { line: "POST / HTTP/1.1", more: "Transfer-Encoding: chunked\r\n" },
      "length",
      "RFC 7540 section 3.2",
    ],
    [
      "with a body above the limit",
      { line: "POST / HTTP/1.1", more: "Content-Length: 65537\r\n" },
      "65536 octets",
      "RFC 7540 section 3.2",
    ],
    [
      "with Expect",
      { line: "POST / HTTP/1.1", more: "Content-Length: 1\r\nExpect: 100-continue\r\n" },
      "expects",
      "RFC 9110 section 7.8",
    ],
    ["with 129 fields", { more: "A: b\r\n".repeat(125) }, "128 fields", "RFC 9113 section 10.5"],
  ])("is declined %s", (_name, parts, reason, section) => {
    expect(examine(parts)).toEqual({ state: "declined", reason: expect.stringContaining(reason), section });
  });

  it("may have a smaller limit for the body", () => {
    const parts = { line: "POST / HTTP/1.1", more: "Content-Length: 11\r\n" };
    expect(examine(parts, { maxBodyLength: 10 }).state).toBe("declined");
    expect(examine(parts, { maxBodyLength: 11 }).state).toBe("upgrade");
  });

  it("is none once its head is longer than 16,384 octets", () => {
    const more = (length: number) => ({ more: `A: ${"b".repeat(length)}\r\n` });
    const fixed = upgradeRequest(more(0)).length;
    expect(examine(more(16_384 - fixed)).state).toBe("upgrade");
    expect(examine(more(16_385 - fixed)).state).toBe("not-upgrade");
    expect(examineUpgrade(octetsOf("A".repeat(16_384))).state).toBe("incomplete");
    expect(examineUpgrade(octetsOf("A".repeat(16_385))).state).toBe("not-upgrade");
  });

  it("is none as soon as an octet cannot belong to a head, so that node:http answers at once", () => {
    expect(examineUpgrade(octetsOf("GET / HTTP/1.1\n")).state).toBe("not-upgrade");
    expect(examineUpgrade(octetsOf("\x16\x03\x01")).state).toBe("not-upgrade");
  });
});

describe("the reading of a request for h2c", () => {
  it("is never laxer than that of node:http, and never another", async () => {
    const changed = fc
      .tuple(fc.nat(upgradeRequest().length), fc.nat(2), fc.constantFrom(..."\r\n \t:,;\0\x80aZ0/@"))
      .map(([position, removed, inserted]) => {
        const text = upgradeRequest({ more: "Content-Length: 0\r\nTE: trailers\r\n" });
        return text.slice(0, position) + inserted + text.slice(position + removed);
      });
    await fc.assert(
      fc.asyncProperty(changed, async (text) => {
        const examination = examineUpgrade(octetsOf(text));
        if (examination.state !== "upgrade") return;
        expect(await readByNode(text)).toEqual({
          method: examination.method,
          target: examination.target,
          fields: examination.fields.flat(),
        });
      }),
      { numRuns: 500 },
    );
  });
});

/** What node:http reads from the text; undefined if it refuses it. */
function readByNode(
  text: string,
): Promise<{ method?: string; target?: string; fields: string[] } | undefined> {
  return new Promise((resolve) => {
    const [client, socket] = duplexPair();
    const server = createServer((request) => {
      const { method = "", url = "", rawHeaders } = request;
      resolve({ method, target: url, fields: rawHeaders });
      socket.destroy();
    });
    server.on("clientError", () => resolve(undefined));
    server.emit("connection", socket);
    client.end(octetsOf(text));
  });
}
