import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createFetch } from "../../../../src/http/client/fetch/fetch.ts";
import { bodyText, FakeResponse, fakeSend, redirection, type SentRequest } from "./fake-send.ts";

const START = "https://a.test/start";

describe("a redirection", () => {
  it("with several locations is an error (fetch standard, location URL)", async () => {
    const headers: [string, string][] = [
      ["location", "/a"],
      ["location", "/b"],
    ];
    const { send } = fakeSend(new FakeResponse({ status: 302, headers }));
    await expect(createFetch(send)(START)).rejects.toMatchObject({
      message: "fetch failed",
      cause: { message: "the redirection has several locations" },
    });
  });

  it("is followed 20 times at most (fetch standard, HTTP-redirect fetch)", async () => {
    const { send, requests } = fakeSend(redirection(302, "/again"));
    await expect(createFetch(send)(START)).rejects.toMatchObject({
      cause: { message: "more than 20 redirections" },
    });
    expect(requests).toHaveLength(21);
  });

  it("keeps the boundary that the type of a form names", async () => {
    const form = new FormData();
    form.append("a", "b");
    const bodies: string[] = [];
    const read = async (request: SentRequest): Promise<FakeResponse> => {
      bodies.push(await bodyText(request.options));
      return bodies.length === 1 ? redirection(307, "/form") : new FakeResponse();
    };
    const { send, requests } = fakeSend(read);
    await createFetch(send)(START, { method: "POST", body: form });
    const boundary = requests[1]?.headers["content-type"]?.split("boundary=")[1];
    expect(bodies[1]).toBe(bodies[0]);
    expect(bodies[1]).toContain(`--${boundary}--`);
  });

  it("sends trailers again with the body, and not without it", async () => {
    for (const [status, expected] of [
      [307, [["a", "b"]]],
      [303, undefined],
    ] as const) {
      const { send, requests } = fakeSend(redirection(status, "/next"), new FakeResponse());
      const trailers = new Map([["a", "b"]]).entries();
      await createFetch(send)(START, { method: "POST", body: "text", trailers });
      expect(requests[1]?.options.trailers).toEqual(expected);
    }
  });

  it("has a body that is received, so that its stream ends, if that is short", async () => {
    const first = redirection(302, "/next", { chunks: ["moved", " away"] });
    await createFetch(fakeSend(first, new FakeResponse()).send)(START);
    await vi.waitFor(() => expect(first.isRead).toBe(true));
    expect(first.isCancelled).toBe(false);
  });

  it("has a body whose stream is cancelled, if that is long", async () => {
    const first = redirection(302, "/next", { chunks: Array(9).fill("x".repeat(10_000)) });
    await createFetch(fakeSend(first, new FakeResponse()).send)(START);
    await vi.waitFor(() => expect(first.isCancelled).toBe(true));
    expect(first.asked).toBe(7);
  });

  it("does not wait for the end of its own body", async () => {
    const first = redirection(302, "/next", { isOpen: true });
    const response = await createFetch(fakeSend(first, new FakeResponse({ chunks: ["there"] })).send)(START);
    expect(await response.text()).toBe("there");
  });

  it.each([307, 308, 301, 302])(
    "%d fails, if the body was a stream, whose source is told",
    async (status) => {
      const cancel = vi.fn();
      const body = new ReadableStream({ cancel });
      const first = redirection(status, "/next", { chunks: ["moved"] });
      const { send, requests } = fakeSend(first);
      const call = createFetch(send)(START, { method: "POST", body, duplex: "half" });
      await expect(call).rejects.toThrow("fetch failed");
      await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
      await vi.waitFor(() => expect(first.isRead).toBe(true));
      expect(requests).toHaveLength(1);
    },
  );

  it("303 ends an upload that is still under way", async () => {
    const cancel = vi.fn();
    const body = new ReadableStream({ cancel });
    const upload = vi.fn();
    const begin = (request: SentRequest): Promise<FakeResponse> => {
      bodyText(request.options).catch(upload);
      return Promise.resolve(redirection(303, "/next"));
    };
    const answers = [begin, new FakeResponse({ chunks: ["there"] })] as const;
    const response = await createFetch(fakeSend(...answers).send)(START, {
      method: "POST",
      body,
      duplex: "half",
    });
    expect(await response.text()).toBe("there");
    expect(cancel).toHaveBeenCalledOnce();
    expect(upload).toHaveBeenCalledWith(new TypeError("the request was redirected"));
  });

  it("to another origin makes the response one of type cors, even back at the first", async () => {
    const answers = [redirection(302, "https://b.test/"), redirection(302, START), new FakeResponse()];
    const response = await createFetch(fakeSend(...answers).send)(START);
    expect(response).toMatchObject({ type: "cors", url: START, redirected: true });
  });
});

describe("any chain of redirections", () => {
  const HOSTS = ["https://a.test", "https://b.test", "http://a.test"];
  const hop = fc.record({
    status: fc.constantFrom(301, 302, 303, 307, 308),
    host: fc.constantFrom("", ...HOSTS),
    path: fc.constantFrom("/x", "/y?z", "/x#new"),
  });
  const call = fc.record({
    method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE"),
    hops: fc.array(hop, { maxLength: 20 }),
  });

  it("keeps to the rules of the fetch standard in each step", async () => {
    await fc.assert(
      fc.asyncProperty(call, async ({ method, hops }) => {
        const hasBody = method !== "GET" && method !== "HEAD";
        const answers = hops.map(({ status, host, path }) => redirection(status, host + path));
        const { send, requests } = fakeSend(...answers, new FakeResponse());
        const response = await createFetch(send)(`${START}#old`, {
          method,
          headers: { authorization: "secret", "x-any": "y" },
          ...(hasBody && { body: "text" }),
        });
        let expected = { method, url: `${START}#old`, hasSecret: true, body: hasBody ? "text" : "" };
        for (const [index, { status, host, path }] of hops.entries()) {
          const from = new URL(expected.url);
          const to = new URL(host + path, from);
          if (to.hash === "") to.hash = from.hash;
          const becomesGet =
            status === 303 ? expected.method !== "HEAD" : status < 303 && expected.method === "POST";
          expected = {
            method: becomesGet ? "GET" : expected.method,
            url: to.href,
            hasSecret: expected.hasSecret && to.origin === from.origin,
            body: becomesGet ? "" : expected.body,
          };
          const request = requests[index + 1] as SentRequest;
          expect(request).toMatchObject({ method: expected.method, url: expected.url });
          const { authorization } = request.headers;
          expect(authorization).toBe(expected.hasSecret ? "secret" : undefined);
          expect(request.headers["x-any"]).toBe("y");
          expect(request.headers["content-type"] !== undefined).toBe(expected.body !== "");
          expect(await bodyText(request.options)).toBe(expected.body);
        }
        expect(requests).toHaveLength(hops.length + 1);
        expect(response.url).toBe(expected.url.split("#")[0]);
        expect(response.redirected).toBe(hops.length > 0);
      }),
      { numRuns: 100 },
    );
  });
});
