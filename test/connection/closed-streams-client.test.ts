import { describe, expect, it } from "vitest";
import { Encoder } from "../../src/hpack/index.ts";
import { ErrorCodes, type H2Connection } from "../../src/index.ts";
import { client, clientWithRequest, POST, receive } from "../support/engine.ts";
import { type FieldBlockBuilder, frames, type Wire } from "../support/frames.ts";
import { expectConnectionError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, STREAM_CLOSED, CANCEL } = ErrorCodes;

/** Ways in which stream 1 of a client can have come to its end, or to that of the server's half. */
const ENDS = {
  ended() {
    const engine = clientWithRequest();
    engine.endStream(1);
    receive(engine, frames.headers(1).response(200).endStream());
    return engine;
  },
  "reset here"() {
    const engine = clientWithRequest();
    engine.resetStream(1, { errorCode: CANCEL });
    return engine;
  },
  "reset by the server"() {
    const engine = clientWithRequest();
    receive(engine, frames.rstStream(1));
    return engine;
  },
  skipped() {
    const engine = client();
    engine.sendHeaders(3, POST);
    return engine;
  },
  forgotten() {
    const engine = client({ limits: { closedStreams: 1 } });
    for (const streamId of [1, 3]) {
      engine.sendHeaders(streamId, POST);
      engine.resetStream(streamId);
    }
    return engine;
  },
  "ended by the server alone"() {
    const engine = clientWithRequest();
    receive(engine, frames.headers(1).response(200).endStream());
    return engine;
  },
} satisfies Record<string, () => H2Connection>;

const LATE = {
  HEADERS: () => frames.headers(1).field("trailer", "x").endStream(),
  DATA: () => frames.data(1, "x"),
  PUSH_PROMISE: () => frames.pushPromise(1, 2).request("GET", "/"),
  RST_STREAM: () => frames.rstStream(1, CANCEL),
  WINDOW_UPDATE: () => frames.windowUpdate(1, 1),
  PRIORITY: () => frames.priority(1, { weight: 3 }),
} satisfies Record<string, () => Wire>;

const SILENCE = "nothing";
const RST = "RST_STREAM stream=1 error=STREAM_CLOSED";
const REFUSAL = "RST_STREAM stream=2 error=REFUSED_STREAM";

/** What each late frame is answered with (RFC 9113 section 5.1). Numbers are codes of GOAWAY. */
// biome-ignore format: a table
const ANSWERS: Readonly<Record<keyof typeof ENDS, readonly (string | number)[]>> = {
  //                            HEADERS         DATA           PUSH_PROMISE    RST_STREAM WINDOW_UPDATE PRIORITY
  ended:                       [STREAM_CLOSED,  STREAM_CLOSED, PROTOCOL_ERROR, SILENCE,   SILENCE,      SILENCE],
  "reset here":                [SILENCE,        SILENCE,       REFUSAL,        SILENCE,   SILENCE,      SILENCE],
  "reset by the server":       [RST,            RST,           PROTOCOL_ERROR, SILENCE,   SILENCE,      SILENCE],
  skipped:                     [PROTOCOL_ERROR, RST,           PROTOCOL_ERROR, SILENCE,   SILENCE,      SILENCE],
  forgotten:                   [PROTOCOL_ERROR, RST,           PROTOCOL_ERROR, SILENCE,   SILENCE,      SILENCE],
  "ended by the server alone": [RST,            RST,           PROTOCOL_ERROR, SILENCE,   SILENCE,      SILENCE],
};

type End = keyof typeof ENDS;
type Late = keyof typeof LATE;

const CASES = (Object.keys(ENDS) as End[]).flatMap((end) =>
  (Object.keys(LATE) as Late[]).map(
    (frame, index) => [frame, end, ANSWERS[end][index] as string | number] as const,
  ),
);

describe("a late frame that a client receives (RFC 9113 section 5.1)", () => {
  it.each(CASES)("%s, where the stream was %s: %s", (frame, end, answer) => {
    const engine = ENDS[end]();
    sent(engine);
    const events = receive(engine, LATE[frame]());
    if (typeof answer === "number") expectConnectionError(engine, events, answer);
    else expect(sent(engine)).toEqual(answer === SILENCE ? [] : [answer]);
  });
});

describe("what the connection shares, kept in step by late frames (RFC 9113 section 5.1, 4.3, 6.9)", () => {
  const survivors = ["reset here", "reset by the server", "ended by the server alone"] as const;
  const indexed = (frame: FieldBlockBuilder, encoder: Encoder): FieldBlockBuilder =>
    frame.field("x-late", "kept").compressedBy(encoder);

  it.each(survivors)("are the compression tables, where the stream was %s", (end) => {
    const engine = ENDS[end]();
    const encoder = new Encoder();
    engine.sendHeaders(3, POST);
    receive(engine, indexed(frames.headers(1), encoder).endStream());
    const next = indexed(frames.headers(3).response(200), encoder);
    expect(told(receive(engine, next))).toEqual(["ResponseReceived stream=3 :status=200 x-late=kept"]);
  });

  it.each(survivors)("is the connection's window, given back where the stream was %s", (end) => {
    const engine = ENDS[end]();
    sent(engine);
    for (let index = 0; index < 2; index++) receive(engine, frames.data(1, new Uint8Array(16_384)));
    const updates = sent(engine).filter((line) => line.startsWith("WINDOW_UPDATE"));
    expect(updates).toEqual(["WINDOW_UPDATE stream=0 increment=32768"]);
    expect(engine.inboundFlowControlWindow).toBe(65_535);
  });

  it("is both by a promise that comes late: its block is read, and its stream is refused", () => {
    const engine = ENDS["reset here"]();
    const encoder = new Encoder();
    engine.sendHeaders(3, POST);
    sent(engine);
    receive(engine, indexed(frames.pushPromise(1, 2).request("GET", "/"), encoder));
    expect(sent(engine)).toEqual([REFUSAL]);
    const next = indexed(frames.headers(3).response(200), encoder);
    expect(told(receive(engine, next))).toEqual(["ResponseReceived stream=3 :status=200 x-late=kept"]);
  });

  it("takes the identifier of a promise that was refused: it is not idle any more", () => {
    const engine = ENDS["reset here"]();
    engine.sendHeaders(3, POST);
    receive(engine, frames.pushPromise(1, 2).request("GET", "/"));
    const events = receive(engine, frames.pushPromise(3, 2).request("GET", "/"));
    expectConnectionError(engine, events, PROTOCOL_ERROR);
  });
});

describe("END_STREAM of the server on a request that goes on", () => {
  it("leaves the client its own half", () => {
    const engine = ENDS["ended by the server alone"]();
    engine.sendData(1, Uint8Array.of(0x78), { endStream: true });
    expect(sent(engine)).toEqual(['DATA stream=1 END_STREAM length=1 "x"']);
    expect(engine.openOutboundStreams).toBe(0);
  });
});

describe("frames of the wrong form on a closed stream", () => {
  it.each([
    ["WINDOW_UPDATE of nothing", frames.windowUpdate(1, 0), "PROTOCOL_ERROR"],
    ["PRIORITY that is too short", frames.raw(2, 0, 1, "1234"), "FRAME_SIZE_ERROR"],
  ])("such as %s reset it, unless we did so before", (_what, frame, code) => {
    const ended = ENDS.ended();
    sent(ended);
    expect(receive(ended, frame)).toEqual([]);
    expect(sent(ended)).toEqual([`RST_STREAM stream=1 error=${code}`]);
    const reset = ENDS["reset here"]();
    sent(reset);
    expect(receive(reset, frame, frame)).toEqual([]);
    expect(sent(reset)).toEqual([]);
  });
});
