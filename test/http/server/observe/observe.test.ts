import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ErrorCode } from "../../../../src/frames/error-code.ts";
import {
  type ConnectionMessage,
  createServer,
  type FrameMessage,
  type Listener,
  type Log,
  prometheusMetrics,
  requestInfo,
  type StreamMessage,
} from "../../../../src/http/server.ts";
import { get, HELLO } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { connectTo, echoPath, framePeer, serve } from "../../../support/serving.ts";

/** Keeps what a channel gets for the rest of the test. */
function messagesOf<Message>(name: string): Message[] {
  const messages: Message[] = [];
  const take = (message: unknown): void => void messages.push(message as Message);
  subscribe(name, take);
  onTestFinished(() => void unsubscribe(name, take));
  return messages;
}

/** A log that keeps its lines. */
function keepingLog(): {
  log: Log;
  lines: [level: string, details: Record<string, unknown>, message: string][];
} {
  const lines: [string, Record<string, unknown>, string][] = [];
  const at = (level: string) => (details: object, message: string) =>
    void lines.push([level, details as Record<string, unknown>, message]);
  return { log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }, lines };
}

const WAYS = ["prior-knowledge", "http/1.1"] as const;

describe.each(WAYS)("what is seen of a server by %s", (negotiation) => {
  const protocol = negotiation === "http/1.1" ? "http/1.1" : "h2";

  it("goes to h2wire:connection when a connection opens and closes", async () => {
    const messages = messagesOf<ConnectionMessage>("h2wire:connection");
    const server = await serve(echoPath);
    const session = await connectTo(server, { negotiation });
    await (await session.request({ path: "/a" })).text();
    await session.close();
    await vi.waitUntil(() => messages.length === 2);
    expect(messages.map(({ phase, error }) => [phase, error])).toEqual([
      ["opened", null],
      ["closed", null],
    ]);
    expect(messages[1]?.connection).toMatchObject({
      id: 1,
      protocol,
      negotiated: negotiation,
      remoteAddress: "127.0.0.1",
      requests: 1,
    });
  });

  it("goes to h2wire:stream when a request arrives and when it is answered", async () => {
    const messages = messagesOf<StreamMessage>("h2wire:stream");
    const server = await serve((_request, response) => void response.writeHead(201).end("twelve octets"));
    const session = await connectTo(server, { negotiation });
    await (await session.request({ path: "/a?b" })).text();
    await vi.waitUntil(() => messages.length === 2);
    const [opened, closed] = messages;
    expect([opened?.phase, closed?.phase]).toEqual(["opened", "closed"]);
    expect(closed?.stream).toMatchObject({ method: "GET", path: "/a?b", status: 201, isAborted: false });
    expect(closed?.stream.octets).toBeGreaterThanOrEqual(13);
  });

  it("goes to the log: a line for each request", async () => {
    const { log, lines } = keepingLog();
    const server = await serve(echoPath, { log });
    const session = await connectTo(server, { negotiation });
    await (await session.request({ path: "/logged" })).text();
    await vi.waitUntil(() => lines.some(([level]) => level === "info"));
    const [, details, message] = lines.find(([level]) => level === "info") ?? [];
    expect(message).toBe("request answered");
    expect(details).toMatchObject({
      protocol,
      negotiated: negotiation,
      method: "GET",
      path: "/logged",
      status: 200,
    });
  });

  it("is counted", async () => {
    const server = await serve(echoPath);
    const session = await connectTo(server, { negotiation });
    await (await session.request({ path: "/" })).text();
    await (await session.request({ path: "/" })).text();
    const { totals } = server.stats();
    const key = protocol === "h2" ? "http2" : "http1";
    expect(totals).toMatchObject({ [`${key}Connections`]: 1, [`${key}Requests`]: 2 });
    expect(totals.octetsReceived).toBeGreaterThan(0);
    expect(totals.octetsSent).toBeGreaterThan(0);
  });

  it("has what a listener throws in the log, unless onError takes it", async () => {
    const { log, lines } = keepingLog();
    const server = await serve(
      () => {
        throw new Error("thrown");
      },
      { log },
    );
    const session = await connectTo(server, { negotiation });
    expect((await session.request({ path: "/" })).status).toBe(500);
    expect(lines.find(([level]) => level === "error")?.[1]).toMatchObject({
      err: new Error("thrown"),
      url: "/",
    });
  });
});

describe("what is seen of connections of HTTP/2", () => {
  it("goes to h2wire:frame, frame by frame with decoded fields", async () => {
    const messages = messagesOf<FrameMessage>("h2wire:frame");
    const server = await serve(echoPath);
    const peer = await framePeer(server);
    peer.send(HELLO, get(1));
    await peer.waitFor(/^HEADERS stream=1/);
    const names = messages.flatMap(({ direction, fields }) =>
      (fields ?? []).map(({ name, value }) => `${direction} ${name}: ${value}`),
    );
    expect(names).toContain("received :method: GET");
    expect(names).toContain("sent :status: 200");
  });

  it("does not go to h2wire:frame for a connection that began before somebody subscribed", async () => {
    const server = await serve(echoPath);
    const peer = await framePeer(server);
    peer.send(HELLO);
    await peer.waitFor(/^SETTINGS/);
    const messages = messagesOf<FrameMessage>("h2wire:frame");
    peer.send(get(1));
    await peer.waitFor(/^HEADERS stream=1/);
    expect(messages).toEqual([]);
  });

  it("has a request that the client reset as aborted, and counts the reset", async () => {
    const { log, lines } = keepingLog();
    const server = await serve(() => {}, { log });
    const peer = await framePeer(server);
    peer.send(HELLO, get(1), frames.rstStream(1, ErrorCode.CANCEL));
    await vi.waitUntil(() => lines.some(([level]) => level === "info"));
    expect(lines.find(([level]) => level === "info")).toMatchObject([
      "info",
      { status: 0 },
      "request aborted",
    ]);
    expect(server.stats().totals).toMatchObject({ resetsReceived: 1, resetsProvoked: 0 });
  });

  it("has the rule that a client broke, with its section", async () => {
    const { log, lines } = keepingLog();
    const server = await serve(echoPath, { log });
    const peer = await framePeer(server);
    peer.send(HELLO, frames.raw(0x6, 0, 1, new Uint8Array(8)));
    await peer.waitForEnd();
    const [, details] = lines.find(([level]) => level === "warn") ?? [];
    expect(details).toMatchObject({
      errorCode: ErrorCode.PROTOCOL_ERROR,
      section: "RFC 9113 section 6.7",
      limit: null,
    });
    expect(server.stats().totals.connectionErrors).toBe(1);
  });

  it("has the limit that a client reached, and counts it by its name", async () => {
    const { log, lines } = keepingLog();
    const server = await serve(echoPath, { log, limits: { settingsEntries: 1 } });
    const peer = await framePeer(server);
    peer.send(HELLO, frames.settings([1, 100], [2, 0]));
    await peer.waitForEnd();
    expect(lines.find(([level]) => level === "warn")?.[1]).toMatchObject({ limit: "settingsEntries" });
    expect(server.stats().totals.limits).toEqual({ settingsEntries: 1 });
  });
});

describe("prometheusMetrics", () => {
  it("writes the statistics as text", async () => {
    const listener: Listener = (request, response) => void response.end(requestInfo(request).protocol);
    const server = await serve(listener);
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    await (await session.request({ path: "/" })).text();
    const text = prometheusMetrics(server.stats());
    expect(text).toContain('h2wire_connections{protocol="h2"} 1\n');
    expect(text).toContain('# TYPE h2wire_requests_total counter\nh2wire_requests_total{protocol="h2"} 1\n');
    for (const line of text.trimEnd().split("\n")) {
      expect(line).toMatch(/^(# (HELP|TYPE) h2wire_\w+ .+|h2wire_\w+(\{\w+="[^"]*"\})? \d+)$/);
    }
  });

  it("writes zeros for a server that has done nothing", () => {
    expect(prometheusMetrics(createServer().stats())).toContain('h2wire_requests_total{protocol="h2"} 0\n');
  });
});
