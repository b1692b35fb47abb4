import type { ServerResponse } from "node:http";
import { describe, expect, it, vi } from "vitest";
import type { Listener } from "../../../../src/http/server.ts";
import { type FramePeer, get, HELLO } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { framePeer, serve } from "../../../support/serving.ts";

/** A peer that has sent a request on stream 1 to a server with this listener. */
async function asking(listener: Listener): Promise<FramePeer> {
  const peer = await framePeer(await serve(listener));
  peer.send(HELLO, get(1));
  return peer;
}

/** What the listener does with a response, and the frames on stream 1 until its end. */
async function framesOf(listener: Listener): Promise<string[]> {
  const peer = await asking(listener);
  const came = await peer.waitFor(/stream=1.* END_STREAM|^RST_STREAM stream=1/);
  return came.filter((line) => line.includes("stream=1")).map((line) => line.replace(/ date=[^=]*GMT/, ""));
}

describe("a response that goes wrong", () => {
  it.each([
    ["a reset of its stream", frames.rstStream(1, 8)],
    ["an error of the connection", frames.data(0, "on no stream")],
  ])("because of %s in the same segment as the request goes nowhere", async (_name, end) => {
    const reported: unknown[] = [];
    const server = await serve(
      (_request, response) => {
        response.writeEarlyHints({ link: "</a>; rel=preload" });
        response.write("part");
        response.addTrailers({ "x-sum": "1" });
        response.end("rest");
      },
      { onError: (error) => reported.push(error) },
    );
    const peer = await framePeer(server);
    peer.send(HELLO, get(1), end, frames.ping());
    const came = await peer.waitFor(/^PING|^GOAWAY/);
    expect(came).not.toContainEqual(expect.stringContaining("stream=1"));
    await vi.waitUntil(() => server.stats().streams === 0);
    expect(reported).toEqual([]);
  });

  it("is reset with INTERNAL_ERROR when it is destroyed with an error (RFC 9113 section 7)", async () => {
    const came = await framesOf((_request, response) => {
      response.write("part");
      response.destroy(new Error("broken"));
    });
    expect(came.at(-1)).toContain("RST_STREAM stream=1 error=INTERNAL_ERROR");
  });

  it("is reset with CANCEL when it is destroyed without one", async () => {
    const came = await framesOf((_request, response) => response.destroy());
    expect(came.at(-1)).toContain("RST_STREAM stream=1 error=CANCEL");
  });

  it("hears from a client that resets the stream: close, without finish", async () => {
    const emitted: string[] = [];
    const peer = await asking((_request, response) => {
      for (const event of ["finish", "close"]) response.on(event, () => emitted.push(event));
      response.write("part");
    });
    await peer.waitFor(/^DATA stream=1/);
    peer.send(frames.rstStream(1, 8));
    await vi.waitUntil(() => emitted.length > 0);
    expect(emitted).toEqual(["close"]);
  });

  it("takes what is written after a reset, and sends nothing", async () => {
    let response: ServerResponse | undefined;
    const peer = await asking((_request, given) => {
      response = given;
    });
    peer.send(frames.rstStream(1, 8));
    await vi.waitUntil(() => response?.destroyed === true);
    expect(response?.write("late")).toBe(false);
    response?.end();
    peer.send(frames.ping());
    expect(await peer.waitFor(/^PING/)).not.toContainEqual(expect.stringContaining("stream=1"));
  });

  it("calls the callbacks of what could not be sent with an error", async () => {
    const errors: unknown[] = [];
    const peer = await asking((_request, response) => {
      response.write(new Uint8Array(200_000), (error) => errors.push(error));
    });
    await peer.waitFor(/^DATA stream=1/);
    peer.send(frames.rstStream(1, 8));
    await vi.waitUntil(() => errors.length > 0);
    expect(errors).toEqual([expect.objectContaining({ code: "ECONNRESET" })]);
  });
});
