import { openAsBlob } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { gatheredBody, outgoingBody } from "../../../../src/http/client/fetch/outgoing-body.ts";
import { bodyText } from "./fake-send.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a body that can be sent again", () => {
  it.each([
    ["a text", "text"],
    ["octets", Buffer.from("text")],
    ["a Blob", new Blob(["te", "xt"])],
    ["fields of a form", new URLSearchParams("text")],
  ])("is made of %s", async (_title, body) => {
    const { payload, length, isReplayable } = outgoingBody(body, undefined);
    expect(isReplayable).toBe(true);
    const text = await bodyText({ body: payload });
    expect(text).toContain("text");
    expect(length).toBe(text.length);
    expect(await bodyText({ body: payload })).toBe(text);
  });

  it("reads a file each time, and only then", async () => {
    const path = fileURLToPath(import.meta.url);
    const form = new FormData();
    form.append("file", (await openAsBlob(path)) as Blob, "name");
    const { payload, length } = outgoingBody(form, undefined);
    const first = await bodyText({ body: payload });
    expect(Buffer.byteLength(first)).toBe(length);
    expect(first).toContain("reads a file each time, and only then");
    expect(await bodyText({ body: payload })).toBe(first);
  });
});

describe("a stream as a body", () => {
  it("is locked at once, and read when it is sent", async () => {
    const pull = vi.fn((controller: ReadableStreamDefaultController) => controller.close());
    const stream = new ReadableStream({ pull }, { highWaterMark: 0 });
    const body = outgoingBody(stream, "half");
    await turn();
    expect(stream.locked).toBe(true);
    expect(pull).not.toHaveBeenCalled();
    expect(body).toMatchObject({ length: null, isReplayable: false });
    expect(await bodyText({ body: body.payload })).toBe("");
  });

  it("may have pieces of text and of any kind of octets", async () => {
    async function* pieces(): AsyncGenerator<unknown> {
      yield "a";
      yield Buffer.from("b");
      yield new Uint16Array([0x6463]);
      yield new Uint8Array(Buffer.from("e")).buffer;
    }
    const { payload } = outgoingBody(pieces(), "half");
    expect(await bodyText({ body: payload })).toBe("abcde");
  });

  it("fails at a piece of another kind, and its source is told", async () => {
    const cancel = vi.fn();
    const start = (controller: ReadableStreamDefaultController): void => controller.enqueue(17);
    const { payload } = outgoingBody(new ReadableStream({ start, cancel }), "half");
    await expect(bodyText({ body: payload })).rejects.toThrow("a piece of a body is octets or text");
    expect(cancel).toHaveBeenCalledOnce();
  });

  it("tells its source when it is left early", async () => {
    const cancel = vi.fn();
    const start = (controller: ReadableStreamDefaultController): void => controller.enqueue(Buffer.from("a"));
    const { payload } = outgoingBody(new ReadableStream({ start, cancel }), "half");
    for await (const _piece of payload as AsyncIterable<Uint8Array>) break;
    expect(cancel).toHaveBeenCalledOnce();
  });

  it("is refused if it was read already", async () => {
    const stream = new Blob(["a"]).stream();
    const reader = stream.getReader();
    await reader.read();
    reader.releaseLock();
    expect(() => outgoingBody(stream, "half")).toThrow(TypeError);
  });

  it("is not begun when it is stopped before", async () => {
    const begin = vi.fn();
    async function* pieces(): AsyncGenerator<string> {
      begin();
      yield "a";
    }
    const body = outgoingBody(pieces(), "half");
    body.stop("enough");
    await expect(bodyText({ body: body.payload })).rejects.toBe("enough");
    expect(begin).not.toHaveBeenCalled();
  });
});

describe("the body of a Request", () => {
  const streamOf = (body: string | URLSearchParams | Uint8Array): ReadableStream =>
    new Request("http://a.test", { method: "POST", body }).body as ReadableStream;

  it.each([
    ["a text", "text"],
    ["a long text", "text".repeat(100_000)],
    ["octets", Buffer.from("text")],
    ["fields of a form", new URLSearchParams("text")],
  ])("that was made of %s has a length and can be sent again", async (_title, given) => {
    const { payload, length, isReplayable } = await gatheredBody(streamOf(given));
    const text = String(Buffer.from(payload as Uint8Array));
    expect(isReplayable).toBe(true);
    expect(text).toContain("text");
    expect(length).toBe(text.length);
  });

  it("that is still to come is a stream, with what has come already in front", async () => {
    let close = (): void => {};
    const start = (controller: ReadableStreamDefaultController): void => {
      controller.enqueue(Buffer.from("a"));
      close = () => {
        controller.enqueue(Buffer.from("b"));
        controller.close();
      };
    };
    const body = await gatheredBody(new ReadableStream({ start }));
    expect(body).toMatchObject({ length: null, isReplayable: false });
    close();
    expect(await bodyText({ body: body.payload })).toBe("ab");
  });

  it("that is there at once but very long is a stream", async () => {
    const piece = Buffer.alloc(65_536, "x");
    let pieces = 0;
    const pull = (controller: ReadableStreamDefaultController): void => {
      controller.enqueue(piece);
      if (++pieces === 20) controller.close();
    };
    const body = await gatheredBody(new ReadableStream({ pull }));
    expect(body.isReplayable).toBe(false);
    expect(await bodyText({ body: body.payload })).toHaveLength(20 * 65_536);
  });
});
