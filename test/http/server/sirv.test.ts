import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sirv from "sirv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Server } from "../../../src/http/server.ts";
import { createServer } from "../../../src/http/server.ts";
import { connectTo, sha256 } from "../../support/serving.ts";

const large = randomBytes(3_000_000);
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "h2wire-"));
  await writeFile(join(folder, "index.html"), "<h1>hello</h1>");
  await writeFile(join(folder, "large.bin"), large);
  server = createServer({}, sirv(folder, { etag: true }));
  await once(server.listen(0, "127.0.0.1"), "listening");
});

afterAll(async () => {
  await server.shutdown({ deadline: 0 });
  await rm(folder, { recursive: true });
});

describe.each(["prior-knowledge", "http/1.1"] as const)(
  "sirv, which is written for node:http, by %s",
  (negotiation) => {
    it("serves a page with its type", async () => {
      const session = await connectTo(server, { negotiation });
      const response = await session.request({ path: "/" });
      expect(response.status).toBe(200);
      expect(response.headers).toContainEqual(["content-type", "text/html;charset=utf-8"]);
      expect(await response.text()).toBe("<h1>hello</h1>");
    });

    it("serves a large file unharmed", async () => {
      const session = await connectTo(server, { negotiation });
      const response = await session.request({ path: "/large.bin" });
      expect(sha256(await response.bytes())).toBe(sha256(large));
    });

    it("serves a range of it", async () => {
      const session = await connectTo(server, { negotiation });
      const response = await session.request({ path: "/large.bin", headers: [["range", "bytes=10-19"]] });
      expect(response.status).toBe(206);
      expect(Buffer.from(await response.bytes()).equals(large.subarray(10, 20))).toBe(true);
    });

    it("says that a client has it already", async () => {
      const session = await connectTo(server, { negotiation });
      const { headers } = await session.request({ path: "/" });
      const etag = headers.find(([name]) => name === "etag")?.[1] ?? "";
      const response = await session.request({ path: "/", headers: [["if-none-match", etag]] });
      expect([response.status, await response.text()]).toEqual([304, ""]);
    });

    it("answers HEAD without a body, and what is not there with 404", async () => {
      const session = await connectTo(server, { negotiation });
      const head = await session.request({ method: "HEAD", path: "/large.bin" });
      expect(head.headers).toContainEqual(["content-length", "3000000"]);
      expect(await head.text()).toBe("");
      expect((await session.request({ path: "/missing" })).status).toBe(404);
    });
  },
);
