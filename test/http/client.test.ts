import { randomBytes } from "node:crypto";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { type ClientSession, connect, type Negotiation } from "../../src/http/client.ts";
import { type Listener, requestInfo } from "../../src/http/server.ts";
import { certificate } from "../support/certificate.ts";
import { connectTo, echoPath, hashing, serve, serveTls, sha256 } from "../support/serving.ts";
import { listen } from "../support/sockets.ts";

/** What was agreed on, and what the server says about it. */
async function agreement(session: ClientSession): Promise<unknown[]> {
  const response = await session.request();
  const { negotiated } = JSON.parse(await response.text()) as { negotiated: string };
  return [session.protocol, session.negotiated, negotiated];
}

const informing: Listener = (request, response) => {
  response.end(JSON.stringify(requestInfo(request)));
};

describe("our client and our server agree", () => {
  it.each<[Negotiation, string, string]>([
    ["auto", "h2", "alpn"],
    ["alpn", "h2", "alpn"],
    ["http/1.1", "http/1.1", "alpn"],
  ])(
    "over TLS, with the negotiation %s, on %s by %s (RFC 7301 section 3.2)",
    async (negotiation, protocol, how) => {
      const session = await connectTo(await serveTls(informing), { negotiation });
      expect(session.tls).toMatchObject({ version: "TLSv1.3" });
      expect(await agreement(session)).toEqual([protocol, how, how]);
    },
  );

  it.each<[Negotiation, string, string]>([
    ["auto", "http/1.1", "http/1.1"],
    ["http/1.1", "http/1.1", "http/1.1"],
    ["prior-knowledge", "h2", "prior-knowledge"],
    ["upgrade", "h2", "upgrade"],
  ])("in cleartext, with the negotiation %s, on %s by %s", async (negotiation, protocol, how) => {
    const session = await connectTo(await serve(informing, { upgrade: "accept" }), { negotiation });
    expect(session.tls).toBeNull();
    expect(await agreement(session)).toEqual([protocol, how, how]);
  });

  it("on HTTP/1.1 where the server ignores Upgrade (RFC 9110 section 7.8)", async () => {
    const session = await connectTo(await serve(informing), { negotiation: "upgrade" });
    expect(await agreement(session)).toEqual(["http/1.1", "http/1.1", "http/1.1"]);
    expect(await agreement(session)).toEqual(["http/1.1", "http/1.1", "http/1.1"]);
  });
});

describe("servers of Node", () => {
  it("are reached over HTTP/2 by ALPN", async () => {
    const server = http2.createSecureServer(
      await certificate(),
      (_request, response) => void response.end("hello"),
    );
    const session = await connectTo(`https://127.0.0.1:${await listen(server as never)}`);
    expect(await (await session.request()).text()).toBe("hello");
    expect(session.protocol).toBe("h2");
  });

  it("are reached over HTTP/1.1 where ALPN finds nothing else", async () => {
    const server = https.createServer(
      await certificate(),
      (_request, response) => void response.end("hello"),
    );
    const session = await connectTo(`https://127.0.0.1:${await listen(server)}`);
    expect(await (await session.request()).text()).toBe("hello");
    expect([session.protocol, session.negotiated]).toEqual(["http/1.1", "alpn"]);
  });

  it("are reached with prior knowledge", async () => {
    const server = http2.createServer((_request, response) => void response.end("hello"));
    const session = await connectTo(`http://127.0.0.1:${await listen(server as never)}`, {
      negotiation: "prior-knowledge",
    });
    expect(await (await session.request()).text()).toBe("hello");
  });

  it("answer a request for Upgrade in HTTP/1.1", async () => {
    const server = http.createServer((_request, response) => void response.end("hello"));
    const session = await connectTo(`http://127.0.0.1:${await listen(server)}`, { negotiation: "upgrade" });
    expect(await (await session.request()).text()).toBe("hello");
    expect(session.protocol).toBe("http/1.1");
  });

  it("take uploads of HTTP/2", async () => {
    const server = http2.createServer((request, response) => {
      buffer(request).then(
        (body) => response.end(sha256(body)),
        () => {},
      );
    });
    const session = await connectTo(`http://127.0.0.1:${await listen(server as never)}`, {
      negotiation: "prior-knowledge",
    });
    const body = randomBytes(1_048_576);
    expect(await (await session.request({ method: "POST", body })).text()).toBe(sha256(body));
  });
});

describe.each<Negotiation>(["prior-knowledge", "upgrade", "http/1.1"])("requests by %s", (negotiation) => {
  const options = { upgrade: "accept" } as const;

  it("carry method, path and fields, and bring status and fields", async () => {
    const session = await connectTo(
      await serve((request, response) => {
        response.writeHead(201, { "X-Method": request.method, "X-Got": request.headers["x-sent"] });
        response.end(request.url);
      }, options),
      { negotiation },
    );
    const response = await session.request({
      method: "DELETE",
      path: "/a?b=c",
      headers: [["X-Sent", "yes"]],
    });
    expect(response.status).toBe(201);
    expect(response.headers).toEqual(
      expect.arrayContaining([
        ["x-method", "DELETE"],
        ["x-got", "yes"],
      ]),
    );
    expect(await response.text()).toBe("/a?b=c");
  });

  it("name the origin, or the host that the caller names", async () => {
    const server = await serve((request, response) => response.end(request.headers.host), options);
    const session = await connectTo(server, { negotiation });
    expect(await (await session.request()).text()).toBe(`127.0.0.1:${server.port}`);
    const response = await session.request({ headers: [["Host", "example.com"]] });
    expect(await response.text()).toBe("example.com");
  });

  it("carry a body of octets with its length", async () => {
    const session = await connectTo(await serve(hashing, options), { negotiation });
    await (await session.request()).text();
    const body = randomBytes(1_048_576);
    const response = await session.request({ method: "POST", body });
    expect(JSON.parse(await response.text())).toMatchObject({ length: body.length, sha256: sha256(body) });
  });

  it("carry a body from an iterable, piece by piece", async () => {
    const session = await connectTo(await serve(hashing, options), { negotiation });
    await (await session.request()).text();
    const pieces = Array.from({ length: 40 }, () => randomBytes(25_000));
    async function* body(): AsyncGenerator<Uint8Array> {
      yield* pieces;
    }
    const response = await session.request({ method: "POST", body: body() });
    expect(JSON.parse(await response.text())).toMatchObject({ sha256: sha256(Buffer.concat(pieces)) });
  });

  it("carry a body even if they are the first of their session (RFC 7540 section 3.2)", async () => {
    const session = await connectTo(await serve(hashing, options), { negotiation });
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("one ");
      yield Buffer.from("two");
    }
    const response = await session.request({ method: "POST", body: body() });
    expect(JSON.parse(await response.text())).toMatchObject({ sha256: sha256("one two") });
  });

  it("run a hundred at once", async () => {
    const session = await connectTo(await serve(echoPath, options), { negotiation });
    const paths = Array.from({ length: 100 }, (_, index) => `/${index}`);
    const texts = paths.map(async (path) => (await session.request({ path })).text());
    expect(await Promise.all(texts)).toEqual(paths);
  });

  it("for HEAD bring a length and no body (RFC 9110 section 9.3.2)", async () => {
    const session = await connectTo(
      await serve((_request, response) => response.setHeader("content-length", 5).end("hello"), options),
      { negotiation },
    );
    for (let count = 0; count < 2; count++) {
      const response = await session.request({ method: "HEAD" });
      expect(response.headers).toContainEqual(["content-length", "5"]);
      expect(await response.text()).toBe("");
    }
  });

  it("bring hints, and trailers behind the body (RFC 8297 section 2, RFC 9113 section 8.1)", async () => {
    const session = await connectTo(
      await serve((_request, response) => {
        response.writeEarlyHints({ link: "</a>; rel=preload" });
        response.writeHead(200, { trailer: "x-sum" });
        response.write("body");
        response.addTrailers({ "X-Sum": "42" });
        response.end();
      }, options),
      { negotiation },
    );
    await (await session.request()).text();
    const response = await session.request();
    expect(response.informational).toEqual([{ status: 103, headers: [["link", "</a>; rel=preload"]] }]);
    expect(await response.text()).toBe("body");
    expect(await response.trailers).toEqual([["x-sum", "42"]]);
  });

  it("bring no trailers where there are none", async () => {
    const session = await connectTo(await serve(echoPath, options), { negotiation });
    const response = await session.request();
    expect(await response.text()).toBe("/");
    expect(await response.trailers).toEqual([]);
  });

  it("have a body that is iterated, or read whole, but once", async () => {
    const session = await connectTo(await serve(echoPath, options), { negotiation });
    const response = await session.request({ path: "/path" });
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe("/path");
    const again = await session.request({ path: "/path" });
    expect(new TextDecoder().decode(await again.bytes())).toBe("/path");
  });

  it("are taken until the session is closed", async () => {
    const session = await connectTo(await serve(echoPath, options), { negotiation });
    const first = session.request({ path: "/1" });
    await session.close();
    expect(await (await first).text()).toBe("/1");
    await expect(session.request()).rejects.toMatchObject({ code: "SESSION_CLOSED", isUnprocessed: true });
    await session[Symbol.asyncDispose]();
  });
});

describe("PING", () => {
  it("is answered over HTTP/2 (RFC 9113 section 6.7)", async () => {
    const session = await connectTo(await serve(echoPath), { negotiation: "prior-knowledge" });
    const [first, second] = await Promise.all([session.ping(), session.ping()]);
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(0);
  });

  it.each<Negotiation>(["http/1.1", "upgrade"])(
    "is not there by %s before HTTP/2 is",
    async (negotiation) => {
      const session = await connectTo(await serve(echoPath, { upgrade: "accept" }), { negotiation });
      await expect(session.ping()).rejects.toMatchObject({ code: "UNSUPPORTED" });
    },
  );

  it("is there after an Upgrade", async () => {
    const session = await connectTo(await serve(echoPath, { upgrade: "accept" }), { negotiation: "upgrade" });
    await (await session.request()).text();
    expect(await session.ping()).toBeGreaterThan(0);
  });
});

describe("what connect is given", () => {
  it.each<[string, Negotiation]>([
    ["http://localhost", "alpn"],
    ["https://localhost", "upgrade"],
    ["https://localhost", "prior-knowledge"],
    ["http://localhost", "carrier-pigeon" as Negotiation],
    ["ftp://localhost", "auto"],
    ["no url", "auto"],
  ])("is refused for %s with the negotiation %s", async (origin, negotiation) => {
    await expect(connect(origin, { negotiation })).rejects.toThrow(TypeError);
  });

  it("may have an observer, which sees every frame", async () => {
    const seen: string[] = [];
    const observer = {
      frame: (direction: string, frame: { type: number }) => void seen.push(`${direction} ${frame.type}`),
    };
    const session = await connectTo(await serve(echoPath), { negotiation: "prior-knowledge", observer });
    await (await session.request()).text();
    expect(seen).toEqual(expect.arrayContaining(["sent 1", "received 1", "received 0"]));
  });
});
