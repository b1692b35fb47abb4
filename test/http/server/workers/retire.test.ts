import { describe, expect, it, vi } from "vitest";
import { nodeServerOf, retire, type Serving } from "../../../../src/http/server/workers/retire.ts";
import { serve as serveFetch } from "../../../../src/http/server.ts";
import { connectTo, serve } from "../../../support/serving.ts";

const STYLES: readonly [name: string, start: () => Promise<Serving>][] = [
  ["createServer", () => serve(() => {})],
  ["serve", () => serveFetch({ fetch: () => new Promise<Response>(() => {}) }).ready],
];

describe.each(STYLES)("a server of %s in a worker", (_name, start) => {
  it("ends at the deadline", async () => {
    const server = await start();
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    const failed = expect(session.request()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await vi.waitUntil(() => server.stats().streams === 1);
    await Promise.all([failed, retire(server, 20)]);
    expect(nodeServerOf(server).listening).toBe(false);
  });
});
