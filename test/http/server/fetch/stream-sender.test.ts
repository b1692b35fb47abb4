import { describe, expect, it, vi } from "vitest";
import { type FetchHandler, LazyResponse } from "../../../../src/http/server.ts";
import { get, HELLO } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { framePeer } from "../../../support/serving.ts";
import { ask, field, PROTOCOLS, served, sessionBy, signal } from "./support.ts";

const mistake = new Error("a mistake");

/** A stream that is fed by hand. */
function fed(cancel: (reason: unknown) => void = () => {}): {
  stream: ReadableStream;
  controller: ReadableStreamDefaultController<unknown>;
} {
  let controller: ReadableStreamDefaultController<unknown> | null = null;
  const stream = new ReadableStream({
    start(made) {
      controller = made as ReadableStreamDefaultController<unknown>;
    },
    cancel,
  });
  return { stream, controller: controller as unknown as ReadableStreamDefaultController<unknown> };
}

describe.each(PROTOCOLS)("a stream as the body of a response by %s", (way) => {
  it("has its head sent before its first octets are there, without a length", async () => {
    const { stream, controller } = fed();
    const response = await ask(way, () => new LazyResponse(stream));
    expect([response.status, field(response, "content-length")]).toEqual([200, undefined]);
    controller.enqueue(Buffer.from("text"));
    controller.close();
    expect(await response.text()).toBe("text");
  });

  it("has its octets sent as they come", async () => {
    const { stream, controller } = fed();
    const response = await ask(way, () => new LazyResponse(stream));
    const body = response.body[Symbol.asyncIterator]();
    for (const text of ["one", "two"]) {
      controller.enqueue(Buffer.from(text));
      expect(Buffer.from((await body.next()).value as Uint8Array).toString()).toBe(text);
    }
    controller.enqueue(new Uint8Array(0));
    controller.close();
    expect((await body.next()).done).toBe(true);
  });

  it("is read no faster than the client takes it", async () => {
    let pulled = 0;
    const stream = new ReadableStream(
      {
        pull(controller) {
          pulled++;
          controller.enqueue(new Uint8Array(65_536));
          if (pulled === 400) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const response = await ask(way, () => new LazyResponse(stream));
    let last = -1;
    await vi.waitUntil(() => {
      const isStill = pulled === last;
      last = pulled;
      return isStill;
    });
    expect(pulled).toBeLessThan(200);
    expect((await response.bytes()).length).toBe(400 * 65_536);
  });

  it("is cancelled when the client breaks off (RFC 9113 section 5.4.2)", async () => {
    const cancelled = signal<unknown>();
    const { stream, controller } = fed(cancelled.resolve);
    const aborting = new AbortController();
    const response = await ask(way, () => new LazyResponse(stream), { signal: aborting.signal });
    controller.enqueue(Buffer.from("text"));
    aborting.abort();
    expect(await cancelled.promise).toMatchObject({ name: "AbortError" });
    await expect(response.text()).rejects.toThrow();
  });

  it("is cancelled when the client breaks off while it waits for the client", async () => {
    const cancelled = signal<unknown>();
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1_048_576)),
      cancel: cancelled.resolve,
    });
    const aborting = new AbortController();
    const response = await ask(way, () => new LazyResponse(stream), { signal: aborting.signal });
    aborting.abort();
    await cancelled.promise;
    await expect(response.text()).rejects.toThrow();
  });

  it("that fails is no whole response, and is reported", async () => {
    const onError = vi.fn();
    const { stream, controller } = fed();
    const response = await ask(way, () => new LazyResponse(stream), {}, { onError });
    controller.enqueue(Buffer.from("part"));
    controller.error(mistake);
    await expect(response.text()).rejects.toThrow();
    expect(onError.mock.calls).toEqual([[mistake, expect.anything()]]);
  });

  it("that fails before its head was sent is answered for with status 500", async () => {
    const onError = vi.fn();
    const { stream, controller } = fed();
    controller.error(mistake);
    const response = await ask(way, () => new LazyResponse(stream), {}, { onError });
    expect([response.status, await response.text()]).toEqual([500, ""]);
    expect(onError).toHaveBeenCalledOnce();
  });

  it("that does not consist of octets is no whole response, as on the platform", async () => {
    const onError = vi.fn();
    const { stream, controller } = fed();
    const response = await ask(way, () => new LazyResponse(stream), {}, { onError });
    controller.enqueue("text");
    await expect(response.text()).rejects.toThrow();
    expect(onError.mock.calls).toEqual([[expect.any(TypeError), expect.anything()]]);
  });

  it.each(["too long", "short"])("is no whole response if it is not as long as it says: %s", async (text) => {
    const onError = vi.fn();
    const { stream, controller } = fed();
    const init = { headers: { "content-length": "6" } };
    const response = await ask(way, () => new LazyResponse(stream, init), {}, { onError });
    controller.enqueue(Buffer.from(text));
    controller.close();
    await expect(response.text()).rejects.toThrow();
    expect(onError.mock.calls).toEqual([[expect.any(RangeError), expect.anything()]]);
  });

  it("has another length than it says if it is complete at once", async () => {
    const { stream, controller } = fed();
    controller.enqueue(Buffer.from("text"));
    controller.close();
    const init = { headers: { "content-length": "6" } };
    const response = await ask(way, () => new LazyResponse(stream, init));
    expect([field(response, "content-length"), await response.text()]).toEqual(["4", "text"]);
  });

  it("is cancelled for HEAD, which has no body (RFC 9110 section 9.3.2)", async () => {
    const cancelled = signal<unknown>();
    const { stream } = fed(cancelled.resolve);
    const response = await ask(way, () => new LazyResponse(stream), { method: "HEAD" });
    await cancelled.promise;
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  it("may be long, and arrives whole", async () => {
    const piece = Buffer.alloc(100_000, "piece ");
    let left = 100;
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(piece);
        if (--left === 0) controller.close();
      },
    });
    const octets = await (await ask(way, () => new LazyResponse(stream))).bytes();
    expect(octets.length).toBe(10_000_000);
    expect(Buffer.from(octets.subarray(-100_000)).equals(piece)).toBe(true);
  });

  it("does not stop other responses", async () => {
    const stream = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
    const handler: FetchHandler = ({ url }) => new LazyResponse(url.endsWith("/endless") ? stream : "small");
    const session = await sessionBy(way, handler);
    const endless = await session.request({ path: "/endless" });
    expect(await (await session.request({ path: "/small" })).text()).toBe("small");
    expect(endless.status).toBe(200);
  });
});

describe("a stream that fails over HTTP/2", () => {
  it("has its stream reset with INTERNAL_ERROR (RFC 9113 section 7)", async () => {
    const { stream, controller } = fed();
    const peer = await framePeer(await served(() => new LazyResponse(stream), { onError: () => {} }));
    peer.send(HELLO, get(1));
    await peer.waitFor(/^HEADERS stream=1/);
    controller.error(mistake);
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("stream=1 error=INTERNAL_ERROR");
    peer.send(frames.ping());
    await peer.waitFor(/^PING ACK/);
  });
});
