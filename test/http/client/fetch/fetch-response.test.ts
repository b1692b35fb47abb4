import { describe, expect, it, vi } from "vitest";
import { createFetch } from "../../../../src/http/client/fetch/fetch.ts";
import type { FetchInit } from "../../../../src/http/client/fetch/fetch-init.ts";
import type { FetchResponse } from "../../../../src/http/client/fetch/fetch-response.ts";
import { FakeResponse, fakeSend, type Script } from "./fake-send.ts";

/** A response to fetch, and what it was made of. */
async function responseTo(
  script: Script,
  init?: FetchInit,
): Promise<{ response: FetchResponse; source: FakeResponse }> {
  const source = new FakeResponse(script);
  const response = await createFetch(fakeSend(source).send)("https://a.test/x#part", init);
  return { response, source };
}

/** What is due in this turn of the event loop. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a response of fetch", () => {
  it("is one of the platform's", async () => {
    const { response } = await responseTo({ status: 203 });
    expect(response).toBeInstanceOf(Response);
    expect(Object.prototype.toString.call(response)).toBe("[object Response]");
    expect(response).toMatchObject({
      status: 203,
      ok: true,
      url: "https://a.test/x",
      type: "basic",
      redirected: false,
    });
  });

  it("has no phrase over HTTP/2 (RFC 9113 section 8.3.2), and the usual one over HTTP/1.1", async () => {
    expect((await responseTo({ status: 404 })).response.statusText).toBe("");
    expect((await responseTo({ status: 404, protocol: "http/1.1" })).response.statusText).toBe("Not Found");
  });

  it("says how it came, and what came before and after it", async () => {
    const informational = [{ status: 103, headers: [["link", "</a>"]] as [string, string][] }];
    const { response } = await responseTo({ informational, trailers: [["x-sum", "1"]], chunks: ["body"] });
    expect(response).toMatchObject({ protocol: "h2", negotiated: "alpn", informational });
    expect(await response.text()).toBe("body");
    expect([...(await response.trailers)]).toEqual([["x-sum", "1"]]);
  });

  it("keeps several Set-Cookie apart (RFC 9110 section 5.3)", async () => {
    const headers: [string, string][] = [
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ];
    const { response } = await responseTo({ headers });
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });

  it.each([
    ["text", "text ü"],
    ["bytes", new Uint8Array(Buffer.from("\ufefftext ü"))],
    ["arrayBuffer", new Uint8Array(Buffer.from("\ufefftext ü")).buffer],
  ] as const)("gives its body as %s", async (kind, expected) => {
    const { response } = await responseTo({ chunks: ["\ufefftext ", new Uint8Array(0), "ü"] });
    expect(response.bodyUsed).toBe(false);
    expect(await response[kind]()).toEqual(expected);
    expect(response.bodyUsed).toBe(true);
    await expect(response[kind]()).rejects.toThrow(TypeError);
  });

  it("gives its body as JSON, as a Blob with its type, and as a form", async () => {
    const json = await responseTo({ chunks: ['{"a":', "1}"] });
    expect(await json.response.json()).toEqual({ a: 1 });
    const headers: [string, string][] = [["content-type", "text/x; a=b"]];
    const blob = await (await responseTo({ chunks: ["text"], headers })).response.blob();
    expect([blob.type, await blob.text()]).toEqual(["text/x;a=b", "text"]);
    const type = "application/x-www-form-urlencoded";
    const form = await responseTo({ chunks: ["a=b&c=d"], headers: [["content-type", type]] });
    expect([...(await form.response.formData())]).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("has no body where there can be none, and its stream ends all the same", async () => {
    for (const [script, init] of [
      [{ status: 204 }, {}],
      [{ status: 304 }, {}],
      [{ chunks: ["x"] }, { method: "HEAD" }],
    ] as const) {
      const { response, source } = await responseTo({ ...script, trailers: [["a", "b"]] }, init);
      expect(response.body).toBeNull();
      expect(await response.text()).toBe("");
      expect(response.bodyUsed).toBe(false);
      expect((await response.trailers).get("a")).toBe("b");
      expect(source.isRead).toBe(true);
    }
  });

  it("has trailers that fail as its body does", async () => {
    const cause = new Error("broken");
    const { response } = await responseTo({ chunks: ["a", cause] });
    const failure = { name: "TypeError", message: "terminated", cause };
    await expect(response.text()).rejects.toMatchObject(failure);
    await expect(response.trailers).rejects.toMatchObject(failure);
  });
});

describe("the stream of a response", () => {
  it("asks for a chunk when its reader does, and not before", async () => {
    const { response, source } = await responseTo({ chunks: ["a", "b", "c"] });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await turn();
    expect(source.asked).toBe(0);
    for (const [index, text] of ["a", "b", "c"].entries()) {
      expect(String(Buffer.from((await reader.read()).value as Uint8Array))).toBe(text);
      await turn();
      expect(source.asked).toBe(index + 1);
    }
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  it("fills memory that its reader brings", async () => {
    const { response, source } = await responseTo({ chunks: ["abcde", "f"] });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader({ mode: "byob" });
    const texts: string[] = [];
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(2));
      if (done) break;
      texts.push(String(Buffer.from(value)));
    }
    expect(texts).toEqual(["ab", "cd", "e", "f"]);
    expect(source.asked).toBe(3);
  });

  it("cancels the stream of the connection when it is cancelled, and only then", async () => {
    const { response, source } = await responseTo({ chunks: ["a"], isOpen: true });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    const waiting = reader.read();
    expect(source.isCancelled).toBe(false);
    await reader.cancel("enough");
    expect(source.isCancelled).toBe(true);
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it("gives what has come before it fails", async () => {
    const cause = new Error("broken");
    const { response } = await responseTo({ chunks: ["a", cause] });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect((await reader.read()).done).toBe(false);
    await expect(reader.read()).rejects.toMatchObject({ name: "TypeError", message: "terminated", cause });
  });

  it("is locked for others while the whole body is read", async () => {
    const { response } = await responseTo({ chunks: ["a"], isOpen: true });
    const { body } = response;
    void response.text().catch(() => {});
    expect(body?.locked).toBe(true);
    expect(() => response.clone()).toThrow(TypeError);
  });
});

describe("a clone of a response", () => {
  it("has the same body, and everything beyond it", async () => {
    const informational = [{ status: 103, headers: [] }];
    const { response } = await responseTo({ chunks: ["a", "b"], informational, trailers: [["x", "y"]] });
    const clone = response.clone();
    const again = clone.clone();
    expect(clone).toMatchObject({
      url: "https://a.test/x",
      protocol: "h2",
      negotiated: "alpn",
      informational,
    });
    expect(await Promise.all([response.text(), clone.text(), again.text()])).toEqual(["ab", "ab", "ab"]);
    expect(await clone.trailers).toEqual(await response.trailers);
    expect([response.bodyUsed, clone.bodyUsed]).toEqual([true, true]);
  });

  it("has headers of its own", async () => {
    const { response } = await responseTo({ headers: [["a", "b"]] });
    const clone = response.clone();
    clone.headers.set("a", "c");
    expect(response.headers.get("a")).toBe("b");
  });

  it("of a response that was read is refused", async () => {
    const { response } = await responseTo({ chunks: ["a"] });
    await response.text();
    expect(() => response.clone()).toThrow(TypeError);
  });

  it("of a response without a body has none either", async () => {
    const { response } = await responseTo({ status: 204 });
    expect(response.clone().body).toBeNull();
  });
});

describe("a response that nobody has any more", () => {
  it("ends its stream if its body was not read", async () => {
    const collect = await collector();
    const source = new FakeResponse({ chunks: ["a"], isOpen: true });
    const fetch = createFetch(fakeSend(source).send);
    const signal = new AbortController().signal;
    await (async () => void (await fetch("https://a.test/", { signal })).status)();
    await vi.waitFor(() => {
      collect();
      expect(source.isCancelled).toBe(true);
    });
  });
});

/** The garbage collector, to be called. */
async function collector(): Promise<() => void> {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([
    import("node:v8"),
    import("node:vm"),
  ]);
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
