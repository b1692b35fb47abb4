import type { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { FramePeer } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { connectRequest, framesTo, protocolRequest, serveTunnels } from "./support.ts";

type Event = "connect" | "upgrade";

interface Answered {
  readonly peer: FramePeer;
  readonly socket: Duplex;
  readonly reported: unknown[];
}

/** A request for a tunnel whose listener writes this, in these pieces. */
async function answered(event: Event, ...written: readonly (string | Uint8Array)[]): Promise<Answered> {
  const reported: unknown[] = [];
  const sockets: Duplex[] = [];
  const server = await serveTunnels(
    (node) =>
      node.on(event, (_request, socket) => {
        sockets.push(socket);
        for (const piece of written) socket.write(piece, "latin1");
      }),
    { onError: (error) => reported.push(error) },
  );
  const peer = await framesTo(server);
  peer.send(event === "connect" ? connectRequest(1) : protocolRequest(1, "echo"));
  await vi.waitUntil(() => sockets.length > 0);
  return { peer, socket: sockets[0] as Duplex, reported };
}

/** Waits for a head, and gives its fields. */
async function head(peer: FramePeer): Promise<string> {
  const line = (await peer.waitFor(/^HEADERS stream=1/)).at(-1) as string;
  return line.slice(line.indexOf(":status"));
}

/** Waits for the end of the stream, and counts the octets of DATA up to there. */
async function lengthOfBody(peer: FramePeer): Promise<number> {
  const lines = await peer.waitFor(/^(DATA|HEADERS) stream=1 END_STREAM/);
  return lines.reduce((sum, line) => sum + Number(/^DATA.* length=(\d+)/.exec(line)?.[1] ?? 0), 0);
}

describe("101 to extended CONNECT", () => {
  it("is status 200, without what concerns HTTP/1.1 only (RFC 8441 section 5)", async () => {
    const lines = [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade, X-Hop",
      "X-Hop: dropped",
      "Keep-Alive: timeout=5",
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      "Sec-WebSocket-Protocol: chat",
      "Sec-WebSocket-Extensions: permessage-deflate",
      "Content-Length: 0",
      "X-Own:  kept \t",
      "Set-Cookie: a=b",
      "Set-Cookie: c=d",
      "\r\n",
    ];
    const { peer } = await answered("upgrade", lines.join("\r\n"));
    expect(await head(peer)).toBe(
      ":status=200 sec-websocket-protocol=chat sec-websocket-extensions=permessage-deflate x-own=kept set-cookie=a=b set-cookie=c=d",
    );
  });

  it("opens the tunnel for the octets behind it", async () => {
    const { peer } = await answered("upgrade", "HTTP/1.1 101 Switching Protocols\r\n\r\nfirst", "second");
    expect(await head(peer)).toBe(":status=200");
    expect(await peer.waitFor(/^DATA/)).toEqual(["DATA stream=1 length=5"]);
    expect(await peer.waitFor(/^DATA/)).toEqual(["DATA stream=1 length=6"]);
  });

  it("may come octet by octet", async () => {
    const text = "HTTP/1.1 101 Switching Protocols\r\nX-Own: kept\r\n\r\nx";
    const { peer } = await answered("upgrade", ...text);
    expect(await head(peer)).toBe(":status=200 x-own=kept");
    await peer.waitFor(/^DATA stream=1 length=1$/);
  });

  it("may have no reason, and any octets in its fields (RFC 9112 section 4)", async () => {
    const { peer } = await answered("upgrade", "HTTP/1.0 101\r\nx-name: gr\xfc\xdf\r\n\r\n");
    expect(await head(peer)).toBe(":status=200 x-name=gr\xfc\xdf");
  });

  it("may follow interim responses, which are sent as they are (RFC 8297 section 2)", async () => {
    const hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
    const { peer } = await answered("upgrade", `${hints}HTTP/1.1 101 Switching Protocols\r\n\r\n`);
    expect([await head(peer), await head(peer)]).toEqual([":status=103 link=</a.css>", ":status=200"]);
  });
});

describe("200 to 299 to CONNECT (RFC 9110 section 9.3.6)", () => {
  it.each([200, 204, 299])(
    "opens the tunnel with status %i, without the length of a body",
    async (status) => {
      const lines = `HTTP/1.1 ${status} Established\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\nVia: us\r\n\r\n`;
      const { peer } = await answered("connect", `${lines}octets`);
      expect(await head(peer)).toBe(`:status=${status} via=us`);
      await peer.waitFor(/^DATA stream=1 length=6$/);
    },
  );
});

describe("a response that refuses the tunnel", () => {
  it.each([
    ["upgrade", 400],
    ["upgrade", 401],
    ["upgrade", 302],
    ["connect", 407],
    ["connect", 502],
  ] as const)("keeps its status and its fields: %s, %i", async (event, status) => {
    const { peer } = await answered(
      event,
      `HTTP/1.1 ${status} No\r\nConnection: close\r\nX-Own: kept\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(await head(peer)).toBe(`:status=${status} x-own=kept content-length=0`);
  });

  it("is status 501 if it says that all is well to extended CONNECT, which would open the tunnel", async () => {
    const { peer } = await answered("upgrade", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    expect(await head(peer)).toBe(":status=501 content-length=2");
    expect(await lengthOfBody(peer)).toBe(2);
  });

  it.each([
    ["the length says (RFC 9112 section 6.2)", "Content-Length: 9\r\n\r\n123456789 and another response", 9],
    [
      "the last chunk says (RFC 9112 section 7.1)",
      "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n4;x=y\r\n6789\r\n0\r\nA: b\r\n\r\nmore",
      9,
    ],
    ["the status says (RFC 9110 section 15.3.5)", "\r\n", 0],
  ])("ends the stream where %s", async (_where, rest, length) => {
    const { peer } = await answered("upgrade", `HTTP/1.1 ${length === 0 ? 304 : 403} No\r\n${rest}`);
    expect(await lengthOfBody(peer)).toBe(length);
  });

  it("may have its chunks cut anywhere (RFC 9112 section 7.1)", async () => {
    const body = "3\r\nabc\r\nA ;x\r\n0123456789\r\n0\r\n\r\n";
    const { peer } = await answered(
      "upgrade",
      ...`HTTP/1.1 403 No\r\nTransfer-Encoding: Chunked\r\n\r\n${body}`,
    );
    expect(await head(peer)).toBe(":status=403");
    expect(await lengthOfBody(peer)).toBe(13);
  });

  it("ends the stream where the socket is ended, if it says nothing of its end (RFC 9112 section 6.3)", async () => {
    const { peer, socket } = await answered("upgrade", "HTTP/1.1 403 No\r\n\r\nbe", "cause");
    socket.end("!");
    expect(await lengthOfBody(peer)).toBe(8);
  });

  it("reaches the client whole, though the socket is destroyed behind it", async () => {
    const { peer, socket } = await answered("upgrade", "HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nbad");
    socket.destroy();
    expect(await lengthOfBody(peer)).toBe(3);
  });

  it("ends the stream of a client that has sent all, though the socket is destroyed behind it", async () => {
    const server = await serveTunnels((node) =>
      node.on("upgrade", (_request, socket) => {
        socket.write("HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nbad");
        socket.destroy();
      }),
    );
    const peer = await framesTo(server);
    peer.send(protocolRequest(1, "echo").endStream());
    expect(await lengthOfBody(peer)).toBe(3);
    expect(server.stats().streams).toBe(0);
  });

  it.each([false, true])(
    "closes the socket, whether or not the client has sent all: %s",
    async (hasSentAll) => {
      const { peer, socket } = await answered("upgrade");
      if (hasSentAll) peer.send(frames.data(1, "all").endStream());
      peer.send(frames.ping());
      await peer.waitFor(/^PING ACK/);
      socket.write("HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nbad");
      let hasFinished = false;
      socket.on("finish", () => {
        hasFinished = true;
      });
      await lengthOfBody(peer);
      await vi.waitUntil(() => socket.destroyed);
      expect(hasFinished).toBe(true);
    },
  );

  it("is the end of the stream for a client that ends its half too", async () => {
    const { peer } = await answered("upgrade", "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
    await lengthOfBody(peer);
    peer.send(frames.data(1, "bye").endStream(), frames.ping());
    await peer.waitFor(/^PING ACK/);
    expect(peer.came()).toEqual([]);
  });

  it("tells a client to stop that goes on to send (RFC 9113 section 8.1)", async () => {
    const { peer } = await answered("upgrade", "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
    await lengthOfBody(peer);
    peer.send(frames.data(1, Buffer.alloc(16_384)), frames.data(1, "!"));
    await peer.waitFor(/^RST_STREAM stream=1 error=NO_ERROR/);
  });

  it("tells a client to stop that does neither (RFC 9113 section 8.1)", async () => {
    const { peer } = await answered("upgrade", "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
    await lengthOfBody(peer);
    await peer.waitFor(/^RST_STREAM stream=1 error=NO_ERROR/);
  });

  it("waits for a window like any response (RFC 9113 section 5.2)", async () => {
    const { peer, socket } = await answered(
      "upgrade",
      "HTTP/1.1 403 No\r\nContent-Length: 100000\r\n\r\n",
      Buffer.alloc(100_000),
    );
    await peer.waitFor(/^DATA/);
    expect(socket.destroyed).toBe(false);
    peer.send(frames.windowUpdate(0, 100_000), frames.windowUpdate(1, 100_000));
    await lengthOfBody(peer);
  });
});

describe("what is no response", () => {
  it.each([
    ["upgrade", "no HTTP at all", "hello, world\r\n\r\n"],
    ["upgrade", "another version", "HTTP/2.0 101 Switching Protocols\r\n\r\n"],
    ["upgrade", "a status of four digits", "HTTP/1.1 1010 No\r\n\r\n"],
    ["upgrade", "a status below 100", "HTTP/1.1 099 No\r\n\r\n"],
    ["upgrade", "a lone line feed", "HTTP/1.1 101 Switching Protocols\n\n"],
    ["upgrade", "a control character", "HTTP/1.1 101 Switching\0Protocols\r\n\r\n"],
    ["upgrade", "a line without a colon", "HTTP/1.1 101 Yes\r\nUpgrade\r\n\r\n"],
    ["upgrade", "a folded line (RFC 9112 section 5.2)", "HTTP/1.1 101 Yes\r\nA: b\r\n c\r\n\r\n"],
    ["upgrade", "a space before the colon (RFC 9112 section 5.1)", "HTTP/1.1 101 Yes\r\nA : b\r\n\r\n"],
    ["upgrade", "a head that has no end", `HTTP/1.1 101 Yes\r\nA: ${"b".repeat(70_000)}`],
    [
      "upgrade",
      "two lengths (RFC 9112 section 6.3)",
      "HTTP/1.1 403 No\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ],
    ["upgrade", "a length that is none", "HTTP/1.1 403 No\r\nContent-Length: -1\r\n\r\n"],
    [
      "upgrade",
      "a coding beside a length (RFC 9112 section 6.2)",
      "HTTP/1.1 403 No\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ["upgrade", "a coding that is not known", "HTTP/1.1 403 No\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"],
    ["connect", "101 to CONNECT", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
  ] as const)("is answered with status 500 and reported: %s, %s", async (event, _what, written) => {
    const { peer, socket, reported } = await answered(event, written);
    expect(await head(peer)).toBe(":status=500 content-length=0");
    expect(reported).toEqual([
      expect.objectContaining({ message: expect.stringContaining("cannot be sent") }),
    ]);
    await vi.waitUntil(() => socket.destroyed);
  });

  it("is a head that never came to its end", async () => {
    const { peer, socket, reported } = await answered("upgrade", "HTTP/1.1 101 Switching");
    socket.end();
    expect(await head(peer)).toBe(":status=500 content-length=0");
    expect(reported).toHaveLength(1);
  });

  it.each([
    ["length", "Content-Length: 9\r\n\r\n123"],
    ["chunks", "Transfer-Encoding: chunked\r\n\r\n3\r\n123\r\n"],
  ])("is a reset where the head was sent, and the body is less than its %s said", async (_what, rest) => {
    const { peer, socket, reported } = await answered("upgrade", `HTTP/1.1 403 No\r\n${rest}`);
    socket.end();
    await peer.waitFor(/^RST_STREAM stream=1 error=INTERNAL_ERROR/);
    expect(reported).toHaveLength(1);
  });

  it.each([
    ["a chunk without a size", "x\r\n"],
    ["a chunk that is longer than its size", "1\r\nab\r\n"],
    ["a line without an end", "1".repeat(20_000)],
  ])("is a reset where the head was sent, and then came %s (RFC 9112 section 7.1)", async (_what, chunk) => {
    const { peer, reported } = await answered(
      "upgrade",
      `HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
    );
    await peer.waitFor(/^RST_STREAM stream=1 error=INTERNAL_ERROR/);
    expect(reported).toHaveLength(1);
  });

  it("is an error of the socket, for those who listen", async () => {
    const { socket } = await answered("upgrade", "HTTP/1.1 103 Hints\r\n\r\n");
    const errors: Error[] = [];
    socket.on("error", (error) => errors.push(error));
    socket.write("nonsense\r\n\r\n");
    await vi.waitUntil(() => errors.length > 0);
    expect(errors[0]?.message).toContain("no head of HTTP/1.1");
  });
});

describe("a listener that says nothing", () => {
  it.each(["end", "destroy"] as const)("resets the stream with CANCEL, by `%s`", async (method) => {
    const { peer, socket, reported } = await answered("upgrade");
    socket[method]();
    await peer.waitFor(/^RST_STREAM stream=1 error=CANCEL/);
    await nextTurn();
    expect([socket.destroyed, reported]).toEqual([true, []]);
  });

  it("may say it later", async () => {
    const { peer, socket } = await answered("upgrade");
    peer.send(frames.ping());
    await peer.waitFor(/^PING ACK/);
    socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
    expect(await head(peer)).toBe(":status=200");
  });
});
