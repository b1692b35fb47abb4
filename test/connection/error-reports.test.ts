import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection } from "../../src/index.ts";
import { clientWithRequest, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectAlive, expectConnectionError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, CANCEL } = ErrorCodes;

describe("one fault, one report (RFC 9113 section 5.4)", () => {
  it("is made for a stream once, however many faults follow on it", () => {
    const engine = serverWithRequest();
    const events = receive(
      engine,
      frames.windowUpdate(1, 0),
      frames.windowUpdate(1, 0),
      frames.windowUpdate(1, 2 ** 31 - 1),
      frames.headers(1).field(":path", "/"),
      frames.raw(0x2, 0, 1, "1234"),
    );
    expect(told(events)).toEqual(["StreamReset stream=1 PROTOCOL_ERROR local"]);
    expect(sent(engine)).toEqual(["RST_STREAM stream=1 error=PROTOCOL_ERROR"]);
    expectAlive(engine);
  });

  it("is made for a request with two faults once: malformed, and beyond its length", () => {
    const engine = server();
    const request = frames.headers(1).request("GET", "/").field("X", "y").field("content-length", "1");
    receive(engine, request, frames.data(1, "more").endStream());
    expect(sent(engine)).toEqual(["RST_STREAM stream=1 error=PROTOCOL_ERROR"]);
  });

  it("is of the connection where a frame is a fault of both", () => {
    const engine = serverWithRequest({ initialSettings: { 4: 10 } });
    const events = receive(engine, frames.data(1, new Uint8Array(16_385)));
    expectConnectionError(engine, events, FRAME_SIZE_ERROR);
  });

  it("is of the compression where the block of a request that would be refused cannot be decoded", () => {
    const engine = serverWithRequest({ initialSettings: { 3: 1 } });
    const events = receive(engine, frames.headers(3).block(Uint8Array.of(0x80)));
    expectConnectionError(engine, events, ErrorCodes.COMPRESSION_ERROR);
  });

  it("follows the reports on streams that were made before", () => {
    const engine = serverWithRequest();
    receive(engine, frames.windowUpdate(1, 0), frames.raw(0x6, 0, 0, "short"));
    expect(sent(engine)).toEqual([
      "RST_STREAM stream=1 error=PROTOCOL_ERROR",
      expect.stringContaining("GOAWAY last=1 error=FRAME_SIZE_ERROR"),
    ]);
  });

  it("may follow the GOAWAY of a graceful end, with its own code", () => {
    const engine = serverWithRequest();
    engine.shutdown();
    receive(engine, frames.windowUpdate(0, 2 ** 31 - 1));
    expect(sent(engine)).toEqual([
      "GOAWAY last=2147483647 error=NO_ERROR",
      expect.stringContaining("PING"),
      expect.stringContaining("GOAWAY last=1 error=FLOW_CONTROL_ERROR"),
    ]);
  });
});

describe("the last stream that GOAWAY names (RFC 9113 section 5.4.1, 8.7)", () => {
  it("is the highest request of which the application was told", () => {
    const engine = server();
    const requests = [1, 3, 7].map((id) => frames.headers(id).request("GET", "/").endStream());
    expect(receive(engine, ...requests, frames.ping("short"))).toContainEqual(
      expect.objectContaining({ type: "RequestReceived", streamId: 7 }),
    );
    expect(sent(engine).at(-1)).toContain("GOAWAY last=7 error=FRAME_SIZE_ERROR");
  });

  it("is the highest promise at a client, and 0 where there was none", () => {
    const without = clientWithRequest();
    receive(without, frames.windowUpdate(0, 0));
    expect(sent(without).at(-1)).toContain("GOAWAY last=0 error=PROTOCOL_ERROR");
    const engine = clientWithRequest();
    receive(engine, frames.pushPromise(1, 4).request("GET", "/"), frames.windowUpdate(0, 0));
    expect(sent(engine).at(-1)).toContain("GOAWAY last=4 error=PROTOCOL_ERROR");
  });
});

describe("RST_STREAM (RFC 9113 section 5.4.2)", () => {
  const ends: Readonly<Record<string, () => H2Connection>> = {
    open: () => serverWithRequest(),
    "half-closed (remote)": () => {
      const engine = server();
      receive(engine, frames.headers(1).request("GET", "/").endStream());
      return engine;
    },
    "closed: reset by the peer": () => {
      const engine = serverWithRequest();
      receive(engine, frames.rstStream(1, CANCEL));
      return engine;
    },
    "closed: reset here": () => {
      const engine = serverWithRequest();
      engine.resetStream(1);
      sent(engine);
      return engine;
    },
    "closed: skipped": () => {
      const engine = server();
      receive(engine, frames.headers(3).request("GET", "/"));
      return engine;
    },
  };

  it.each(Object.entries(ends))("is never answered with RST_STREAM, where the stream is %s", (_state, of) => {
    const engine = of();
    receive(engine, frames.rstStream(1, FLOW_CONTROL_ERROR), frames.rstStream(1, PROTOCOL_ERROR));
    expect(sent(engine)).toEqual([]);
    expectAlive(engine);
  });

  it("is the last frame that goes out on a stream: DATA that waited is gone, and no window opens", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, [[":status", "200"]]);
    engine.queueData(1, new Uint8Array(100_000));
    engine.resetStream(1, { errorCode: CANCEL });
    receive(engine, frames.windowUpdate(1, 1_000), frames.data(1, new Uint8Array(16_384)));
    const onStream = sent(engine).filter((line) => line.includes("stream=1"));
    expect(onStream).toEqual([
      "HEADERS stream=1 END_HEADERS :status=200",
      "RST_STREAM stream=1 error=CANCEL",
    ]);
  });
});
