import { describe, expect, it } from "vitest";
import type { H2Connection } from "../../src/index.ts";
import {
  client,
  clientWithRequest,
  receive,
  requestHead,
  server,
  serverWithRequest,
} from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { sent } from "../support/wire.ts";

/** 16,384 octets, twice: more than half of the connection's window, so that giving them back shows. */
const DATA = (): Uint8Array => frames.data(1, new Uint8Array(16_384)).octets;

/** Engines for which DATA on stream 1 is an error of that stream, or of no use to anybody. */
const CASES: Readonly<Record<string, () => H2Connection>> = {
  "behind END_STREAM": () => {
    const engine = server();
    receive(engine, frames.headers(1).request("POST", "/").endStream());
    return engine;
  },
  "before the head of a response": () => clientWithRequest(),
  "beyond content-length": () => {
    const engine = server();
    receive(engine, frames.headers(1).request("POST", "/").field("content-length", "1"));
    return engine;
  },
  "beyond the stream's window": () => serverWithRequest({ initialSettings: { 4: 100 } }),
  "of a response to HEAD": () => {
    const engine = client();
    engine.sendHeaders(1, requestHead("HEAD"));
    receive(engine, frames.headers(1).response(200));
    return engine;
  },
  "of a request that was malformed": () => {
    const engine = server();
    receive(engine, frames.headers(1).field("x", "y"));
    return engine;
  },
  "of a request that was refused": () => {
    const engine = server({ initialSettings: { 3: 0 } });
    receive(engine, frames.headers(1).request("POST", "/"));
    return engine;
  },
  "on a stream that the peer reset": () => {
    const engine = serverWithRequest();
    receive(engine, frames.rstStream(1));
    return engine;
  },
  "of a request above our GOAWAY": () => {
    const engine = server();
    receive(engine, frames.headers(3).request("POST", "/"));
    engine.closeConnection({ lastStreamId: 3 });
    return engine;
  },
};

describe("DATA that is an error of its stream (RFC 9113 section 6.9)", () => {
  it.each(Object.entries(CASES))("counts for the connection, and is given back: %s", (_what, engineOf) => {
    const engine = engineOf();
    receive(engine, DATA());
    const before = engine.inboundFlowControlWindow;
    expect(before).toBe(65_535 - 16_384);
    receive(engine, DATA());
    expect(engine.inboundFlowControlWindow).toBe(65_535);
    expect(sent(engine)).toContain("WINDOW_UPDATE stream=0 increment=32768");
  });
});
