import { getEventListeners } from "node:events";
import zlib from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { createFetch } from "../../../../src/http/client/fetch/fetch.ts";
import type { FetchInit } from "../../../../src/http/client/fetch/fetch-init.ts";
import type { SendRequest } from "../../../../src/http/client/pool/client-request.ts";
import type { ClientResponse } from "../../../../src/http/client/session/client-session.ts";
import { bodyText, deferred, FakeResponse, fakeSend, redirection, type SentRequest } from "./fake-send.ts";

const TARGET = "https://a.test/";
const REASON = { not: "even an Error" };

/** A call that can be aborted; what is sent does not know of that. */
function abortable(send: SendRequest, init: FetchInit = {}) {
  const abort = new AbortController();
  const { signal } = abort;
  const call = createFetch(send)(TARGET, { ...init, signal });
  return { call, signal, abort: () => abort.abort(REASON), listeners: () => listenersOf(signal) };
}

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

describe("an abort rejects fetch with its reason", () => {
  it("before anything is sent, and ends the body", async () => {
    const cancel = vi.fn();
    const body = new ReadableStream({ cancel });
    const { send, requests } = fakeSend(new FakeResponse());
    const signal = AbortSignal.abort(REASON);
    const call = createFetch(send)(TARGET, { method: "POST", body, duplex: "half", signal });
    await expect(call).rejects.toBe(REASON);
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledWith(REASON));
    expect(requests).toEqual([]);
    expect(listenersOf(signal)).toBe(0);
  });

  it("while it waits for the response, which is dropped if it comes all the same", async () => {
    const late = deferred<ClientResponse>();
    const { call, abort, listeners } = abortable(() => late.promise);
    await new Promise((resolve) => setImmediate(resolve));
    abort();
    await expect(call).rejects.toBe(REASON);
    const response = new FakeResponse({ chunks: ["a"] });
    late.resolve(response);
    await vi.waitFor(() => expect(response.isRead).toBe(true));
    expect(listeners()).toBe(0);
  });

  it("in the moment in which the response comes", async () => {
    const coming = deferred<ClientResponse>();
    const { call, abort } = abortable(() => coming.promise);
    await new Promise((resolve) => setImmediate(resolve));
    const response = new FakeResponse({ chunks: ["a"] });
    coming.resolve(response);
    await Promise.resolve();
    abort();
    await expect(call).rejects.toBe(REASON);
    await vi.waitFor(() => expect(response.isRead).toBe(true));
  });

  it("while it follows a redirection", async () => {
    const never = deferred<ClientResponse>();
    const { send, requests } = fakeSend(redirection(302, "/next"), never.promise);
    const { call, abort, listeners } = abortable(send);
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    abort();
    await expect(call).rejects.toBe(REASON);
    expect(listeners()).toBe(0);
  });

  it("while it waits for the body of a Request", async () => {
    const cancel = vi.fn();
    const abort = new AbortController();
    const body = new ReadableStream({ cancel });
    const request = new Request(TARGET, { method: "POST", body, duplex: "half" });
    const { send, requests } = fakeSend(new FakeResponse());
    const call = createFetch(send)(request, { signal: abort.signal });
    abort.abort(REASON);
    await expect(call).rejects.toBe(REASON);
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledWith(REASON));
    expect(requests).toEqual([]);
  });

  it("whatever the request fails with then", async () => {
    const failing = deferred<ClientResponse>();
    const { call, abort } = abortable(() => failing.promise);
    await new Promise((resolve) => setImmediate(resolve));
    failing.reject(new Error("because of the abort"));
    abort();
    await expect(call).rejects.toBe(REASON);
  });

  it("that comes by the signal of a Request", async () => {
    const abort = new AbortController();
    const never = deferred<ClientResponse>();
    const call = createFetch(() => never.promise)(new Request(TARGET, { signal: abort.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort(REASON);
    await expect(call).rejects.toBe(REASON);
  });

  it("but not if the call says that there is no signal", async () => {
    const request = new Request(TARGET, { signal: AbortSignal.abort(REASON) });
    const response = await createFetch(fakeSend(new FakeResponse()).send)(request, { signal: null });
    expect(response.status).toBe(200);
  });

  it("and stops an upload that waits for its source", async () => {
    const upload = vi.fn();
    const never = deferred<ClientResponse>();
    const begin = (request: SentRequest): Promise<ClientResponse> => {
      bodyText(request.options).catch(upload);
      return never.promise;
    };
    async function* source(): AsyncGenerator<Uint8Array> {
      yield await new Promise<never>(() => {});
    }
    const body = source();
    const { call, abort } = abortable(fakeSend(begin).send, { method: "POST", body, duplex: "half" });
    await new Promise((resolve) => setImmediate(resolve));
    abort();
    await expect(call).rejects.toBe(REASON);
    expect(upload).toHaveBeenCalledWith(REASON);
  });
});

describe("an abort fails the body of a response with its reason", () => {
  it("while it is read whole", async () => {
    const source = new FakeResponse({ chunks: ["a"], isOpen: true });
    const { call, abort, listeners } = abortable(fakeSend(source).send);
    const text = (await call).text();
    await vi.waitFor(() => expect(source.asked).toBe(2));
    expect(listeners()).toBe(1);
    abort();
    await expect(text).rejects.toBe(REASON);
    expect(source.isCancelled).toBe(true);
    expect(listeners()).toBe(0);
  });

  it("while its stream is read", async () => {
    const source = new FakeResponse({ chunks: ["a"], isOpen: true });
    const { call, abort, listeners } = abortable(fakeSend(source).send);
    const reader = (await call).body?.getReader();
    await reader?.read();
    const waiting = reader?.read();
    abort();
    await expect(waiting).rejects.toBe(REASON);
    expect(source.isCancelled).toBe(true);
    expect(listeners()).toBe(0);
  });

  it("before anybody reads it", async () => {
    const source = new FakeResponse({ chunks: ["a"], trailers: [["a", "b"]] });
    const { call, abort } = abortable(fakeSend(source).send);
    const response = await call;
    abort();
    expect(source.isCancelled).toBe(true);
    await expect(response.clone().text()).rejects.toBe(REASON);
    await expect(response.text()).rejects.toBe(REASON);
  });

  it("while its coding is undone", async () => {
    const chunks = [zlib.gzipSync("text").subarray(0, 12)];
    const source = new FakeResponse({ headers: [["content-encoding", "gzip"]], chunks, isOpen: true });
    const { call, abort } = abortable(fakeSend(source).send);
    const text = (await call).text();
    await vi.waitFor(() => expect(source.asked).toBe(2));
    abort();
    await expect(text).rejects.toBe(REASON);
    expect(source.isCancelled).toBe(true);
  });

  it("but not behind its end", async () => {
    const { call, abort } = abortable(fakeSend(new FakeResponse({ chunks: ["a"] })).send);
    const response = await call;
    const text = await response.text();
    abort();
    expect(text).toBe("a");
    await expect(response.trailers).resolves.toBeInstanceOf(Headers);
  });
});

describe("the signal has no listener left", () => {
  const ends: [string, SendRequest, FetchInit, (response: Response) => Promise<unknown>][] = [
    [
      "when the body was read whole",
      fakeSend(new FakeResponse({ chunks: ["a"] })).send,
      {},
      (response) => response.text(),
    ],
    [
      "when its stream was read",
      fakeSend(new FakeResponse({ chunks: ["a"] })).send,
      {},
      async (response) => {
        for await (const _chunk of response.body as unknown as AsyncIterable<unknown>);
      },
    ],
    [
      "when its stream was cancelled",
      fakeSend(new FakeResponse({ isOpen: true })).send,
      {},
      async (response) => response.body?.cancel(),
    ],
    [
      "when it has failed",
      fakeSend(new FakeResponse({ chunks: [new Error("broken")] })).send,
      {},
      (response) => response.text().catch(() => {}),
    ],
    ["when there is no body", fakeSend(new FakeResponse({ status: 204 })).send, {}, async () => {}],
    [
      "when there is none by HEAD",
      fakeSend(new FakeResponse({ chunks: ["x"] })).send,
      { method: "HEAD" },
      async () => {},
    ],
    [
      "when a redirection was followed",
      fakeSend(redirection(302, "/x"), new FakeResponse()).send,
      {},
      (response) => response.text(),
    ],
    ["when the request has failed", fakeSend(new Error("refused")).send, {}, async () => {}],
    [
      "when a redirection was refused",
      fakeSend(redirection(302, "/x")).send,
      { redirect: "error" },
      async () => {},
    ],
  ];

  it.each(ends)("%s", async (_title, send, init, end) => {
    const { call, listeners } = abortable(send, init);
    expect(listeners()).toBe(1);
    await call.then(end, () => {});
    expect(listeners()).toBe(0);
  });

  it("when the arguments are refused", async () => {
    const { signal } = new AbortController();
    const { send } = fakeSend(new FakeResponse());
    await expect(createFetch(send)(TARGET, { signal, priority: { urgency: 9 } })).rejects.toThrow(RangeError);
    await expect(createFetch(send)("data:,x", { signal })).rejects.toThrow(TypeError);
    expect(listenersOf(signal)).toBe(0);
  });

  it("and many of them are nothing to be warned of", async () => {
    const warned = vi.fn();
    process.on("warning", warned);
    const { signal } = new AbortController();
    const fetch = createFetch(fakeSend(() => Promise.resolve(new FakeResponse())).send);
    const responses = await Promise.all(Array.from({ length: 50 }, () => fetch(TARGET, { signal })));
    expect(listenersOf(signal)).toBe(50);
    await Promise.all(responses.map((response) => response.text()));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", warned);
    expect(listenersOf(signal)).toBe(0);
    expect(warned).not.toHaveBeenCalled();
  });
});
