import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type FetchHandler, LazyResponse } from "../../../../src/http/server.ts";
import { ask, field, PROTOCOLS, pieces, served, sessionBy, signal, WAYS, type Way } from "./support.ts";

const mistake = new Error("a mistake");

function streamOf(...texts: readonly string[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(Buffer.from(text));
      controller.close();
    },
  });
}

/** The same response by the platform's class and by ours. */
const CLASSES: readonly [string, typeof Response | typeof LazyResponse][] = [
  ["the platform", Response],
  ["ours", LazyResponse],
];

describe.each(CLASSES)("a Response of %s", (_name, Kind) => {
  it.each(WAYS)("arrives by %s", async (way) => {
    const init = { status: 203, headers: { "x-a": "b" } };
    const response = await ask(way, () => new Kind("Grüße", init) as Response);
    expect(response.status).toBe(203);
    expect(field(response, "x-a")).toBe("b");
    expect(field(response, "content-type")).toBe("text/plain;charset=UTF-8");
    expect(await response.text()).toBe("Grüße");
  });

  it.each(PROTOCOLS)("has a length and a date by %s (RFC 9110 sections 8.6 and 6.6.1)", async (way) => {
    const response = await ask(way, () => new Kind("text") as Response);
    expect(field(response, "content-length")).toBe("4");
    expect(Date.parse(field(response, "date") ?? "")).toBeCloseTo(Date.now(), -5);
  });

  it.each(PROTOCOLS)("keeps a date of its own by %s", async (way) => {
    const date = "Sun, 06 Nov 1994 08:49:37 GMT";
    const response = await ask(way, () => new Kind("text", { headers: { Date: date } }) as Response);
    expect(field(response, "date")).toBe(date);
  });

  it.each(PROTOCOLS)("keeps several Set-Cookie apart by %s (RFC 6265 section 3)", async (way) => {
    const cookies: [string, string][] = [
      ["set-cookie", "a=b; Path=/"],
      ["set-cookie", "c=d, e"],
    ];
    const response = await ask(way, () => new Kind(null, { headers: cookies }) as Response);
    expect(field(response, "set-cookie")).toBe("a=b; Path=/|c=d, e");
  });

  it.each(PROTOCOLS)("has length 0 without a body by %s", async (way) => {
    const response = await ask(way, () => new Kind() as Response);
    expect(field(response, "content-length")).toBe("0");
    expect(await response.text()).toBe("");
  });

  it.each(PROTOCOLS)("has the length of its body by %s, whatever it says itself", async (way) => {
    const response = await ask(
      way,
      () => new Kind("text", { headers: { "Content-Length": "3" } }) as Response,
    );
    expect([field(response, "content-length"), await response.text()]).toEqual(["4", "text"]);
  });

  it.each(PROTOCOLS)(
    "has no body for HEAD by %s, and the length of it (RFC 9110 section 9.3.2)",
    async (way) => {
      const response = await ask(way, () => new Kind("text") as Response, { method: "HEAD" });
      // What the platform keeps of a text is a stream.
      expect(field(response, "content-length")).toBe(Kind === LazyResponse ? "4" : undefined);
      expect(await response.text()).toBe("");
    },
  );

  it.each(PROTOCOLS)("keeps the length that it says for HEAD by %s", async (way) => {
    const make = (): Response => new Kind(null, { headers: { "content-length": "99" } }) as Response;
    const response = await ask(way, make, { method: "HEAD" });
    expect([field(response, "content-length"), await response.text()]).toEqual(["99", ""]);
  });

  it.each<[Way, number, string | undefined]>([
    ["prior-knowledge", 204, undefined],
    ["http/1.1", 204, undefined],
    ["prior-knowledge", 205, "0"],
    ["http/1.1", 205, "0"],
    ["prior-knowledge", 304, "7"],
    ["http/1.1", 304, "7"],
  ])(
    "has no body by %s with status %i, and says length %s (RFC 9110 section 8.6)",
    async (way, status, length) => {
      const init = { status, headers: { "content-length": "7" } };
      const response = await ask(way, () => new Kind(null, init) as Response);
      expect([response.status, field(response, "content-length")]).toEqual([status, length]);
      expect(await response.text()).toBe("");
    },
  );

  it.each(PROTOCOLS)("with a short stream has a length by %s", async (way) => {
    const response = await ask(way, () => new Kind(streamOf("one,", "two") as never) as Response);
    expect([field(response, "content-length"), await response.text()]).toEqual(["7", "one,two"]);
  });

  it.each(PROTOCOLS)("with a stream may say its length by %s", async (way) => {
    const init = { headers: { "content-length": "7" } };
    const response = await ask(way, () => new Kind(streamOf("one,", "two") as never, init) as Response);
    expect([field(response, "content-length"), await response.text()]).toEqual(["7", "one,two"]);
  });
});

describe.each(PROTOCOLS)("a Response of fetch by %s", (way) => {
  it("is sent on decoded, and says nothing else (RFC 9110 section 8.4)", async () => {
    const zipped = gzipSync("text".repeat(1_000));
    const headers = { "content-encoding": "gzip", "x-a": "b" };
    const behind = await served(() => new LazyResponse(zipped, { headers }));
    const response = await ask(way, () => fetch(behind.url));
    expect([field(response, "content-encoding"), field(response, "x-a")]).toEqual([undefined, "b"]);
    expect(await response.text()).toBe("text".repeat(1_000));
  });

  it("keeps the encoding of one that it did not decode, because there is no content", async () => {
    const headers = { "content-encoding": "gzip", "content-length": "9" };
    const behind = await served(() => new LazyResponse(null, { headers }));
    const response = await ask(way, () => fetch(behind.url, { method: "HEAD" }), { method: "HEAD" });
    expect([field(response, "content-encoding"), field(response, "content-length")]).toEqual(["gzip", "9"]);
  });
});

describe.each(PROTOCOLS)("bodies of our Response by %s", (way) => {
  it.each<[string, ConstructorParameters<typeof LazyResponse>[0], string]>([
    ["octets", Buffer.from("octets"), "octets"],
    ["no octets", Buffer.alloc(0), ""],
    ["a buffer", new Uint8Array([65, 66]).buffer, "AB"],
    ["a part of a buffer", new DataView(new Uint8Array([65, 66, 67]).buffer, 1), "BC"],
    ["a Blob", new Blob(["blob"]), "blob"],
    ["a form in a URL", new URLSearchParams({ a: "b c" }), "a=b+c"],
  ])("may be %s", async (_name, body, text) => {
    const response = await ask(way, () => new LazyResponse(body));
    expect([await response.text(), field(response, "content-length")]).toEqual([text, String(text.length)]);
  });

  it("may be a form", async () => {
    const form = new FormData();
    form.set("a", "b");
    const response = await ask(way, () => new LazyResponse(form));
    expect(field(response, "content-type")).toMatch(/^multipart\/form-data; ?boundary=/);
    expect(await response.text()).toContain('name="a"');
  });
});

describe.each(PROTOCOLS)("what belongs to a connection of HTTP/1.1, by %s", (way) => {
  it("is dropped in HTTP/2 (RFC 9113 section 8.2.2), and how a body is framed is never the application's", async () => {
    const headers = { connection: "close", "transfer-encoding": "chunked", "keep-alive": "timeout=1" };
    const response = await ask(way, () => new LazyResponse("text", { headers }));
    const is2 = way !== "http/1.1";
    expect(field(response, "connection")).toBe(is2 ? undefined : "close");
    expect(field(response, "transfer-encoding")).toBeUndefined();
    expect(await response.text()).toBe("text");
  });
});

/** The handlers that fail, and what they are reported with. */
const FAILURES: readonly [string, () => unknown, unknown][] = [
  [
    "throws",
    () => {
      throw mistake;
    },
    mistake,
  ],
  ["is rejected", () => Promise.reject(mistake), mistake],
  [
    "returns nothing",
    () => undefined,
    expect.objectContaining({ message: expect.stringContaining("undefined") }),
  ],
  ["returns null", () => null, expect.any(TypeError)],
  ["returns a text", () => "text", expect.any(TypeError)],
  ["returns an object of another kind", async () => ({ status: 200 }), expect.any(TypeError)],
  ["returns Response.error()", () => Response.error(), expect.any(TypeError)],
  [
    "sets a field that cannot be sent",
    () => new LazyResponse("", { headers: { "a b": "c" } }),
    expect.any(Error),
  ],
  [
    "sets a value that cannot be sent",
    () => new LazyResponse("", { headers: { a: "b\r\nc" } }),
    expect.any(Error),
  ],
  [
    "sets a value that is no octets",
    () => new LazyResponse("", { headers: { a: "\u{1f600}" } }),
    expect.any(Error),
  ],
  [
    "gives a stream a length that is no number",
    () => new LazyResponse(streamOf(""), { headers: { "content-length": "x" } }),
    expect.any(TypeError),
  ],
];

describe.each(PROTOCOLS)("a handler by %s", (way) => {
  it.each(FAILURES)(
    "that %s is answered for with status 500, and reported",
    async (_name, handler, error) => {
      const onError = vi.fn();
      const response = await ask(way, handler as FetchHandler, { path: "/here" }, { onError });
      expect([response.status, await response.text()]).toEqual([500, ""]);
      expect(onError.mock.calls).toEqual([
        [error, expect.objectContaining({ method: "GET", url: expect.stringMatching(/\/here$/) })],
      ]);
    },
  );

  it("that fails is answered for by `error`, if there is one, and reported", async () => {
    const onError = vi.fn();
    const error = async (reason: unknown): Promise<Response> =>
      new Response((reason as Error).message, { status: 503 });
    const response = await ask(way, () => Promise.reject(mistake), {}, { onError, error });
    expect([response.status, await response.text()]).toEqual([503, "a mistake"]);
    expect(onError).toHaveBeenCalledOnce();
  });

  it.each<[string, () => Response]>([
    [
      "throws",
      () => {
        throw new Error("another");
      },
    ],
    ["returns nothing", () => undefined as never],
    ["returns a stream that fails at once", () => new Response(failing(new Error("another")) as never)],
  ])(
    "that fails is answered for with status 500 if `error` %s, and both are reported",
    async (_name, error) => {
      const onError = vi.fn();
      const handler = (): Response => {
        throw mistake;
      };
      expect((await ask(way, handler, {}, { onError, error })).status).toBe(500);
      expect(onError.mock.calls.map(([reason]) => reason)).toEqual([mistake, expect.any(Error)]);
    },
  );

  it("whose report fails does no harm", async () => {
    const written = vi.spyOn(console, "error").mockImplementation(() => {});
    const session = await sessionBy(way, () => Promise.reject(mistake), {
      onError: () => {
        throw new Error("another");
      },
    });
    expect((await session.request()).status).toBe(500);
    expect((await session.request()).status).toBe(500);
    expect(written).toHaveBeenCalledTimes(4);
  });

  it("is reported to the console, unless somebody takes the reports", async () => {
    const written = vi.spyOn(console, "error").mockImplementation(() => {});
    expect((await ask(way, () => Promise.reject(mistake))).status).toBe(500);
    expect(written).toHaveBeenCalledWith(expect.any(String), mistake);
  });

  it("may return a promise of another kind, and a Response of another implementation", async () => {
    const other = { status: 201, headers: new Map([["x-a", "b"]]), body: null };
    // biome-ignore lint/suspicious/noThenProperty: it is what is tested
    const thenable = { then: (resolve: (value: unknown) => void) => resolve(other) };
    const response = await ask(way, () => thenable as never);
    expect([response.status, field(response, "x-a")]).toEqual([201, "b"]);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

function failing(error: Error): ReadableStream {
  return new ReadableStream({
    pull() {
      throw error;
    },
  });
}

describe.each(PROTOCOLS)("request.signal by %s", (way) => {
  it("aborts when the client is gone before the response", async () => {
    const aborted = signal<unknown>();
    const arrived = signal();
    const session = await sessionBy(way, ({ signal: gone }) => {
      gone.addEventListener("abort", () => aborted.resolve(gone.reason));
      arrived.resolve();
      return new Promise(() => {});
    });
    const controller = new AbortController();
    const answer = session.request({ signal: controller.signal });
    await arrived.promise;
    controller.abort();
    await expect(answer).rejects.toThrow();
    expect(await aborted.promise).toMatchObject({ name: "AbortError" });
  });

  it("is aborted already for whoever asks later", async () => {
    const arrived = signal();
    const gone = signal();
    const seen = signal<boolean>();
    const session = await sessionBy(way, async (request) => {
      arrived.resolve();
      await gone.promise;
      await vi.waitUntil(() => request.signal.aborted);
      seen.resolve(request.clone().signal.aborted);
      return new Response();
    });
    const controller = new AbortController();
    const answer = session.request({ signal: controller.signal });
    await arrived.promise;
    controller.abort();
    await expect(answer).rejects.toThrow();
    gone.resolve();
    expect(await seen.promise).toBe(true);
  });

  it("does not abort when the response arrives whole, whether or not the request was read", async () => {
    const aborted = vi.fn();
    const session = await sessionBy(way, (request) => {
      request.signal.addEventListener("abort", aborted);
      return new LazyResponse("text");
    });
    expect(await (await session.request()).text()).toBe("text");
    const post = { method: "POST", body: pieces("one", "two") };
    expect(await (await session.request(post)).text()).toBe("text");
    await session.close();
    expect(aborted).not.toHaveBeenCalled();
  });

  it("is no failure of the handler that passes its reason on", async () => {
    const onError = vi.fn();
    const arrived = signal();
    const over = signal();
    const session = await sessionBy(
      way,
      async ({ signal: gone }) => {
        arrived.resolve();
        await new Promise((resolve) => gone.addEventListener("abort", resolve));
        over.resolve();
        return Promise.reject(gone.reason as Error);
      },
      { onError },
    );
    const controller = new AbortController();
    const answer = session.request({ signal: controller.signal });
    await arrived.promise;
    controller.abort();
    await expect(answer).rejects.toThrow();
    await over.promise;
    expect((await ask(way, () => new Response())).status).toBe(200);
    expect(onError).not.toHaveBeenCalled();
  });

  it("has aborted when a handler returns its response too late, whose stream is cancelled", async () => {
    const cancelled = signal();
    const arrived = signal();
    const session = await sessionBy(way, async ({ signal: gone }) => {
      arrived.resolve();
      await new Promise((resolve) => gone.addEventListener("abort", resolve));
      return new Response(new ReadableStream({ cancel: () => cancelled.resolve() }) as never);
    });
    const controller = new AbortController();
    const answer = session.request({ signal: controller.signal });
    await arrived.promise;
    controller.abort();
    await expect(answer).rejects.toThrow();
    await cancelled.promise;
  });
});
