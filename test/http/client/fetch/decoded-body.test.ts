import { setImmediate as turn } from "node:timers/promises";
import zlib from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decoded, decodersFor } from "../../../../src/http/client/fetch/content-coding.ts";
import { FakeResponse, type Script } from "./fake-send.ts";

const CODERS = {
  gzip: zlib.gzipSync,
  "x-gzip": zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: (octets: Uint8Array) => zlib.brotliCompressSync(octets, { params: { [QUALITY]: 3 } }),
} as const;
const QUALITY = zlib.constants.BROTLI_PARAM_QUALITY;

/** A body of which the codings are undone, and its source. */
function scene(coding: string, script: Script) {
  const source = new FakeResponse(script);
  return { source, body: decoded(source.body, decodersFor([["content-encoding", coding]])) };
}

async function all(body: AsyncIterator<Uint8Array, unknown>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await body.next();
    if (done === true) return Buffer.concat(chunks);
    chunks.push(value);
  }
}

function pieces(octets: Uint8Array, size: number): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let start = 0; start < octets.length; start += size) all.push(octets.subarray(start, start + size));
  return all;
}

describe("content codings (RFC 9110 section 8.4)", () => {
  it("are undone in any order and however the octets come", async () => {
    const names = fc.array(fc.constantFrom(...(Object.keys(CODERS) as (keyof typeof CODERS)[])), {
      maxLength: 5,
    });
    const octets = fc.uint8Array({ maxLength: 2000 });
    await fc.assert(
      fc.asyncProperty(names, octets, fc.integer({ min: 1, max: 500 }), async (codings, content, size) => {
        const coded = codings.reduce((whole, name) => CODERS[name](whole), Buffer.from(content));
        const { body } = scene(codings.join(", "), { chunks: pieces(coded, size) });
        expect(await all(body)).toEqual(Buffer.from(content));
      }),
      { numRuns: 40 },
    );
  });

  it("are undone octet by octet, which makes of each octet what it can", async () => {
    const { body } = scene("gzip", { chunks: pieces(zlib.gzipSync("a few words"), 1) });
    expect(String(await all(body))).toBe("a few words");
  });

  it("give what was written so far, though the response goes on", async () => {
    const gzip = zlib.createGzip();
    gzip.write("an event");
    const flushed = new Promise((resolve) =>
      gzip.flush(zlib.constants.Z_SYNC_FLUSH, () => resolve(gzip.read())),
    );
    const { body } = scene("gzip", { chunks: [(await flushed) as Buffer], isOpen: true });
    const { value } = await body.next();
    expect(String(value)).toBe("an event");
    await body.return?.();
  });

  it("are undone only as far as somebody reads", async () => {
    const chunks = pieces(zlib.gzipSync(Buffer.alloc(5_000_000, "words to be said ")), 1000);
    const { body, source } = scene("gzip", { chunks });
    await turn();
    expect(source.asked).toBe(0);
    await body.next();
    await turn();
    expect(source.asked).toBe(1);
    expect((await all(body)).length).toBeGreaterThan(4_900_000);
    expect(source.isRead).toBe(true);
  });

  it("end the stream when nobody reads on", async () => {
    const { body, source } = scene("gzip, br", { chunks: ["x"], isOpen: true });
    await body.return?.();
    expect(source.isCancelled).toBe(true);
    expect(await body.next()).toEqual({ done: true, value: undefined });
  });

  it("that are broken fail the body and end the stream", async () => {
    for (const coding of ["gzip", "deflate", "br", "gzip, gzip"]) {
      const { body, source } = scene(coding, { chunks: ["\x08not coded at all", "and more"], isOpen: true });
      await expect(all(body)).rejects.toThrow(/incorrect|Decompression failed|invalid/);
      expect(source.isCancelled).toBe(true);
    }
  });

  it("fail with the error of the stream, behind what came before it", async () => {
    const broken = new Error("broken");
    const { body } = scene("gzip", { chunks: [zlib.gzipSync("text").subarray(0, -8), broken] });
    expect(String((await body.next()).value)).toBe("text");
    await expect(body.next()).rejects.toBe(broken);
  });

  it("whose end comes before the end of the body end that", async () => {
    const { body } = scene("deflate", { chunks: [zlib.deflateSync("text"), "what is this?", "and this?"] });
    expect(String(await all(body))).toBe("text");
  });

  it.each(["fancy", "gzip, fancy", "fancy, gzip", "zstd"])("%s is left as it is", (coding) => {
    expect(decodersFor([["content-encoding", coding]])).toEqual([]);
  });

  it("may be in several fields, in any case, with nothing between commas", () => {
    const fields: [string, string][] = [
      ["content-encoding", " GZIP ,, identity"],
      ["a", "b"],
      ["Content-Encoding", "br"],
    ];
    expect(decodersFor(fields)).toHaveLength(2);
  });
});
