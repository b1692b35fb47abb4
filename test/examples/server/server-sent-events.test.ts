import { describe, expect, it, vi } from "vitest";
import type { ClientSession } from "../../../src/http/client.ts";
import { connectTo, nodeClient } from "../../support/serving.ts";
import { ask, running, WAYS } from "./support.ts";

const server = running("examples/server/server-sent-events.mjs");

async function publish(message: string): Promise<void> {
  const body = Buffer.from(message);
  expect((await ask(server, "http/1.1", { method: "POST", path: "/messages", body })).status).toBe(204);
}

/** Waits until as many clients wait for what is next. */
async function followersAre(count: number): Promise<void> {
  await vi.waitUntil(async () => (await ask(server, "http/1.1")).text === `${count} wait for news\n`);
}

interface Follower {
  readonly session: ClientSession;
  /** What the next piece brings; undefined at the end. */
  next(): Promise<string | undefined>;
  leave(): Promise<unknown>;
}

async function follow(way: (typeof WAYS)[number], lastEventId?: string): Promise<Follower> {
  const session = await connectTo(server, { negotiation: way });
  const headers = lastEventId === undefined ? [] : ([["last-event-id", lastEventId]] as const);
  const response = await session.request({ path: "/events", headers });
  expect(response.headers).toContainEqual(["content-type", "text/event-stream"]);
  const pieces = response.body[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await pieces.next();
    return done === true ? undefined : Buffer.from(value).toString();
  };
  return { session, next, leave: async () => pieces.return?.() };
}

describe.each(WAYS)("server/server-sent-events.mjs, by %s", (way) => {
  it("sends each message when it comes, and notices when its reader leaves", async () => {
    const reader = await follow(way);
    await followersAre(1);
    await publish("hello\nworld");
    const event = await reader.next();
    expect(event).toMatch(/^id: \d+\ndata: hello\ndata: world\n\n$/);
    const id = /\d+/.exec(event ?? "")?.[0];
    const returned = await follow(way, String(Number(id) - 1));
    expect(await returned.next()).toBe(event);
    await Promise.all([reader.leave(), returned.leave()]);
    await followersAre(0);
  });
});

describe("server/server-sent-events.mjs", () => {
  it("keeps no more than the latest messages for a reader that stands still", async () => {
    const stream = (await nodeClient(server)).request({ ":path": "/events" }).setEncoding("utf8");
    await followersAre(1);
    const poster = await connectTo(server, { negotiation: "prior-knowledge" });
    const message = Buffer.alloc(10_000, "a long message ");
    for (let count = 0; count < 150; count++) {
      await poster.request({ method: "POST", path: "/messages", body: message });
    }
    await poster.request({ method: "POST", path: "/messages", body: Buffer.from("the last one") });
    let text = "";
    for await (const piece of stream) {
      text += piece;
      if (text.endsWith("the last one\n\n")) break;
    }
    const ids = Array.from(text.matchAll(/^id: (\d+)$/gm), ([, id]) => Number(id));
    const gaps = ids.slice(1).filter((id, index) => id !== (ids[index] as number) + 1);
    expect(gaps).toEqual([(ids.at(-1) as number) - 99]);
    await followersAre(0);
  });

  it("ends the streams when it is told to stop", async () => {
    const readers = await Promise.all(WAYS.map((way) => follow(way)));
    await followersAre(2);
    const stopped = server.stop();
    expect(await Promise.all(readers.map((reader) => reader.next()))).toEqual([undefined, undefined]);
    expect(await stopped).toMatch(/^listening on \S+\n$/);
  });
});
