import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { RequestBody } from "../../../../src/http/server/fetch/request-body.ts";
import { LazyResponse } from "../../../../src/http/server.ts";
import { HELLO } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { framePeer, sha256 } from "../../../support/serving.ts";
import { ask, PROTOCOLS, pieces, served, sessionBy } from "./support.ts";

/** A body whose source notes what it is told. */
function bodyOf(): { body: RequestBody; told: (string | number)[] } {
  const told: (string | number)[] = [];
  const body = new RequestBody({
    beginBody: () => told.push("begin"),
    acknowledgeBody: (cost) => void (cost > 0 && told.push(cost)),
    dropBody: () => told.push("drop"),
  });
  return { body, told };
}

const A = Buffer.from("AAA");
const B = Buffer.from("BB");

function textOf(octets: Uint8Array | undefined): string {
  return Buffer.from(octets ?? []).toString();
}

describe("the body of a request", () => {
  it("waits unacknowledged until somebody reads (RFC 9113 section 5.2.1)", async () => {
    const { body, told } = bodyOf();
    body.receive(A, 13);
    body.receive(B, 2);
    body.end();
    expect([told, body.held]).toEqual([[], 15]);
    expect(textOf(await body.collect())).toBe("AAABB");
    expect([told, body.held]).toEqual([["begin", 15], 0]);
  });

  it("is acknowledged as it comes while it is read whole", async () => {
    const { body, told } = bodyOf();
    const whole = body.collect();
    body.receive(A, 3);
    body.receive(new Uint8Array(0), 7);
    body.receive(B, 2);
    expect(told).toEqual(["begin", 3, 7, 2]);
    body.end();
    expect(textOf(await whole)).toBe("AAABB");
  });

  it("is acknowledged as the stream is read, which reads nothing ahead", async () => {
    const { body, told } = bodyOf();
    const reader = body.stream.getReader();
    body.receive(A, 3);
    await Promise.resolve();
    expect(told).toEqual([]);
    expect(textOf((await reader.read()).value)).toBe("AAA");
    expect(told).toEqual(["begin", 3]);
    body.receive(B, 2);
    await Promise.resolve();
    expect(told).toEqual(["begin", 3]);
  });

  it("is given to the stream in one piece for all that waits", async () => {
    const { body } = bodyOf();
    body.receive(A, 3);
    body.receive(B, 2);
    expect(textOf((await body.stream.getReader().read()).value)).toBe("AAABB");
  });

  it("is given to a reader that waits when it comes, and its end", async () => {
    const { body } = bodyOf();
    const reader = body.stream.getReader();
    const first = reader.read();
    body.receive(A, 3);
    expect(textOf((await first).value)).toBe("AAA");
    const second = reader.read();
    body.end();
    expect((await second).done).toBe(true);
  });

  it("is copied for the stream, because the memory belongs to others too", async () => {
    for (const shared of [Uint8Array.of(1, 2, 3, 4), Buffer.from(new ArrayBuffer(4))]) {
      const { body } = bodyOf();
      body.receive(shared.subarray(0, 2), 2);
      await body.stream.getReader().read();
      expect(shared).toHaveLength(4);
    }
  });

  it("fills the memory that a reader brings", async () => {
    const { body } = bodyOf();
    const reader = body.stream.getReader({ mode: "byob" });
    body.receive(A, 3);
    body.receive(B, 2);
    const first = await reader.read(new Uint8Array(4));
    expect([textOf(first.value), first.done]).toEqual(["AAAB", false]);
    const second = await reader.read(new Uint8Array(4));
    expect(textOf(second.value)).toBe("B");
    body.end();
    expect((await reader.read(new Uint8Array(4))).done).toBe(true);
  });

  it("is dropped, and acknowledged, when the stream is cancelled", async () => {
    const { body, told } = bodyOf();
    body.receive(A, 3);
    await body.stream.cancel();
    body.receive(B, 2);
    expect([told, body.isUsed]).toEqual([[3, "drop", 2], true]);
    await expect(body.collect()).rejects.toThrow(TypeError);
  });

  it("can be read whole though the stream was looked at, which is locked then", async () => {
    const { body } = bodyOf();
    const { stream } = body;
    body.receive(A, 3);
    body.end();
    expect(textOf(await body.collect())).toBe("AAA");
    expect(stream.locked).toBe(true);
  });

  it("cannot be read once it was, and its stream is locked", async () => {
    const { body } = bodyOf();
    body.end();
    await body.collect();
    await expect(body.collect()).rejects.toThrow(TypeError);
    expect(body.stream.locked).toBe(true);
  });

  it("gives its failure to whoever reads, now or later, and acknowledges what waited", async () => {
    const error = new Error("gone");
    const whole = bodyOf();
    const collected = whole.body.collect();
    whole.body.fail(error);
    await expect(collected).rejects.toBe(error);
    const streamed = bodyOf();
    const reader = streamed.body.stream.getReader();
    const read = reader.read();
    streamed.body.fail(error);
    await expect(read).rejects.toBe(error);
    const late = bodyOf();
    late.body.receive(A, 3);
    late.body.fail(error);
    late.body.fail(new Error("another"));
    expect(late.told).toEqual([3]);
    await expect(late.body.collect()).rejects.toBe(error);
  });

  it("can be read though it fails, if it is complete", async () => {
    const { body } = bodyOf();
    body.receive(A, 3);
    body.end();
    body.fail(new Error("gone"));
    expect(textOf(await body.collect())).toBe("AAA");
  });

  it("says whether somebody is at it", async () => {
    const { body } = bodyOf();
    expect(body.isBeingRead).toBe(false);
    const reader = body.stream.getReader();
    expect(body.isBeingRead).toBe(false);
    body.receive(A, 3);
    await reader.read();
    expect(body.isBeingRead).toBe(true);
    reader.releaseLock();
    expect(body.isBeingRead).toBe(false);
  });
});

describe("an upload over HTTP/2", () => {
  it("that nobody reads closes its window, and that of the connection but for others (RFC 9113 section 6.9)", async () => {
    const peer = await framePeer(await served(() => new Promise(() => {})));
    peer.send(HELLO, frames.headers(1).request("POST", "/"));
    for (let sent = 0; sent < 16; sent++) peer.send(frames.data(1, new Uint8Array(16_384)));
    peer.send(frames.ping());
    const came = await peer.waitFor(/^PING/);
    expect(came.filter((line) => line.startsWith("WINDOW_UPDATE stream=1"))).toEqual([]);
    peer.send(frames.data(1, "more"));
    expect((await peer.waitFor(/^RST_STREAM/)).at(-1)).toContain("error=FLOW_CONTROL_ERROR");
  });
});

const SIZE = 20 * 1_048_576;

describe.each(PROTOCOLS)("an upload of 20 MiB by %s", (way) => {
  const octets = randomBytes(SIZE);

  it("is read whole", async () => {
    const handler = async (request: Request): Promise<Response> =>
      new LazyResponse(sha256(new Uint8Array(await request.arrayBuffer())));
    const response = await ask(way, handler, { method: "POST", body: octets });
    expect(await response.text()).toBe(sha256(octets));
  });

  it("is sent back as it comes", async () => {
    const response = await ask(way, (request) => new LazyResponse(request.body), {
      method: "POST",
      body: octets,
    });
    expect(sha256(await response.bytes())).toBe(sha256(octets));
  });

  it("waits in the client while the application reads slowly", async () => {
    let sent = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for (let position = 0; position < SIZE; position += 65_536) {
        sent += 65_536;
        yield octets.subarray(position, position + 65_536);
      }
    }
    let ahead = 0;
    let received = 0;
    const handler = async (request: Request): Promise<Response> => {
      for await (const piece of request.body as AsyncIterable<Uint8Array>) {
        received += piece.length;
        ahead = Math.max(ahead, sent - received);
        await new Promise(setImmediate);
      }
      return new LazyResponse(String(received));
    };
    const response = await ask(way, handler, { method: "POST", body: counted() });
    expect(await response.text()).toBe(String(SIZE));
    expect(ahead).toBeLessThan(SIZE / 2);
  });
});

describe.each(PROTOCOLS)("the stream of a request by %s", (way) => {
  it("is like any other: it can be piped, teed and read through transformations", async () => {
    const handler = async (request: Request): Promise<Response> => {
      const [one, two] = (request.body as ReadableStream<Uint8Array>).tee();
      const upper = new TransformStream<string, string>({
        transform: (text, controller) => controller.enqueue(text.toUpperCase()),
      });
      const left = one.pipeThrough(new TextDecoderStream() as never).pipeThrough(upper);
      const encoded = left.pipeThrough(new TextEncoderStream() as never) as ReadableStream;
      return new LazyResponse(
        (await new Response(encoded as never).text()) + (await new Response(two as never).text()),
      );
    };
    const session = await sessionBy(way, handler);
    const response = await session.request({ method: "POST", body: pieces("ab", "cd") });
    expect(await response.text()).toBe("ABCDabcd");
  });
});
