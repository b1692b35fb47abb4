import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { ClientResponse, RequestOptions } from "../../src/http/client.ts";
import { sha256 } from "../support/serving.ts";
import { FRAMEWORKS, type Served, serveApp, sessionBy, WAYS } from "./frameworks/serving.ts";

const page = readFileSync(new URL("../../examples/frameworks/public/page.html", import.meta.url));
const LONG_TEXT = "A line like many others.\n".repeat(4_000);
const JSON_TYPE = ["content-type", "application/json"] as const;

function field({ headers }: ClientResponse, name: string): string | undefined {
  return headers.find((one) => one[0] === name)?.[1];
}

function fieldsOf(response: ClientResponse, name: string): string[] {
  return response.headers.filter((one) => one[0] === name).map(([, value]) => value);
}

/** A form with one file, as browsers send it (RFC 7578). */
function form(octets: Uint8Array): RequestOptions {
  const boundary = "a-boundary-for-the-test";
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="upload.bin"\r\n` +
    "Content-Type: application/octet-stream\r\n\r\n";
  const body = Buffer.concat([Buffer.from(head), octets, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const headers = [
    ["content-type", `multipart/form-data; boundary=${boundary}`],
    ["content-length", String(body.length)],
  ] as const;
  return { method: "POST", path: "/upload", headers, body };
}

const MEBI = 1_048_576;

interface Upload {
  readonly octets: Uint8Array;
  readonly hash: string;
}

function makeUpload(length: number): Upload {
  const octets = Buffer.alloc(length, "an upload that is not all the same ");
  return { octets, hash: sha256(octets) };
}

const LARGE = makeUpload(20 * MEBI);
const SMALL = makeUpload(MEBI);

describe.each(FRAMEWORKS)("%s", { timeout: 20_000 }, (framework) => {
  let served: Served;
  beforeAll(async () => {
    served = await serveApp(framework);
    return () => served.close();
  });

  describe.each(WAYS)("by $title", (way) => {
    /** One request on a connection of its own: by Upgrade it is the request that is upgraded. */
    const ask = async (options: RequestOptions): Promise<ClientResponse> => {
      const session = await sessionBy(way, served);
      return session.request(options);
    };

    /** One request behind another one: what cannot come with a request for Upgrade can come then. */
    const askSecond = async (options: RequestOptions): Promise<ClientResponse> => {
      const session = await sessionBy(way, served);
      await (await session.request({ path: "/" })).bytes();
      return session.request(options);
    };

    // Searching and hashing so much takes time: all of it by every way for one framework, and by one way for all.
    const isLarge = framework === "express" || way.negotiation === "prior-knowledge";
    const upload = isLarge ? LARGE : SMALL;

    it("answers a GET, in the protocol that was agreed on", async () => {
      const session = await sessionBy(way, served);
      const response = await session.request({ path: "/" });
      expect(await response.text()).toMatch(
        way.protocol === "h2" ? / over HTTP\/2\.0\n$/ : / over HTTP\/1\.1\n$/,
      );
      expect([response.status, session.protocol]).toEqual([200, way.protocol]);
    });

    it("echoes a body of JSON whose length is known", async () => {
      const body = Buffer.from('{"a":[1,"zwölf"]}');
      const headers = [JSON_TYPE, ["content-length", String(body.length)]] as const;
      const response = await ask({ method: "POST", path: "/json", headers, body });
      expect(JSON.parse(await response.text())).toEqual({ echo: { a: [1, "zwölf"] } });
      expect(field(response, "content-type")).toMatch(/^application\/json/);
    });

    it("echoes a body of JSON whose length is not known", async () => {
      const body = (async function* () {
        yield Buffer.from('{"a":');
        yield Buffer.from("1}");
      })();
      const response = await ask({ method: "POST", path: "/json", headers: [JSON_TYPE], body });
      expect(JSON.parse(await response.text())).toEqual({ echo: { a: 1 } });
    });

    it("answers 100 before a body that waits for it (RFC 9110 section 10.1.1)", async () => {
      const headers = [JSON_TYPE, ["expect", "100-continue"], ["content-length", "2"]] as const;
      const response = await askSecond({ method: "POST", path: "/json", headers, body: Buffer.from("{}") });
      expect(JSON.parse(await response.text())).toEqual({ echo: {} });
      expect(response.informational.map(({ status }) => status)).toEqual([100]);
    });

    it("redirects", async () => {
      const response = await ask({ path: "/redirect" });
      await response.bytes();
      expect([response.status, field(response, "location")]).toEqual([302, "/target"]);
    });

    it("reads cookies, and sets several", async () => {
      const response = await ask({ path: "/cookies", headers: [["cookie", "a=first; b=second"]] });
      expect(JSON.parse(await response.text())).toEqual({ a: "first", b: "second" });
      expect(fieldsOf(response, "set-cookie").map((cookie) => cookie.toLowerCase())).toEqual([
        expect.stringMatching(/^a=1\b/),
        expect.stringMatching(/^b=2\b.*; httponly\b/),
      ]);
    });

    it("sends a file", async () => {
      const response = await ask({ path: "/file" });
      expect(Buffer.from(await response.bytes()).equals(page)).toBe(true);
      expect(field(response, "content-length")).toBe(String(page.length));
      expect(field(response, "content-type")).toMatch(/^text\/html/);
    });

    it("sends a range of a file (RFC 9110 section 15.3.7)", async () => {
      const response = await ask({ path: "/file", headers: [["range", "bytes=2-8"]] });
      expect([response.status, await response.text()]).toEqual([206, "doctype"]);
      expect(field(response, "content-range")).toBe(`bytes 2-8/${page.length}`);
    });

    it("refuses a range beyond the end of a file (RFC 9110 section 15.5.17)", async () => {
      const response = await ask({ path: "/file", headers: [["range", "bytes=100000-"]] });
      await response.bytes();
      expect([response.status, field(response, "content-range")]).toEqual([416, `bytes */${page.length}`]);
    });

    it("serves a folder", async () => {
      const response = await ask({ path: "/static/style.css" });
      expect([response.status, field(response, "content-type")]).toEqual([
        200,
        expect.stringMatching(/^text\/css/),
      ]);
      expect(await response.text()).toContain("max-width");
    });

    it("compresses a text for clients that take that", async () => {
      const response = await ask({ path: "/text", headers: [["accept-encoding", "gzip"]] });
      expect(field(response, "content-encoding")).toBe("gzip");
      const body = await response.bytes();
      expect(body.length).toBeLessThan(LONG_TEXT.length / 10);
      expect(gunzipSync(body).toString() === LONG_TEXT).toBe(true);
    });

    it("streams 10 MiB", async () => {
      const { body } = await ask({ path: "/stream" });
      let length = 0;
      for await (const piece of body) length += piece.length;
      expect(length).toBe(10 * MEBI);
    });

    it(`takes an upload of ${upload.octets.length / MEBI} MiB in a form`, async () => {
      const response = await askSecond(form(upload.octets));
      expect(JSON.parse(await response.text())).toEqual({
        name: "upload.bin",
        length: upload.octets.length,
        sha256: upload.hash,
      });
    });

    it("answers what its handler throws with 500", async () => {
      const written = vi.spyOn(console, "error").mockImplementation(() => {});
      const response = await ask({ path: "/error" });
      await response.bytes();
      expect(response.status).toBe(500);
      written.mockRestore();
    });

    it("answers 404 for what is not there", async () => {
      const response = await ask({ path: "/missing" });
      expect([response.status, (await response.text()).length > 0]).toEqual([404, true]);
    });

    it("answers HEAD with the length alone (RFC 9110 section 9.3.2)", async () => {
      const response = await ask({ method: "HEAD", path: "/file" });
      expect([response.status, field(response, "content-length")]).toEqual([200, String(page.length)]);
      expect((await response.bytes()).length).toBe(0);
    });

    it("sends early hints (RFC 8297 section 2)", async () => {
      const response = await ask({ path: "/hints" });
      expect(await response.text()).toBe("hinted");
      expect(response.informational).toEqual([
        { status: 103, headers: [["link", "</static/style.css>; rel=preload; as=style"]] },
      ]);
    });

    it("sends trailers (RFC 9110 section 6.5)", async () => {
      const response = await ask({ path: "/trailers" });
      expect(await response.text()).toBe("one\ntwo\n");
      expect(await response.trailers).toEqual([["x-lines", "2"]]);
    });
  });
});
