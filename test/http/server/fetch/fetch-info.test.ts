import net from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { type FetchInfo, LazyResponse } from "../../../../src/http/server.ts";
import { certificate } from "../../../support/certificate.ts";
import { get, HELLO } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { connectTo, framePeer, nodeClient, nodeRequest } from "../../../support/serving.ts";
import { ask, PROTOCOLS, pieces, served, sessionBy, signal, type Way } from "./support.ts";

describe("the info of a request", () => {
  it.each<[Way, string, string, number | null]>([
    ["prior-knowledge", "h2", "prior-knowledge", 1],
    ["upgrade", "h2", "upgrade", 1],
    ["http/1.1", "http/1.1", "http/1.1", null],
    ["alpn", "h2", "alpn", 1],
  ])("by %s tells that it came over %s by %s", async (way, protocol, negotiated, streamId) => {
    const response = await ask(way, (_request, info) =>
      LazyResponse.json({
        protocol: info.protocol,
        negotiated: info.negotiated,
        streamId: info.streamId,
        version: info.tls?.version ?? null,
        remoteAddress: info.remoteAddress,
        hasPort: (info.remotePort ?? 0) > 0,
      }),
    );
    expect(JSON.parse(await response.text())).toEqual({
      protocol,
      negotiated,
      streamId,
      version: way === "alpn" ? "TLSv1.3" : null,
      remoteAddress: "127.0.0.1",
      hasPort: true,
    });
  });

  it("tells of HTTP/1.1 by ALPN", async () => {
    const handler = (_request: Request, info: FetchInfo): Response =>
      new LazyResponse(`${info.protocol} ${info.negotiated} ${info.tls?.version}`);
    const server = await served(handler, { tls: await certificate() });
    const session = await connectTo(server, { negotiation: "http/1.1" });
    expect(await (await session.request()).text()).toBe("http/1.1 alpn TLSv1.3");
  });

  it("tells of HTTP/1.0", async () => {
    const { port } = await served((_request, info) => new LazyResponse(info.protocol));
    const socket = net.connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.0\r\n\r\n");
    expect(await text(socket)).toMatch(/http\/1\.0$/);
  });
});

describe("the trailers of a request", () => {
  const looking = async (request: Request, info: FetchInfo): Promise<Response> => {
    await request.text();
    return LazyResponse.json([...(await info.trailers)]);
  };

  it("come behind its body over HTTP/2 (RFC 9113 section 8.1)", async () => {
    const peer = await framePeer(await served(looking));
    peer.send(HELLO, frames.headers(1).request("POST", "/"), frames.data(1, "text"));
    peer.send(frames.headers(1).field("x-sum", "1").endStream());
    expect((await peer.waitFor(/^DATA stream=1/)).at(-1)).toContain("length=15");
  });

  it("come behind its body over HTTP/1.1 (RFC 9112 section 7.1.2)", async () => {
    const { port } = await served(looking);
    const socket = net.connect(port, "127.0.0.1");
    const head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    socket.write(`${head}4\r\ntext\r\n0\r\nX-Sum: 1\r\n\r\n`);
    expect(await text(socket)).toContain('[["x-sum","1"]]');
  });

  it.each(PROTOCOLS)("are empty by %s where there are none, with and without a body", async (way) => {
    const session = await sessionBy(way, looking);
    expect(await (await session.request()).text()).toBe("[]");
    expect(await (await session.request({ method: "POST", body: pieces("text") })).text()).toBe("[]");
  });

  it.each(PROTOCOLS)(
    "are rejected by %s if the client breaks off, which nobody has to notice",
    async (way) => {
      const rejected = signal<Error>();
      const arrived = signal();
      const session = await sessionBy(way, (_request, info) => {
        const { trailers } = info;
        void Promise.resolve(arrived.promise).then(() => trailers.catch(rejected.resolve));
        arrived.resolve();
        return new Promise(() => {});
      });
      const aborting = new AbortController();
      const endless = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from("text");
        await new Promise(() => {});
      };
      const answer = session.request({ method: "POST", body: endless(), signal: aborting.signal });
      await arrived.promise;
      aborting.abort();
      await expect(answer).rejects.toThrow();
      expect(await rejected.promise).toMatchObject({ name: "AbortError" });
    },
  );

  it("are rejected for whoever asks when the client is gone", async () => {
    const rejected = signal<Error>();
    const arrived = signal();
    const peer = await framePeer(
      await served((request, info) => {
        request.signal.addEventListener("abort", () => void info.trailers.catch(rejected.resolve));
        arrived.resolve();
        return new Promise(() => {});
      }),
    );
    peer.send(HELLO, frames.headers(1).request("POST", "/"));
    await arrived.promise;
    peer.send(frames.rstStream(1, 8));
    expect(await rejected.promise).toMatchObject({ name: "AbortError" });
  });
});

describe("early hints", () => {
  it.each(PROTOCOLS)("go before the response by %s (RFC 8297)", async (way) => {
    const response = await ask(way, (_request, info) => {
      info.earlyHints([
        ["link", "</a.css>; rel=preload"],
        ["Link", "</b.css>; rel=preload"],
      ]);
      info.earlyHints({ "x-hint": "yes" });
      return new LazyResponse("text");
    });
    expect(response.informational).toEqual([
      { status: 103, headers: [["link", "</a.css>; rel=preload, </b.css>; rel=preload"]] },
      { status: 103, headers: [["x-hint", "yes"]] },
    ]);
    expect(await response.text()).toBe("text");
  });

  it.each(PROTOCOLS)("are nothing by %s once the response has begun", async (way) => {
    const response = await ask(way, (_request, info) => {
      const stream = new ReadableStream({
        async pull(controller) {
          controller.enqueue(Buffer.from("text"));
          await new Promise(setImmediate);
          info.earlyHints({ link: "</a>; rel=preload" });
          controller.close();
        },
      });
      return new LazyResponse(stream);
    });
    expect([response.informational, await response.text()]).toEqual([[], "text"]);
  });

  it("are not for HTTP/1.0 (RFC 9110 section 15.2)", async () => {
    const { port } = await served((_request, info) => {
      info.earlyHints({ link: "</a>; rel=preload" });
      return new LazyResponse("text");
    });
    const socket = net.connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.0\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each(PROTOCOLS)("cannot smuggle lines into the connection by %s", async (way) => {
    const response = await ask(way, (_request, info) => {
      expect(() => info.earlyHints({ link: "a\r\nHTTP/1.1 200 OK" })).toThrow(TypeError);
      return new LazyResponse("text");
    });
    expect([response.informational, await response.text()]).toEqual([[], "text"]);
  });
});

describe.each(PROTOCOLS)("trailers of a response by %s", (way) => {
  it.each<[string, () => Response, string]>([
    ["a text", () => new LazyResponse("text"), "text"],
    ["nothing", () => new LazyResponse(), ""],
    ["a stream", () => new Response("text"), "text"],
  ])("follow a body that is %s (RFC 9110 section 6.5)", async (_name, respond, body) => {
    const response = await ask(way, (_request, info) => {
      info.setTrailers({ "X-Sum": "1" });
      return respond();
    });
    expect(await response.text()).toBe(body);
    expect(await response.trailers).toEqual([["x-sum", "1"]]);
  });

  it("may be made when the body is complete", async () => {
    let sum = 0;
    const response = await ask(way, (_request, info) => {
      info.setTrailers(() => [["x-sum", String(sum)]]);
      const stream = new ReadableStream({
        pull(controller) {
          sum += 4;
          controller.enqueue(Buffer.from("text"));
          if (sum === 12) controller.close();
        },
      });
      return new LazyResponse(stream);
    });
    expect(await response.text()).toBe("texttexttext");
    expect(await response.trailers).toEqual([["x-sum", "12"]]);
  });

  it.each([
    ["HEAD", 200],
    ["GET", 204],
  ])("are dropped where there can be no body: %s with status %i", async (method, status) => {
    const response = await ask(
      way,
      (_request, info) => {
        info.setTrailers({ "x-sum": "1" });
        return new LazyResponse(null, { status });
      },
      { method },
    );
    expect([response.status, await response.text(), await response.trailers]).toEqual([status, "", []]);
  });

  it("that fail make the response fail", async () => {
    const onError = vi.fn();
    const mistake = new Error("a mistake");
    const handler = (_request: Request, info: FetchInfo): Response => {
      info.setTrailers(() => {
        throw mistake;
      });
      return new LazyResponse(new Response("text").body);
    };
    const answer = ask(way, handler, {}, { onError }).then((response) => response.text());
    await expect(answer).rejects.toThrow();
    expect(onError).toHaveBeenCalledWith(mistake, expect.anything());
  });
});

describe("the priority of a response (RFC 9218)", () => {
  const showing = (_request: Request, info: FetchInfo): Response => LazyResponse.json(info.priority);

  it.each(PROTOCOLS)("is by %s what the request's field says", async (way) => {
    const response = await ask(way, showing, { headers: [["priority", "u=1, i"]] });
    expect(JSON.parse(await response.text())).toEqual({ urgency: 1, incremental: true });
  });

  it("is that of the engine, where nothing is said", async () => {
    const response = await ask("prior-knowledge", showing);
    expect(JSON.parse(await response.text())).toEqual({ urgency: 3, incremental: true });
    const other = await ask("http/1.1", showing);
    expect(JSON.parse(await other.text())).toEqual({ urgency: 3, incremental: false });
  });

  it("follows PRIORITY_UPDATE, before the request and behind it (RFC 9218 section 7.1)", async () => {
    const infos: FetchInfo[] = [];
    const peer = await framePeer(
      await served((_request, info) => {
        infos.push(info);
        return new Promise(() => {});
      }),
    );
    peer.send(HELLO, frames.priorityUpdate(1, "u=6"), get(1));
    await vi.waitUntil(() => infos.length === 1);
    expect(infos[0]?.priority).toEqual({ urgency: 6, incremental: false });
    peer.send(frames.priorityUpdate(1, "u=2, i"));
    await vi.waitFor(() => expect(infos[0]?.priority).toEqual({ urgency: 2, incremental: true }));
  });

  it("can be set, in part, and decides who is served first", async () => {
    const release = signal();
    const server = await served(async (request, info) => {
      if (request.url.endsWith("/urgent")) info.setPriority({ urgency: 0 });
      const seen = info.priority;
      await release.promise;
      return new LazyResponse(new Uint8Array(30_000), { headers: { seen: JSON.stringify(seen) } });
    });
    const peer = await framePeer(server);
    peer.send(HELLO, get(1), get(3, "/urgent"), frames.windowUpdate(0, 60_000));
    await vi.waitUntil(() => server.stats().streams === 2);
    release.resolve();
    const came = await peer.waitFor(/^DATA.*END_STREAM/);
    expect(came.at(-1)).toContain("stream=3");
    expect(came.join()).toContain('seen={"urgency":0,"incremental":true}');
  });

  it.each(PROTOCOLS)("that cannot be is refused where it counts: by %s", async (way) => {
    const response = await ask(way, (_request, info) => {
      if (way !== "http/1.1") expect(() => info.setPriority({ urgency: 8 })).toThrow(RangeError);
      else info.setPriority({ urgency: 8 });
      return new LazyResponse("text");
    });
    expect(await response.text()).toBe("text");
  });

  it("is the default one when the response is over", async () => {
    const infos: FetchInfo[] = [];
    const response = await ask("prior-knowledge", (_request, info) => {
      infos.push(info);
      return new LazyResponse("text");
    });
    await response.text();
    infos[0]?.setPriority({ urgency: 1 });
    expect(infos[0]?.priority).toEqual({ urgency: 3, incremental: false });
  });
});

describe("node:http2 as a client", () => {
  it("sees hints, fields, body and trailers", async () => {
    const server = await served((_request, info) => {
      info.earlyHints({ link: "</a>; rel=preload" });
      info.setTrailers({ "x-sum": "1" });
      return new LazyResponse("text", { headers: { "x-a": "b" } });
    });
    const { head, informational, body, trailers } = await nodeRequest(await nodeClient(server), {
      ":path": "/",
    });
    expect(informational.map((one) => one[":status"])).toEqual([103]);
    expect([head["x-a"], body.toString(), trailers["x-sum"]]).toEqual(["b", "text", "1"]);
  });
});
