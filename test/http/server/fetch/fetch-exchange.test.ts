import { describe, expect, it, vi } from "vitest";
import { type FetchHandler, LazyResponse } from "../../../../src/http/server.ts";
import { type FramePeer, get, HELLO } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { framePeer } from "../../../support/serving.ts";
import { ask, served, sessionBy, signal } from "./support.ts";

async function peerOf(fetch: FetchHandler): Promise<FramePeer> {
  const peer = await framePeer(await served(fetch, { onError: () => {} }));
  peer.send(HELLO);
  return peer;
}

function post(streamId: number): ReturnType<typeof frames.headers> {
  return frames.headers(streamId).request("POST", "/");
}

describe("a response over HTTP/2", () => {
  it("without a body is one frame (RFC 9113 section 8.1)", async () => {
    const peer = await peerOf(() => new LazyResponse());
    peer.send(get(1));
    expect((await peer.waitFor(/stream=1/)).at(-1)).toMatch(/^HEADERS .*END_STREAM/);
  });

  it("whose body is there is two frames, the second of which ends the stream", async () => {
    const peer = await peerOf(() => new LazyResponse("text"));
    peer.send(get(1));
    await peer.waitFor(/^DATA stream=1.*END_STREAM/);
    peer.send(frames.ping());
    expect(await peer.waitFor(/^PING/)).toHaveLength(1);
  });

  it("waits for the windows of the client (RFC 9113 section 6.9)", async () => {
    const peer = await peerOf(() => new LazyResponse(new Uint8Array(70_000)));
    peer.send(get(1));
    const first = await peer.waitFor(/^DATA stream=1/);
    peer.send(frames.ping());
    expect([...first, ...(await peer.waitFor(/^PING/))].join()).not.toContain("END_STREAM");
    peer.send(frames.windowUpdate(0, 10_000), frames.windowUpdate(1, 10_000));
    await peer.waitFor(/^DATA stream=1.*END_STREAM/);
  });

  it("leaves nothing behind when it is over, however long it was", async () => {
    const server = await served(() => new LazyResponse(new Uint8Array(300_000)));
    const peer = await framePeer(server);
    peer.send(HELLO, get(1));
    await vi.waitUntil(() => server.stats().streams === 1);
    peer.send(frames.windowUpdate(0, 300_000), frames.windowUpdate(1, 300_000));
    await peer.waitFor(/^DATA stream=1.*END_STREAM/);
    await vi.waitUntil(() => server.stats().streams === 0);
  });
});

describe("a request over HTTP/2", () => {
  it("that opens a tunnel nobody listens for is answered with status 501 (RFC 9110 section 9.3.6)", async () => {
    const peer = await peerOf(() => new Response());
    peer.send(frames.headers(1).field(":method", "CONNECT").field(":authority", "example.com:80"));
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toMatch(/END_STREAM.* :status=501/);
  });

  it("whose scheme is neither http nor https is answered with status 400", async () => {
    const handler = vi.fn(() => new Response());
    const peer = await peerOf(handler);
    const fields = [
      [":method", "GET"],
      [":scheme", "ftp"],
      [":authority", "example.com"],
      [":path", "/"],
    ] as const;
    const head = frames.headers(1).endStream();
    for (const [name, value] of fields) head.field(name, value);
    peer.send(head);
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toMatch(/END_STREAM.* :status=400/);
    expect(handler).not.toHaveBeenCalled();
  });

  it("takes its host from Host where it has no :authority (RFC 9113 section 8.3.1)", async () => {
    const peer = await peerOf(
      ({ url, headers }) => new LazyResponse(null, { headers: { url, host: headers.get("host") ?? "" } }),
    );
    const head = frames.headers(1).field(":method", "GET").field(":scheme", "http").field(":path", "/a");
    peer.send(head.field("host", "example.com").endStream());
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(
      "url=http://example.com/a host=example.com",
    );
  });

  it("names its host once, though it has :authority and Host", async () => {
    const peer = await peerOf(
      ({ headers }) => new LazyResponse(null, { headers: { got: headers.get("host") ?? "" } }),
    );
    peer.send(frames.headers(1).request("GET", "/").field("host", "example.com").endStream());
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain("got=example.com");
  });

  it("with an expectation that is not 100-continue is answered with status 417 (RFC 9110 section 10.1.1)", async () => {
    const peer = await peerOf(() => new Response());
    peer.send(frames.headers(1).request("GET", "/").field("expect", "miracles").endStream());
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=417");
  });

  it("is told to continue when somebody reads its body (RFC 9110 section 10.1.1)", async () => {
    const read = signal();
    const peer = await peerOf(async (request) => {
      await read.promise;
      return new LazyResponse(await request.text());
    });
    peer.send(post(1).field("expect", "100-Continue"), frames.ping());
    expect((await peer.waitFor(/^PING/)).join()).not.toContain("HEADERS");
    read.resolve();
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=100");
    peer.send(frames.data(1, "text").endStream());
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=200");
  });

  it("is not told to continue if nobody reads its body (RFC 9110 section 10.1.1)", async () => {
    const peer = await peerOf(() => new Response(null, { status: 413 }));
    peer.send(post(1).field("expect", "100-continue"));
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=413");
  });
});

describe("what of a request nobody reads", () => {
  it("may end in its own time, if it is little", async () => {
    const peer = await peerOf(() => new LazyResponse("text"));
    peer.send(post(1));
    await peer.waitFor(/^DATA stream=1.*END_STREAM/);
    peer.send(frames.data(1, "late").endStream(), frames.ping());
    expect(await peer.waitFor(/^PING/)).toHaveLength(1);
  });

  it("is stopped with NO_ERROR behind the response, if it is much (RFC 9113 section 8.1)", async () => {
    const peer = await peerOf(() => new LazyResponse("text"));
    peer.send(post(1), frames.data(1, new Uint8Array(10_000)));
    await peer.waitFor(/^DATA stream=1.*END_STREAM/);
    peer.send(frames.data(1, new Uint8Array(10_000)));
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=NO_ERROR");
  });

  it("is stopped with NO_ERROR when it does not end in time", async () => {
    const peer = await peerOf(() => new LazyResponse("text"));
    peer.send(post(1));
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=NO_ERROR");
  });

  it("is stopped if the handler gave up reading", async () => {
    const peer = await peerOf(async (request) => {
      for await (const _octets of request.body as AsyncIterable<Uint8Array>) break;
      return new LazyResponse("text");
    });
    peer.send(post(1), frames.data(1, "one"));
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=NO_ERROR");
  });

  it("opens the window of the connection for other streams (RFC 9113 section 6.9)", async () => {
    const peer = await peerOf(() => new LazyResponse("text"));
    const octets = new Uint8Array(16_384);
    for (let streamId = 1; streamId < 200; streamId += 2) {
      peer.send(post(streamId), frames.data(streamId, octets).endStream());
      await peer.waitFor(new RegExp(`^DATA stream=${streamId} `));
    }
    expect(peer.hasEnded).toBe(false);
  });

  it("can still be read behind the response, if it was complete", async () => {
    const text = signal<string>();
    const responded = signal();
    const session = await sessionBy("prior-knowledge", async (request, info) => {
      await info.trailers;
      void responded.promise.then(() => request.text()).then(text.resolve);
      return new LazyResponse("response");
    });
    const response = await session.request({ method: "POST", body: Buffer.from("request") });
    expect(await response.text()).toBe("response");
    responded.resolve();
    expect(await text.promise).toBe("request");
  });
});

describe("what of a request is read", () => {
  it("may come behind the response", async () => {
    const text = signal<string>();
    const peer = await peerOf((request) => {
      void request.text().then(text.resolve);
      return new LazyResponse("response");
    });
    peer.send(post(1));
    await peer.waitFor(/^DATA stream=1.*END_STREAM/);
    peer.send(
      frames.data(1, new Uint8Array(16_000)),
      frames.data(1, new Uint8Array(16_000)),
      frames.data(1, "end").endStream(),
    );
    expect(await text.promise).toHaveLength(32_003);
  });

  it("may be sent back at once", async () => {
    const peer = await peerOf((request) => new LazyResponse(request.body));
    peer.send(post(1));
    await peer.waitFor(/^HEADERS stream=1/);
    for (const text of ["one", "three"]) {
      peer.send(frames.data(1, text));
      expect((await peer.waitFor(/^DATA stream=1/)).at(-1)).toContain(`${text.length}`);
    }
    peer.send(frames.data(1).endStream());
    await peer.waitFor(/^DATA stream=1.*END_STREAM/);
  });

  it("may be a whole upload by Upgrade, which no window was charged for (RFC 7540 section 3.2)", async () => {
    const body = Buffer.alloc(60_000, "x");
    const response = await ask("upgrade", async (request) => new LazyResponse(await request.text()), {
      method: "POST",
      body,
    });
    expect((await response.bytes()).length).toBe(60_000);
  });

  it("fails when the client resets the stream, for each way to read it", async () => {
    const failed: string[] = [];
    const note = (error: Error): void => void failed.push(error.name);
    const arrived: string[] = [];
    const peer = await peerOf((request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/text") request.text().catch(note);
      if (pathname === "/stream") request.body?.getReader().read().catch(note);
      if (pathname === "/later")
        request.signal.addEventListener("abort", () => void request.text().catch(note));
      if (pathname === "/pulled-later") {
        const reader = request.body?.getReader();
        request.signal.addEventListener("abort", () => void reader?.read().catch(note));
      }
      arrived.push(pathname);
      return new Promise(() => {});
    });
    for (const [index, path] of ["/text", "/stream", "/later", "/pulled-later"].entries()) {
      peer.send(frames.headers(2 * index + 1).request("POST", path));
      await vi.waitUntil(() => arrived.length === index + 1);
      peer.send(frames.rstStream(2 * index + 1, 8));
      await vi.waitUntil(() => failed.length === index + 1);
    }
    expect(failed).toEqual(["AbortError", "AbortError", "AbortError", "AbortError"]);
  });

  it("that fails while nobody waits for it does not end the process", async () => {
    const arrived = signal();
    const peer = await peerOf((request) => {
      void request.text();
      void request.json();
      arrived.resolve();
      return new Promise(() => {});
    });
    peer.send(post(1));
    await arrived.promise;
    peer.send(frames.rstStream(1, 8), get(3), frames.ping());
    await peer.waitFor(/^PING/);
  });
});

describe("a request that the client resets", () => {
  it.each<[string, FetchHandler]>([
    ["nobody reads", () => new Promise(() => {})],
    ["is read whole", (request) => request.text().then(() => new Response())],
    [
      "is read as a stream",
      async (request) =>
        new LazyResponse(
          await request.body
            ?.getReader()
            .read()
            .then(() => ""),
        ),
    ],
    ["is sent back", (request) => new LazyResponse(request.body)],
    ["was given up", (request) => Promise.resolve(request.body?.cancel()).then(() => new Promise(() => {}))],
    ["was cloned", (request) => Promise.resolve(request.clone()).then(() => new Promise(() => {}))],
  ])(
    "and that %s gives its part of the connection's window back (RFC 9113 section 6.9)",
    async (_name, handler) => {
      const peer = await peerOf(handler);
      const octets = new Uint8Array(16_384);
      peer.send(frames.windowUpdate(0, 10_000_000));
      for (let streamId = 1; streamId < 200; streamId += 2) {
        peer.send(post(streamId), frames.data(streamId, octets), frames.data(streamId, octets));
        peer.send(frames.rstStream(streamId, 8), frames.ping());
        await peer.waitFor(/^PING/);
      }
      expect(peer.hasEnded).toBe(false);
    },
  );
});

describe("a connection that ends its half", () => {
  it("has its complete requests answered, and the others reset (RFC 9113 section 8.1)", async () => {
    const answer = signal<Response>();
    const aborted = signal();
    const arrived: string[] = [];
    const peer = await peerOf((request) => {
      arrived.push(request.method);
      if (request.method === "GET") return answer.promise;
      request.signal.addEventListener("abort", () => aborted.resolve());
      return new Promise(() => {});
    });
    peer.send(get(1), post(3));
    await vi.waitUntil(() => arrived.length === 2);
    peer.socket.end();
    await aborted.promise;
    answer.resolve(new LazyResponse("text"));
    const came = await peer.waitFor(/^DATA stream=1.*END_STREAM/);
    expect(came.join()).toContain("RST_STREAM stream=3 error=CANCEL");
  });
});
