import { expect, it } from "vitest";
import { connectTo } from "../../support/serving.ts";
import { ask, running } from "./support.ts";

const server = running("examples/server/early-hints.mjs");

it("server/early-hints.mjs says by 103 what the page will need, and serves it (RFC 8297 section 2)", async () => {
  const session = await connectTo(server, { negotiation: "prior-knowledge" });
  const page = await session.request();
  const link = "</style.css>; rel=preload; as=style";
  expect(page.informational).toEqual([{ status: 103, headers: [["link", link]] }]);
  expect(await page.text()).toContain('href="/style.css"');
  const style = await session.request({ path: "/style.css" });
  expect([style.status, style.informational]).toEqual([200, []]);
  expect(style.headers).toContainEqual(["content-type", "text/css"]);
});

it("server/early-hints.mjs says nothing early to clients of HTTP/1.1 (RFC 8297 section 3)", async () => {
  const { status, informational, text } = await ask(server, "http/1.1");
  expect([status, informational]).toEqual([200, []]);
  expect(text).toContain("<!doctype html>");
});
