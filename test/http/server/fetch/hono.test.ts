import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { getCookie, setCookie } from "hono/cookie";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { HTTPException } from "hono/http-exception";
import { stream, streamSSE } from "hono/streaming";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FetchInfo, installResponse } from "../../../../src/http/server.ts";
import { sha256 } from "../../../support/serving.ts";
import { ask, field, sessionBy, WAYS } from "./support.ts";

const UPLOAD = 20 * 1_048_576;
/** The most octets of an upload that the client was ahead of the application. */
let ahead = 0;
let sent = 0;

/** An application as one would write it, without a thought of HTTP/2. */
function application(): Hono<{ Bindings: FetchInfo }> {
  const app = new Hono<{ Bindings: FetchInfo }>();
  app.get("/text", (context) => context.text(`hello ${context.req.query("name")}`));
  app.post("/json", async (context) => context.json({ got: await context.req.json() }, 201));
  app.get("/cookies", (context) => {
    setCookie(context, "one", getCookie(context, "a") ?? "");
    setCookie(context, "two", getCookie(context, "b") ?? "", { httpOnly: true });
    return context.body(null);
  });
  app.get("/old", (context) => context.redirect("/new", 301));
  app.get("/broken", () => {
    throw new HTTPException(503, { message: "not now" });
  });
  app.get("/stream", (context) =>
    stream(context, async (output) => {
      for (const piece of ["one,", "two,", "three"]) await output.write(piece);
    }),
  );
  app.get("/events", (context) =>
    streamSSE(context, async (output) => {
      for (let id = 1; id <= 3; id++) await output.writeSSE({ data: `event ${id}`, id: String(id) });
    }),
  );
  app.post("/upload", async (context) => {
    let length = 0;
    for await (const piece of context.req.raw.body as AsyncIterable<Uint8Array>) {
      length += piece.length;
      ahead = Math.max(ahead, sent - length);
      await new Promise(setImmediate);
    }
    return context.json({ length });
  });
  app.post("/form", async (context) => {
    const { name, file } = await context.req.parseBody();
    return context.text(
      `${name} ${(file as File).name} ${sha256(Buffer.from(await (file as File).arrayBuffer()))}`,
    );
  });
  app.get("/etag", etag(), (context) => context.text("tagged"));
  app.get("/compressed", compress(), (context) => context.text("x".repeat(10_000)));
  app.get("/cors", cors(), (context) => context.text("open"));
  app.get("/info", (context) => context.json({ protocol: context.env.protocol }));
  return app;
}

const KINDS = ["the platform's Response", "our Response in its place"] as const;

describe.each(KINDS)("an application of Hono with %s", (kind) => {
  let undo = (): void => {};
  beforeAll(() => {
    if (kind !== "the platform's Response") undo = installResponse();
  });
  afterAll(() => undo());

  describe.each(WAYS)("by %s", (way) => {
    const { fetch } = application();

    it("answers with text, and with JSON to JSON", async () => {
      const session = await sessionBy(way, fetch);
      const text = await session.request({ path: "/text?name=world" });
      expect([text.status, await text.text(), field(text, "content-length")]).toEqual([
        200,
        "hello world",
        "11",
      ]);
      const json = await session.request({
        method: "POST",
        path: "/json",
        headers: [["content-type", "application/json"]],
        body: Buffer.from('{"a":"ü"}'),
      });
      expect([json.status, field(json, "content-type"), await json.text()]).toEqual([
        201,
        "application/json",
        '{"got":{"a":"ü"}}',
      ]);
    });

    it("takes cookies and sets several", async () => {
      const headers = [["cookie", "a=1; b=2"]] as const;
      const response = await ask(way, fetch, { path: "/cookies", headers });
      expect(field(response, "set-cookie")).toBe("one=1; Path=/|two=2; Path=/; HttpOnly");
    });

    it("redirects", async () => {
      const response = await ask(way, fetch, { path: "/old" });
      expect([response.status, field(response, "location")]).toEqual([301, "/new"]);
    });

    it("answers for its errors, and for what it has not", async () => {
      const session = await sessionBy(way, fetch);
      const broken = await session.request({ path: "/broken" });
      expect([broken.status, await broken.text()]).toEqual([503, "not now"]);
      const missing = await session.request({ path: "/missing" });
      expect([missing.status, await missing.text()]).toEqual([404, "404 Not Found"]);
    });

    it("answers HEAD as it would GET, without a body (RFC 9110 section 9.3.2)", async () => {
      const response = await ask(way, fetch, { method: "HEAD", path: "/text?name=world" });
      expect([response.status, await response.text()]).toEqual([200, ""]);
      expect(field(response, "content-type")).toMatch(/^text\/plain/);
    });

    it("streams", async () => {
      const session = await sessionBy(way, fetch);
      expect(await (await session.request({ path: "/stream" })).text()).toBe("one,two,three");
      const events = await session.request({ path: "/events" });
      expect(field(events, "content-type")).toMatch(/^text\/event-stream/);
      expect(await events.text()).toBe(
        "data: event 1\nid: 1\n\ndata: event 2\nid: 2\n\ndata: event 3\nid: 3\n\n",
      );
    });

    it("tags and compresses by its middleware, and opens itself to other origins", async () => {
      const session = await sessionBy(way, fetch);
      const tagged = await session.request({ path: "/etag" });
      const tag = field(tagged, "etag") ?? "";
      expect(await tagged.text()).toBe("tagged");
      const again = await session.request({ path: "/etag", headers: [["if-none-match", tag]] });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      const headers = [["accept-encoding", "gzip"]] as const;
      const compressed = await session.request({ path: "/compressed", headers });
      expect(field(compressed, "content-encoding")).toBe("gzip");
      expect((await compressed.bytes()).length).toBeLessThan(1_000);
      const open = await session.request({ path: "/cors", headers: [["origin", "http://other.example"]] });
      expect([field(open, "access-control-allow-origin"), await open.text()]).toEqual(["*", "open"]);
    });

    it("takes a form with a file", async () => {
      const file = randomBytes(50_000);
      const form = new FormData();
      form.set("name", "value");
      form.set("file", new Blob([file]), "name.bin");
      const encoded = new Response(form);
      const response = await ask(way, fetch, {
        method: "POST",
        path: "/form",
        headers: [["content-type", encoded.headers.get("content-type") ?? ""]],
        body: Buffer.from(await encoded.arrayBuffer()),
      });
      expect(await response.text()).toBe(`value name.bin ${sha256(file)}`);
    });

    it("has the info of the request as its bindings", async () => {
      const response = await ask(way, fetch, { path: "/info" });
      expect(JSON.parse(await response.text())).toEqual({ protocol: way === "http/1.1" ? way : "h2" });
    });
  });
});

describe.each(["prior-knowledge", "http/1.1", "alpn"] as const)(
  "an upload of 20 MiB to Hono by %s",
  (way) => {
    it("is held nowhere: client and application go in step", async () => {
      ahead = 0;
      sent = 0;
      const piece = randomBytes(65_536);
      async function* upload(): AsyncGenerator<Uint8Array> {
        while (sent < UPLOAD) {
          sent += piece.length;
          yield piece;
        }
      }
      const { fetch } = application();
      const response = await ask(way, fetch, { method: "POST", path: "/upload", body: upload() });
      expect(JSON.parse(await response.text())).toEqual({ length: UPLOAD });
      expect(ahead).toBeLessThan(UPLOAD / 2);
    });
  },
);
