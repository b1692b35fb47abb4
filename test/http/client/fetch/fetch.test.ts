import { describe, expect, it, vi } from "vitest";
import { ClientError } from "../../../../src/http/client/client-error.ts";
import { createFetch } from "../../../../src/http/client/fetch/fetch.ts";
import type { FetchInit } from "../../../../src/http/client/fetch/fetch-init.ts";
import { LazyRequest } from "../../../../src/http/server/fetch/lazy-request.ts";
import { RequestBody } from "../../../../src/http/server/fetch/request-body.ts";
import { bodyText, FakeResponse, fakeSend, redirection, type SentRequest } from "./fake-send.ts";

const URL_OF_TEST = "https://a.test/path";

/** The one request that a call sends. */
async function sent(init?: FetchInit, input: string | Request = URL_OF_TEST): Promise<SentRequest> {
  const { send, requests } = fakeSend(new FakeResponse());
  await createFetch(send)(input, init);
  expect(requests).toHaveLength(1);
  return requests[0] as SentRequest;
}

/** What a call is rejected with that sends nothing. */
async function refusal(init?: FetchInit, input = URL_OF_TEST): Promise<unknown> {
  const { send, requests } = fakeSend(new FakeResponse());
  const error: unknown = await createFetch(send)(input, init).catch((reason: unknown) => reason);
  expect(requests).toEqual([]);
  return error;
}

describe("a request of fetch", () => {
  it("says what it takes, unless the caller does (fetch standard, HTTP-network-or-cache fetch)", async () => {
    expect((await sent()).headers).toEqual({
      accept: "*/*",
      "accept-encoding": "gzip, deflate, br",
      "user-agent": "h2wire",
    });
    const headers = { accept: "text/html", "accept-encoding": "br", "user-agent": "me" };
    expect((await sent({ headers })).headers).toEqual(headers);
  });

  it("asks for no content coding where none could be undone", async () => {
    expect((await sent({ decompress: false })).headers).not.toHaveProperty("accept-encoding");
    expect((await sent({ headers: { range: "bytes=1-2" } })).headers["accept-encoding"]).toBe("identity");
  });

  it("leaves out what is for one connection only (RFC 9113 section 8.2.2)", async () => {
    const headers = {
      connection: "close",
      "keep-alive": "1",
      "transfer-encoding": "chunked",
      upgrade: "x",
      te: "trailers",
    };
    expect(Object.keys((await sent({ headers })).headers)).toEqual([
      "te",
      "accept",
      "user-agent",
      "accept-encoding",
    ]);
  });

  it("has the true Content-Length, whatever the caller says (RFC 9110 section 8.6)", async () => {
    const headers = { "content-length": "17" };
    expect((await sent({ headers })).headers).not.toHaveProperty("content-length");
    expect((await sent({ headers, method: "POST" })).headers["content-length"]).toBe("0");
    expect((await sent({ headers, method: "POST", body: "four" })).headers["content-length"]).toBe("4");
  });

  it("has the Content-Length of the caller where the body is a stream", async () => {
    const body = new Blob(["four"]).stream();
    const { headers } = await sent({
      method: "POST",
      body,
      duplex: "half",
      headers: { "content-length": "4" },
    });
    expect(headers["content-length"]).toBe("4");
  });

  it("hands on what is beyond the platform's fetch", async () => {
    const onInformational = (): void => {};
    const trailers = (): [string, string][] => [["a", "b"]];
    const timeouts = { headers: 1 };
    const { options } = await sent({ onInformational, trailers, timeouts });
    expect(options).toMatchObject({ onInformational, trailers, timeouts });
    expect((await sent({ trailers: new Headers({ a: "b" }) })).options.trailers).toEqual([["a", "b"]]);
  });

  it.each([
    ["high", { urgency: 1 }],
    ["low", { urgency: 5 }],
    ["auto", undefined],
    [{ incremental: true }, { urgency: 3, incremental: true }],
    [{ urgency: 0 }, { urgency: 0, incremental: false }],
  ] as const)("has the priority %j (RFC 9218 section 4)", async (priority, expected) => {
    expect((await sent({ priority })).options.priority).toEqual(expected);
  });

  it("takes everything from a Request that the call does not say itself", async () => {
    const request = new Request(URL_OF_TEST, { method: "DELETE", headers: { "x-a": "b" } });
    expect(await sent(undefined, request)).toMatchObject({ method: "DELETE", headers: { "x-a": "b" } });
    expect(await sent({ method: "PUT" }, request)).toMatchObject({ method: "PUT", headers: { "x-a": "b" } });
  });
});

describe("a request that our server has received", () => {
  const source = {
    method: "POST",
    url: URL_OF_TEST,
    signal: new AbortController().signal,
    makeHeaders: () => new Headers({ "x-a": "b" }),
  };

  it("can be handed on", async () => {
    const sink = { beginBody: () => {}, acknowledgeBody: () => {}, dropBody: () => {} };
    const body = new RequestBody(sink);
    const request = await sent(undefined, new LazyRequest({ ...source, body }));
    expect(request).toMatchObject({ method: "POST", url: URL_OF_TEST, headers: { "x-a": "b" } });
    body.receive(Buffer.from("text"), 4);
    body.end();
    expect(await bodyText(request.options)).toBe("text");
  });

  it("can be handed on without a body", async () => {
    const request = await sent(undefined, new LazyRequest({ ...source, method: "GET", body: null }));
    expect(request).toMatchObject({ method: "GET", headers: { "x-a": "b" } });
  });
});

describe("fetch refuses, without sending anything,", () => {
  it.each(["data:,text", "file:///etc/hosts", "blob:nodedata:1", "about:blank", "ftp://a.test/"])(
    "the URL %s",
    async (url) => {
      const error = await refusal({}, url);
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain(`not for ${new URL(url).protocol}`);
    },
  );

  it.each(["https://user:password@a.test/", "https://user@a.test/", "nowhere"])("the URL %s", async (url) => {
    expect(await refusal({}, url)).toBeInstanceOf(TypeError);
  });

  it.each([
    ["an integrity that nobody would check", { integrity: "sha256-AAAA" }],
    ["a priority that there is not", { priority: "urgent" as "high" }],
    ["what is no signal", { signal: {} as AbortSignal }],
    ["CONNECT", { method: "CONNECT" }],
    ["what is no field", { headers: { "a b": "c" } }],
    ["a body with GET", { body: "text" }],
    ["a stream without duplex", { method: "POST", body: new Blob(["x"]).stream() }],
  ] satisfies [string, FetchInit][])("%s", async (_title, init) => {
    expect(await refusal(init)).toBeInstanceOf(TypeError);
  });

  it.each([-1, 8, 1.5])("the urgency %d (RFC 9218 section 4.1)", async (urgency) => {
    expect(await refusal({ priority: { urgency } })).toBeInstanceOf(RangeError);
  });
});

describe("fetch is rejected", () => {
  it("with a TypeError whose cause is the error of the client", async () => {
    const cause = new ClientError("STREAM_RESET", "the server reset the stream");
    const { send } = fakeSend(cause);
    const error = await createFetch(send)(URL_OF_TEST).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "fetch failed", cause });
  });

  it("if sending throws", async () => {
    const thrown = new RangeError("at once");
    const fetch = createFetch(() => {
      throw thrown;
    });
    await expect(fetch(URL_OF_TEST)).rejects.toMatchObject({ message: "fetch failed", cause: thrown });
  });

  it("if a response has more content codings than anybody needs, which ends its stream", async () => {
    const coding = Array(6).fill("gzip").join();
    const response = new FakeResponse({ headers: [["content-encoding", coding]], chunks: ["x"] });
    const { send } = fakeSend(response);
    await expect(createFetch(send)(URL_OF_TEST)).rejects.toThrow("fetch failed");
    await vi.waitFor(() => expect(response.isRead).toBe(true));
  });
});

describe("no call of fetch leaves a rejection that nobody handles:", () => {
  const broken = (): FakeResponse => new FakeResponse({ chunks: ["a", new Error("broken")] });
  const cases: [string, () => Promise<unknown>][] = [
    ["a body that breaks off unread", () => createFetch(fakeSend(broken()).send)(URL_OF_TEST)],
    ["a body that breaks off", async () => (await createFetch(fakeSend(broken()).send)(URL_OF_TEST)).text()],
    [
      "a redirection whose body breaks off",
      () =>
        createFetch(fakeSend(redirection(302, "/", { chunks: [new Error("broken")] }), broken()).send)(
          URL_OF_TEST,
        ),
    ],
    [
      "trailers that nobody waits for",
      async () => {
        const response = await createFetch(fakeSend(broken()).send)(URL_OF_TEST);
        void response.trailers;
        await response.body?.cancel();
      },
    ],
    [
      "a response that has no body, but a server that sends one",
      () => createFetch(fakeSend(broken()).send)(URL_OF_TEST, { method: "HEAD" }),
    ],
    [
      "a body that fails while nobody waits for it",
      () => {
        const body = new ReadableStream({ start: (controller) => controller.error(new Error("early")) });
        return createFetch(fakeSend(new Error("refused")).send)(URL_OF_TEST, {
          method: "PUT",
          body,
          duplex: "half",
        });
      },
    ],
    [
      "an abort while the body is not read",
      async () => {
        const abort = new AbortController();
        await createFetch(fakeSend(broken()).send)(URL_OF_TEST, { signal: abort.signal });
        abort.abort();
      },
    ],
  ];

  it.each(cases)("%s", async (_title, call) => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    await call().catch(() => {});
    // Node tells of them when the microtasks of a turn are done.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
