import type { IncomingMessage } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ErrorReport, Listener } from "../../../../src/http/server.ts";
import { type FramePeer, get, HELLO } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { framePeer, serve } from "../../../support/serving.ts";

interface Scene {
  readonly url: string;
  readonly peer: FramePeer;
  readonly reported: unknown[];
}

/** A server with a listener that goes wrong, and what it reports. */
async function scene(listener: Listener): Promise<Scene> {
  const reported: unknown[] = [];
  const onError: ErrorReport = (error) => reported.push(error);
  const server = await serve(listener, { onError });
  const peer = await framePeer(server);
  peer.send(HELLO);
  return { url: server.url, peer, reported };
}

const mistake = new Error("a mistake");

/** Two kinds of listeners that fail after they have done something. */
const kinds: [string, (before: Listener) => Listener][] = [
  [
    "throws",
    (before) => (request, response) => {
      before(request, response);
      throw mistake;
    },
  ],
  [
    "returns a promise that is rejected",
    (before) => async (request, response) => {
      before(request, response);
      await Promise.reject(mistake);
    },
  ],
];

describe.each(kinds)("a listener that %s", (_name, failing) => {
  it("is answered for with status 500, if it said nothing yet", async () => {
    const { peer, reported } = await scene(
      failing((_request, response) => void response.setHeader("x-left", "1")),
    );
    peer.send(get(1));
    const head = (await peer.waitFor(/^HEADERS stream=1/)).at(-1);
    expect(head).toMatch(/END_STREAM.* :status=500/);
    expect(head).not.toContain("x-left");
    expect(reported).toEqual([mistake]);
  });

  it("has its stream reset with INTERNAL_ERROR, if the head was sent (RFC 9113 section 7)", async () => {
    const { peer } = await scene(failing((_request, response) => void response.write("part")));
    peer.send(get(1));
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=INTERNAL_ERROR");
  });

  it("does no harm to a response that is complete", async () => {
    const { peer, reported } = await scene(failing((_request, response) => void response.end("all")));
    peer.send(get(1), frames.ping());
    const came = (await peer.waitFor(/^DATA stream=1 END_STREAM/)).join();
    expect(came).not.toContain("RST_STREAM");
    expect(reported).toEqual([mistake]);
  });

  it("is answered for with status 500 over HTTP/1.1 too", async () => {
    const { url } = await scene(failing(() => {}));
    expect((await fetch(url)).status).toBe(500);
  });

  it("has its connection cut off over HTTP/1.1, if the head was sent", async () => {
    const { url } = await scene(failing((_request, response) => void response.write("part")));
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  });
});

describe("what goes wrong later", () => {
  it("in a listener for drain is reported, and ends its stream alone", async () => {
    const { peer, reported } = await scene((request, response) => {
      if (request.url === "/fine") response.end("fine");
      else response.write(new Uint8Array(70_000));
      response.on("drain", () => {
        throw mistake;
      });
    });
    peer.send(frames.windowUpdate(0, 100_000), get(1), frames.windowUpdate(1, 100_000));
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=INTERNAL_ERROR");
    expect(reported).toEqual([mistake]);
    peer.send(get(3, "/fine"));
    expect((await peer.waitFor(/^HEADERS stream=3/)).at(-1)).toContain(":status=200");
  });

  it("in a listener for the body is answered for with status 500, if no head was sent", async () => {
    let pieces = 0;
    const { peer, reported } = await scene((request) => {
      request.on("data", () => {
        if (++pieces === 2) throw mistake;
      });
    });
    peer.send(frames.headers(1).request("POST", "/"), frames.data(1, "one"));
    await vi.waitUntil(() => pieces === 1);
    peer.send(frames.data(1, "two"));
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toMatch(/END_STREAM.* :status=500/);
    expect(reported).toEqual([mistake]);
  });

  it("in a listener for the end of the response is reported", async () => {
    const { peer, reported } = await scene((_request, response) => {
      response.on("finish", () => {
        throw mistake;
      });
      response.end("all");
    });
    peer.send(get(1));
    await peer.waitFor(/^DATA stream=1 END_STREAM/);
    await vi.waitUntil(() => reported.length > 0);
    expect(reported).toEqual([mistake]);
  });

  it("with fields that cannot be sent is answered for with status 500", async () => {
    const { peer, reported } = await scene((_request, response) => {
      response.setHeader(":bad", "x");
      response.end();
    });
    peer.send(get(1));
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).toContain(":status=500");
    expect(reported).toEqual([expect.any(Error)]);
  });
});

describe("reports", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("go to the console, unless somebody takes them", async () => {
    const written = vi.spyOn(console, "error").mockImplementation(() => {});
    const server = await serve(() => {
      throw mistake;
    });
    await fetch(server.url);
    expect(written).toHaveBeenCalledWith(expect.any(String), mistake);
  });

  it("say which request it was", async () => {
    const requests: (IncomingMessage | null)[] = [];
    const server = await serve(
      () => {
        throw mistake;
      },
      { onError: (_error, request) => requests.push(request) },
    );
    await fetch(`${server.url}/here`);
    expect(requests.map((request) => request?.url)).toEqual(["/here"]);
  });
});
