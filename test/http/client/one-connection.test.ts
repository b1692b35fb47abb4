import http2 from "node:http2";
import { describe, expect, it } from "vitest";
import { connectTo } from "../../support/serving.ts";
import { listen } from "../../support/sockets.ts";

describe("a session of the client (RFC 9113 section 9.1)", () => {
  it("is one connection, however many requests it has at once and one after the other", async () => {
    let connections = 0;
    const server = http2.createServer((_request, response) => response.end("ok"));
    server.on("connection", () => connections++);
    const port = await listen(server);
    const session = await connectTo(`http://127.0.0.1:${port}`, { negotiation: "prior-knowledge" });
    for (let round = 0; round < 3; round++) {
      const texts = Array.from({ length: 20 }, async () => (await session.request()).text());
      expect(await Promise.all(texts)).toEqual(Array(20).fill("ok"));
    }
    expect(connections).toBe(1);
  });
});
