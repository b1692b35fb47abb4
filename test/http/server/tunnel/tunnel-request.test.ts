import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { requestInfo } from "../../../../src/http/server.ts";
import { frames } from "../../../support/frames.ts";
import { asked } from "./opened.ts";
import { connectRequest, protocolRequest, webSocketRequest } from "./support.ts";

describe("a request by extended CONNECT (RFC 8441 section 5)", () => {
  it("is the request for Upgrade that it replaces", async () => {
    const { request, socket, server } = await asked(
      "upgrade",
      webSocketRequest(1, "/chat?room=1").field("origin", "https://a.example"),
    );
    expect(Reflect.get(socket, "server")).toBe(server);
    expect(request).toMatchObject({ method: "GET", url: "/chat?room=1", complete: true, upgrade: true });
    expect(request.headers).toEqual({
      host: "example.com",
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": expect.stringMatching(/^[\w+/]{22}==$/),
      "sec-websocket-version": "13",
      origin: "https://a.example",
    });
    expect([request.httpVersion, request.socket]).toEqual(["2.0", socket]);
    expect(await text(request)).toBe("");
    expect(requestInfo(request)).toEqual({
      protocol: "h2",
      negotiated: "prior-knowledge",
      tls: null,
      streamId: 1,
    });
  });

  it("names any protocol, and has a key for WebSocket only", async () => {
    const { request } = await asked("upgrade", protocolRequest(1, "connect-udp", "/udp"));
    expect(request.headers).toEqual({ host: "example.com", connection: "Upgrade", upgrade: "connect-udp" });
  });

  it("has a key of ours, whatever the client sends, and no length", async () => {
    const wire = webSocketRequest(1).field("sec-websocket-key", "theirs").field("content-length", "7");
    const { headers } = (await asked("upgrade", wire)).request;
    expect(headers["sec-websocket-key"]).toMatch(/^[\w+/]{22}==$/);
    expect(headers).not.toHaveProperty("content-length");
  });

  it("takes its host from the field where there is no authority (RFC 9113 section 8.3.1)", async () => {
    const wire = frames
      .headers(1)
      .field(":method", "CONNECT")
      .field(":protocol", "echo")
      .field(":scheme", "https");
    const { request } = await asked("upgrade", wire.field(":path", "/").field("host", "by.field"));
    expect(request.headers.host).toBe("by.field");
  });
});

describe("a request by CONNECT (RFC 9113 section 8.5)", () => {
  it("has the authority as its URL, as over HTTP/1.1", async () => {
    const { request } = await asked("connect", connectRequest(1, "example.com:443").field("x-more", "yes"));
    expect(request).toMatchObject({ method: "CONNECT", url: "example.com:443" });
    expect(request.headers).toEqual({ host: "example.com:443", "x-more": "yes" });
  });
});
