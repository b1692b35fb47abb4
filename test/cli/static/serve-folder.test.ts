import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allowOrigins } from "../../../src/cli/cross-origin.ts";
import { type FolderOptions, serveFolder } from "../../../src/cli/static/serve-folder.ts";
import type { ClientResponse } from "../../../src/http/client.ts";
import { connectTo, serve } from "../../support/serving.ts";

const TEXT = "0123456789 ".repeat(400);
const BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";
const MODIFIED = "Mon, 02 Mar 2026 10:00:00 GMT";

let root = "";

beforeAll(() => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "h2wire-")));
  root = join(base, "site");
  for (const folder of ["sub", "list/inner", "list/.hidden"])
    mkdirSync(join(root, folder), { recursive: true });
  const write = (name: string, content: string | Uint8Array): void => {
    writeFileSync(join(root, name), content);
    utimesSync(join(root, name), new Date(MODIFIED), new Date(MODIFIED));
  };
  write("index.html", "<p>the page");
  write("plain.txt", "0123456789");
  write("empty", "");
  write("app.js", TEXT);
  write("app.js.br", brotliCompressSync(TEXT));
  write("app.js.gz", gzipSync(TEXT));
  write("only.css", "a{}");
  write("only.css.gz", gzipSync("a{}"));
  write("archive.tar.gz", gzipSync("tar"));
  write("odd #1?.txt", "odd");
  write("list/a & b.txt", "12");
  write("../secret", "secret");
  symlinkSync("../../secret", join(root, "list/link-out"));
  symlinkSync("nowhere", join(root, "list/link-broken"));
  symlinkSync("../plain.txt", join(root, "list/link-within"));
});

afterAll(() => rmSync(join(root, ".."), { recursive: true }));

type Ask = (path: string, fields?: Record<string, string>, method?: string) => Promise<Answer>;
type Answer = Pick<ClientResponse, "status"> & { fields: Record<string, string>; body: Buffer; text: string };

describe.each(["prior-knowledge", "http/1.1"] as const)("a folder by %s", (negotiation) => {
  const serving = async (options: Partial<FolderOptions> = {}, cors = false): Promise<Ask> => {
    const handler = serveFolder(root, { listing: true, spa: false, ...options });
    const server = await serve(cors ? allowOrigins(handler) : handler);
    const session = await connectTo(server, { negotiation });
    return async (path, fields = {}, method = "GET") => {
      const response = await session.request({ path, method, headers: Object.entries(fields) });
      const body = Buffer.from(await response.bytes());
      const { status, headers } = response;
      return { status, fields: Object.fromEntries(headers), body, text: body.toString() };
    };
  };

  it("sends a file with type, length, time, ETag, and the word that ranges may be asked for", async () => {
    const ask = await serving();
    const { status, fields, text } = await ask("/plain.txt");
    expect([status, text]).toEqual([200, "0123456789"]);
    expect(fields).toMatchObject({
      "content-type": "text/plain;charset=utf-8",
      "content-length": "10",
      "last-modified": MODIFIED,
      etag: expect.stringMatching(/^W\/"10-\d+"$/),
      "accept-ranges": "bytes",
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
    });
    expect(fields).not.toHaveProperty("vary");
    expect((await ask("/")).text).toBe("<p>the page");
    expect((await ask("/odd%20%231%3F.txt?x")).text).toBe("odd");
    expect((await ask("/empty")).fields).toMatchObject({
      "content-type": "application/octet-stream",
      "content-length": "0",
    });
  });

  it("answers HEAD with the fields of GET, and no body (RFC 9110 section 9.3.2)", async () => {
    const ask = await serving();
    const { status, fields, text } = await ask("/plain.txt", { range: "bytes=1-2" }, "HEAD");
    expect([status, text, fields["content-length"]]).toEqual([200, "", "10"]);
    expect(await ask("/list/", {}, "HEAD")).toMatchObject({ status: 200, text: "" });
  });

  it("answers 304 to who has it, by tag or by date, without fields of the body (RFC 9110 section 15.4.5)", async () => {
    const ask = await serving();
    const { etag = "" } = (await ask("/app.js")).fields;
    for (const condition of [
      { "if-none-match": etag },
      { "if-none-match": `"x", ${etag}` },
      { "if-none-match": "*" },
      { "if-modified-since": MODIFIED },
    ]) {
      const { status, fields, text } = await ask("/app.js", { ...condition, range: "bytes=0-1" });
      expect([status, text]).toEqual([304, ""]);
      expect(fields).toMatchObject({ etag, "last-modified": MODIFIED, vary: "Accept-Encoding" });
      for (const name of ["content-type", "content-range", "content-length"])
        expect(fields).not.toHaveProperty(name);
    }
    expect((await ask("/app.js", { "if-none-match": '"x"', "if-modified-since": MODIFIED })).status).toBe(
      200,
    );
  });

  it("sends one range, and for any other wish the whole file (RFC 9110 section 14.2)", async () => {
    const ask = await serving();
    const part = await ask("/plain.txt", { range: "bytes=2-4" });
    expect([part.status, part.text]).toEqual([206, "234"]);
    expect(part.fields).toMatchObject({ "content-range": "bytes 2-4/10", "content-length": "3" });
    expect(await ask("/plain.txt", { range: "bytes=-3" })).toMatchObject({ status: 206, text: "789" });
    expect(await ask("/plain.txt", { range: "bytes=8-99" })).toMatchObject({ status: 206, text: "89" });
    for (const range of ["bytes=5-2", "bytes=0-1,3-4", "lines=1-2"]) {
      expect(await ask("/plain.txt", { range })).toMatchObject({ status: 200, text: "0123456789" });
    }
  });

  it("answers 416 with the length to a range behind the end (RFC 9110 section 15.5.17)", async () => {
    const ask = await serving();
    for (const range of ["bytes=10-", "bytes=-0"]) {
      const { status, fields } = await ask("/plain.txt", { range });
      expect([status, fields["content-range"]]).toEqual([416, "bytes */10"]);
    }
  });

  it("sends the range only while the file is what If-Range says (RFC 9110 section 13.1.5)", async () => {
    const ask = await serving();
    const range = "bytes=2-4";
    expect((await ask("/plain.txt", { range, "if-range": MODIFIED })).status).toBe(206);
    expect((await ask("/plain.txt", { range, "if-range": 'W/"10-1"' })).status).toBe(200);
  });

  it("sends what stands compressed beside a file to who accepts it (RFC 9110 section 12.5.3)", async () => {
    const ask = await serving();
    const br = await ask("/app.js", { "accept-encoding": "gzip, deflate, br" });
    expect(br.fields).toMatchObject({
      "content-encoding": "br",
      "content-type": "text/javascript;charset=utf-8",
      vary: "Accept-Encoding",
      "content-length": String(br.body.length),
    });
    expect(brotliDecompressSync(br.body).toString()).toBe(TEXT);
    for (const accept of ["gzip", "br;q=0, *", "br;q=0.5, gzip;q=0.8", "x-gzip"]) {
      const gzip = await ask("/app.js", { "accept-encoding": accept });
      expect(gzip.fields["content-encoding"]).toBe("gzip");
      expect(gunzipSync(gzip.body).toString()).toBe(TEXT);
      const { etag } = br.fields as { etag?: string };
      expect(gzip.fields).not.toMatchObject({ etag });
    }
    for (const accept of ["identity", "gzip;q=0, br;q=0.0", "brotli"]) {
      const { fields, text } = await ask("/app.js", { "accept-encoding": accept });
      expect([fields["content-encoding"], text]).toEqual([undefined, TEXT]);
      expect(fields).toMatchObject({ vary: "Accept-Encoding" });
    }
    expect((await ask("/only.css", { "accept-encoding": "br, gzip" })).fields["content-encoding"]).toBe(
      "gzip",
    );
  });

  it("sends a compressed file that is asked for by its own name as what it is", async () => {
    const ask = await serving();
    const { fields, body } = await ask("/archive.tar.gz", { "accept-encoding": "gzip" });
    expect([fields["content-type"], fields["content-encoding"]]).toEqual(["application/gzip", undefined]);
    expect(gunzipSync(body).toString()).toBe("tar");
    expect((await ask("/app.js.br")).fields["content-type"]).toBe("application/octet-stream");
  });

  it.each(["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/..%5csecret", "/list/link-out"])(
    "refuses %s, which leaves the folder",
    async (path) => {
      const ask = await serving();
      expect((await ask(path)).status).toBe(403);
    },
  );

  it("lists a folder without a page, and only what may be had", async () => {
    const ask = await serving();
    const { status, fields, text } = await ask("/list/");
    expect(status).toBe(200);
    expect(fields).toMatchObject({
      "content-type": "text/html;charset=utf-8",
      "content-security-policy": expect.stringContaining("default-src 'none'; style-src 'sha256-"),
      "x-content-type-options": "nosniff",
    });
    const links = Array.from(text.matchAll(/href="\.\/([^"]+)"/g), ([, href]) => href);
    expect(links).toEqual(["inner/", "a%20%26%20b.txt", "link-within"]);
    expect(await ask("/list")).toMatchObject({ status: 308, fields: { location: "/list/" } });
    expect((await ask("/list/?sort=-name")).text).toContain('aria-sort="descending"');
  });

  it("lists nothing for --no-listing", async () => {
    const ask = await serving({ listing: false });
    expect((await ask("/list/")).status).toBe(404);
    expect((await ask("/list/link-within")).status).toBe(200);
  });

  it("answers for pages that are not there with index.html for --spa, and for files with 404", async () => {
    const ask = await serving({ spa: true });
    for (const path of ["/users/5", "/list/", "/sub/"]) {
      const { status, text, fields } = await ask(path, { accept: BROWSER });
      expect([status, text, fields["content-type"]]).toEqual([200, "<p>the page", "text/html;charset=utf-8"]);
    }
    expect((await ask("/missing.js", { accept: BROWSER })).status).toBe(404);
    expect((await ask("/users/5", { accept: "*/*" })).status).toBe(404);
    expect((await ask("/list/", { accept: "*/*" })).status).toBe(404);
    expect((await ask("/plain.txt", { accept: BROWSER })).text).toBe("0123456789");
    expect((await ask("/..%2fsecret", { accept: BROWSER })).status).toBe(403);
  });

  it("lets pages of other origins read for --cors, and answers the question before", async () => {
    const ask = await serving({}, true);
    const origin = "https://example.org";
    expect((await ask("/plain.txt", { origin })).fields).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-expose-headers": "*",
    });
    expect((await ask("/missing", { origin })).fields["access-control-allow-origin"]).toBe("*");
    const asked = {
      "access-control-request-method": "GET",
      "access-control-request-headers": "authorization",
    };
    const preflight = await ask("/plain.txt", { origin, ...asked }, "OPTIONS");
    expect([preflight.status, preflight.text]).toEqual([204, ""]);
    expect(preflight.fields).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET",
      "access-control-allow-headers": "authorization",
      "access-control-max-age": "600",
    });
    expect((await ask("/plain.txt", {}, "OPTIONS")).status).toBe(405);
  });

  it("knows no other methods than GET and HEAD (RFC 9110 section 15.5.6)", async () => {
    const ask = await serving();
    const answer = await ask("/plain.txt", {}, "DELETE");
    expect(answer).toMatchObject({ status: 405, fields: { allow: "GET, HEAD" } });
  });
});

describe("serveFolder", () => {
  const options = { listing: true, spa: false };

  it("refuses what is no folder, and for --spa a folder without a page", () => {
    expect(() => serveFolder(join(root, "nothing"), options)).toThrow("there is no folder");
    expect(() => serveFolder(join(root, "plain.txt"), options)).toThrow("is not a folder");
    expect(() => serveFolder(join(root, "list"), { ...options, spa: true })).toThrow("no index.html");
  });
});
