import { expect, it } from "vitest";
import { ask, running } from "./support.ts";

const server = running("examples/server/one-port.mjs");

it.each([
  ["http/1.1", "http/1.1"],
  ["prior-knowledge", "h2 by prior-knowledge, on stream 1"],
  ["upgrade", "h2 by upgrade, on stream 1"],
] as const)("server/one-port.mjs answers by %s, and knows it", async (negotiation, words) => {
  const { text } = await ask(server, negotiation, { path: "/page" });
  expect(text).toBe(`GET /page over ${words}\n`);
});
