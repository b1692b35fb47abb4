import { createHash } from "node:crypto";
import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { connectTo, nodeClient } from "../../support/serving.ts";
import { running, WAYS } from "./support.ts";

const server = running("examples/server/trailers.mjs");

function digestOf(body: string): string {
  return `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
}

type Trailers = Record<string, string>;

async function putByHttp2(body: string, trailers: Trailers): Promise<string> {
  const stream = (await nodeClient(server)).request(
    { ":method": "PUT", ":path": "/" },
    { waitForTrailers: true },
  );
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.end(body);
  return text(stream);
}

async function putByHttp1(body: string, trailers: Trailers): Promise<string> {
  const request = http.request(server.url, { method: "PUT", headers: { trailer: "content-digest" } });
  request.write(body);
  request.addTrailers(trailers);
  request.end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return text(response);
}

const PUTS = { "prior-knowledge": putByHttp2, "http/1.1": putByHttp1 };

describe.each(WAYS)("server/trailers.mjs, by %s", (way) => {
  const put = PUTS[way];

  it("holds a body against the trailer behind it", async () => {
    expect(await put("a body", { "content-digest": digestOf("a body") })).toBe("as it was sent\n");
    expect(await put("a body", { "content-digest": digestOf("another") })).toBe("damaged on the way\n");
    expect(await put("a body", {})).toBe("no digest came behind the body\n");
  });

  it("sends a trailer behind the body, which its head has announced (RFC 9110 section 6.6.2)", async () => {
    const session = await connectTo(server, { negotiation: way });
    const response = await session.request();
    expect(response.headers).toContainEqual(["trailer", "content-digest"]);
    const body = await response.text();
    expect(body).toMatch(/^line 1\n.*\nline 1000\n$/s);
    expect(await response.trailers).toEqual([["content-digest", digestOf(body)]]);
  });
});
