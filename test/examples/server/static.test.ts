import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ask, running, WAYS } from "./support.ts";

const server = running("examples/server/static.mjs");
const page = readFileSync(new URL("../../../examples/frameworks/public/page.html", import.meta.url), "utf8");

describe.each(WAYS)("server/static.mjs, by %s", (way) => {
  it("sends a file with its type and what caches may do", async () => {
    const { status, text, fields } = await ask(server, way, { path: "/page.html" });
    expect([status, text]).toEqual([200, page]);
    expect(fields("content-type")).toEqual([expect.stringMatching(/^text\/html/)]);
    expect(fields("cache-control")).toEqual(["no-cache"]);
  });

  it("sends a range, and refuses one beyond the end (RFC 9110 section 14.4)", async () => {
    const range = (value: string) => ask(server, way, { path: "/page.html", headers: [["range", value]] });
    const part = await range("bytes=2-8");
    expect([part.status, part.text]).toEqual([206, "doctype"]);
    expect(part.fields("content-range")).toEqual([`bytes 2-8/${page.length}`]);
    expect((await range("bytes=100000-")).status).toBe(416);
  });

  it("answers 304 to who has the file already (RFC 9110 section 13.1.2)", async () => {
    const [etag = ""] = (await ask(server, way, { path: "/page.html" })).fields("etag");
    const headers = [["if-none-match", etag]] as const;
    const { status, text } = await ask(server, way, { path: "/page.html", headers });
    expect([status, text]).toEqual([304, ""]);
  });

  it("answers 404 where no file is, and leaves the folder for nobody", async () => {
    expect((await ask(server, way, { path: "/other.html" })).status).toBe(404);
    expect((await ask(server, way, { path: "/%2e%2e/express.mjs" })).status).toBe(404);
  });
});
