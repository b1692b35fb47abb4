import { once } from "node:events";
import { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import { finished, Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import type { Listener } from "../../../../src/http/server.ts";
import { type FramePeer, get, HELLO } from "../../../support/frame-peer.ts";
import { frames } from "../../../support/frames.ts";
import { connectTo, framePeer, nodeClient, nodeRequest, serve } from "../../../support/serving.ts";

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

describe("the head of a response", () => {
  it("is made of what setHeader and writeHead say, with names in lower case (RFC 9113 section 8.2)", async () => {
    const [head] = await framesOf((_request, response) => {
      response.setHeader("X-One", "1").setHeader("X-Two", ["2", "3"]);
      response.writeHead(404, "ignored", { "X-Three": 4 }).end();
    });
    expect(head).toMatch(/:status=404 x-one=1 x-two=2 x-two=3 x-three=4/);
    expect(head).not.toContain("ignored");
  });

  it.each([
    ["an object", { "X-A": "1", "X-B": ["2", "3"] }],
    ["a flat list", ["X-A", "1", "X-B", "2", "X-B", "3"]],
  ])("takes %s", async (_name, headers) => {
    const [head] = await framesOf((_request, response) => {
      response.writeHead(200, headers as string[]).end();
    });
    expect(head).toMatch(/x-a=1 x-b=2 x-b=3/);
  });

  it("carries several cookies, each in a field (RFC 6265 section 3)", async () => {
    const [head] = await framesOf((_request, response) => {
      response.appendHeader("set-cookie", "a=1").appendHeader("set-cookie", "b=2");
      response.end();
    });
    expect(head).toMatch(/set-cookie!?=a=1 set-cookie!?=b=2/);
  });

  it("leaves out what belongs to an HTTP/1.1 connection (RFC 9113 section 8.2.2)", async () => {
    const [head] = await framesOf((_request, response) => {
      response.writeHead(200, {
        connection: "close",
        "keep-alive": "timeout=5",
        "transfer-encoding": "chunked",
      });
      response.end("body");
    });
    expect(head).not.toMatch(/connection|keep-alive|transfer-encoding/);
  });

  it("has a date, unless that is not wanted (RFC 9110 section 6.6.1)", async () => {
    const session = await nodeClient(
      await serve((request, response) => {
        if (request.url === "/without") response.sendDate = false;
        response.end();
      }),
    );
    const { head } = await nodeRequest(session, { ":path": "/with" });
    expect(Date.parse(head.date as string)).toBeGreaterThan(Date.now() - 5_000);
    expect((await nodeRequest(session, { ":path": "/without" })).head.date).toBeUndefined();
  });

  it("says the length of a body that is given whole", async () => {
    expect(await framesOf((_request, response) => response.end("hello"))).toEqual([
      expect.stringMatching(/^HEADERS stream=1 END_HEADERS .*content-length=5/),
      expect.stringMatching(/^DATA stream=1 END_STREAM length=5/),
    ]);
  });

  it("does not wait for the body if it is flushed", async () => {
    const peer = await asking((_request, response) => response.flushHeaders());
    expect((await peer.waitFor(/^HEADERS stream=1/)).at(-1)).not.toContain("END_STREAM");
  });

  it("is refused when it cannot be sent, as node:http refuses it", async () => {
    const codes: unknown[] = [];
    await framesOf((_request, response) => {
      for (const [name, value] of [
        ["bad name", "x"],
        ["name", "two\nlines"],
      ] as const) {
        try {
          response.writeHead(200, { [name]: value });
        } catch (error) {
          codes.push((error as { code: string }).code);
        }
      }
      response.end();
    });
    expect(codes).toEqual(["ERR_INVALID_HTTP_TOKEN", "ERR_INVALID_CHAR"]);
  });
});

describe("responses without a body", () => {
  it.each([204, 304])(
    "with status %i are one frame, whatever is written (RFC 9110 section 6.4.1)",
    async (status) => {
      const came = await framesOf((_request, response) => {
        response.writeHead(status);
        response.write("not sent");
        response.end("not sent either");
      });
      expect(came).toEqual([expect.stringMatching(/^HEADERS stream=1 END_STREAM/)]);
    },
  );

  it("to HEAD keep their content-length (RFC 9110 section 9.3.2)", async () => {
    const session = await nodeClient(
      await serve((_request, response) => {
        response.setHeader("content-length", 5).end("hello");
      }),
    );
    const { head, body } = await nodeRequest(session, { ":path": "/", ":method": "HEAD" });
    expect([head["content-length"], body.length]).toEqual(["5", 0]);
  });

  it("are one frame if nothing is written", async () => {
    expect(await framesOf((_request, response) => response.end())).toEqual([
      expect.stringMatching(/^HEADERS stream=1 END_STREAM .*content-length=0/),
    ]);
  });
});

describe("interim responses and trailers", () => {
  it("sends early hints (RFC 8297 section 2)", async () => {
    const session = await nodeClient(
      await serve((_request, response) => {
        response.writeEarlyHints({ link: ["</a.css>; rel=preload", "</b.js>; rel=preload"], "x-more": "1" });
        response.end("body");
      }),
    );
    const { informational, body } = await nodeRequest(session, { ":path": "/" });
    expect(informational).toEqual([
      expect.objectContaining({
        ":status": 103,
        link: "</a.css>; rel=preload, </b.js>; rel=preload",
        "x-more": "1",
      }),
    ]);
    expect(body.toString()).toBe("body");
  });

  it("sends no hints without a link", async () => {
    const came = await framesOf((_request, response) => {
      response.writeEarlyHints({ link: [] });
      response.end();
    });
    expect(came).toHaveLength(1);
  });

  it("says that it is at work (RFC 2518 section 10.1)", async () => {
    const came = await framesOf((_request, response) => {
      response.writeProcessing();
      response.end();
    });
    expect(came[0]).toContain(":status=102");
  });

  it("sends trailers behind the body (RFC 9113 section 8.1)", async () => {
    const came = await framesOf((_request, response) => {
      response.write("body");
      response.addTrailers({ "X-Sum": "42" });
      response.end();
    });
    expect(came).toEqual([
      expect.stringMatching(/^HEADERS stream=1 END_HEADERS/),
      expect.stringMatching(/^DATA stream=1 length=4/),
      expect.stringMatching(/^HEADERS stream=1 END_STREAM END_HEADERS .*x-sum=42/),
    ]);
  });

  it("says no length in front of trailers that are announced, as node:http does", async () => {
    const [head, ...others] = await framesOf((_request, response) => {
      response.setHeader("Trailer", "x-sum");
      response.addTrailers({ "X-Sum": "0" });
      response.end("body");
    });
    expect(head).toContain("trailer=x-sum");
    expect(head).not.toContain("content-length");
    expect(others.map((line) => line.split(" ")[0])).toEqual(["DATA", "HEADERS"]);
  });

  it("sends no trailers where there can be no body (RFC 9110 section 6.5)", async () => {
    const came = await framesOf((_request, response) => {
      response.writeHead(204);
      response.addTrailers({ "x-sum": "0" });
      response.end();
    });
    expect(came).toEqual([expect.stringMatching(/^HEADERS stream=1 END_STREAM/)]);
  });

  it("sends trailers behind a head without a body", async () => {
    const came = await framesOf((_request, response) => {
      response.addTrailers([["x-sum", "0"]]);
      response.end();
    });
    expect(came.map((line) => line.split(" ")[0])).toEqual(["HEADERS", "HEADERS"]);
  });
});

describe("the response as an object", () => {
  it("is a ServerResponse of node:http, and stays one when a framework replaces its prototype", async () => {
    let isReal = false;
    const prototype = Object.create(ServerResponse.prototype, { send: { value: send } });
    const came = await framesOf((request, response) => {
      isReal = response instanceof ServerResponse && request instanceof IncomingMessage;
      Object.setPrototypeOf(response, prototype);
      (response as unknown as { send(body: string): void }).send("sent");
    });
    expect(isReal).toBe(true);
    expect(came.at(-1)).toContain("length=4");
  });

  it("tells that the head was sent", async () => {
    const told: boolean[] = [];
    await framesOf((_request, response) => {
      told.push(response.headersSent);
      response.write("x");
      told.push(response.headersSent);
      response.end();
    });
    expect(told).toEqual([false, true]);
  });

  it("emits prefinish, finish and close, and calls the callback of end", async () => {
    const emitted: string[] = [];
    const callback = vi.fn();
    const server = await serve((_request, response) => {
      for (const event of ["prefinish", "finish", "close"]) response.on(event, () => emitted.push(event));
      response.end("body", callback);
    });
    await nodeRequest(await nodeClient(server), { ":path": "/" });
    await vi.waitUntil(() => emitted.includes("close"));
    expect(emitted).toEqual(["prefinish", "finish", "close"]);
    expect(callback).toHaveBeenCalledOnce();
  });

  it("is finished for stream.finished", async () => {
    let error: unknown = "not called";
    const server = await serve((_request, response) => {
      finished(response, (reason) => {
        error = reason;
      });
      response.end("body");
    });
    await nodeRequest(await nodeClient(server), { ":path": "/" });
    await vi.waitUntil(() => error !== "not called");
    expect(error).toBeUndefined();
  });

  it("calls the callbacks of write when the octets have gone", async () => {
    const lengths: number[] = [];
    await framesOf((_request, response) => {
      response.write("", () => lengths.push(response.writableLength));
      response.write(new Uint8Array(1_000), () => {
        lengths.push(response.writableLength);
        response.end();
      });
    });
    expect(lengths).toEqual([0, 0]);
  });

  it("lets a callback write on", async () => {
    let left = 5;
    const came = await framesOf((_request, response) => {
      const writeOn = (): void => {
        if (left-- > 0) response.write("x", writeOn);
        else response.end();
      };
      writeOn();
    });
    expect(came.filter((line) => line.startsWith("DATA stream=1 length=1"))).toHaveLength(5);
  });

  it("reports an error for what is written after the end", async () => {
    let code: unknown;
    const came = await framesOf((_request, response) => {
      response.on("error", (error: NodeJS.ErrnoException) => {
        code = error.code;
      });
      response.end("first");
      response.write("second");
    });
    expect(came.at(-1)).toContain("length=5");
    await vi.waitUntil(() => code === "ERR_STREAM_WRITE_AFTER_END");
  });

  it("has requests pass as events of an http.Server, where instruments listen", async () => {
    const emit = vi.spyOn(HttpServer.prototype, "emit");
    await framesOf((_request, response) => response.end());
    expect(emit.mock.calls.filter(([event]) => (event as string) === "request")).toHaveLength(1);
    emit.mockRestore();
  });
});

describe("back-pressure", () => {
  it("tells a writer to wait, and by drain when to go on (RFC 9113 section 5.2)", async () => {
    const piece = new Uint8Array(65_536);
    let most = 0;
    const session = await connectTo(
      await serve(async (_request, response) => {
        for (let count = 0; count < 64; count++) {
          if (response.writableNeedDrain) await once(response, "drain");
          response.write(piece);
          most = Math.max(most, response.writableLength);
        }
        response.end();
      }),
      { negotiation: "prior-knowledge" },
    );
    const response = await session.request();
    expect((await response.bytes()).length).toBe(64 * 65_536);
    expect(most).toBeLessThanOrEqual(3 * 65_536);
  });

  it("keeps little of a large body in memory while a client does not read", async () => {
    let produced = 0;
    const endless = (): Readable =>
      new Readable({
        read() {
          produced += 65_536;
          this.push(new Uint8Array(65_536));
        },
      });
    const peer = await asking((_request, response) => endless().pipe(response));
    await peer.waitFor(/^DATA stream=1/);
    peer.send(frames.ping());
    await peer.waitFor(/^PING/);
    peer.send(frames.ping());
    await peer.waitFor(/^PING/);
    expect(produced).toBeLessThan(1_000_000);
    peer.send(frames.rstStream(1, 8));
  });
});

function send(this: ServerResponse, body: string): void {
  this.end(body);
}
