import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection } from "../../src/index.ts";
import { OK, receive, server } from "../support/engine.ts";
import { frames, type Wire } from "../support/frames.ts";
import { expectConnectionError } from "../support/outcome.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR, STREAM_CLOSED } = ErrorCodes;

/** Ways in which stream 1 of a server can have come to its end. */
const ENDS = {
  ended() {
    const engine = server();
    receive(engine, frames.headers(1).request("GET", "/").endStream());
    engine.sendHeaders(1, OK, { endStream: true });
    return engine;
  },
  "reset here"() {
    const engine = server();
    receive(engine, frames.headers(1).request("POST", "/"));
    engine.resetStream(1);
    return engine;
  },
  "reset by the peer"() {
    const engine = server();
    receive(engine, frames.headers(1).request("POST", "/"), frames.rstStream(1));
    return engine;
  },
  skipped() {
    const engine = server();
    receive(engine, frames.headers(3).request("GET", "/"));
    return engine;
  },
  forgotten() {
    const engine = server({ limits: { closedStreams: 1 } });
    for (const id of [1, 3]) receive(engine, frames.headers(id).request("GET", "/"), frames.rstStream(id));
    return engine;
  },
  "half closed by the peer"() {
    const engine = server();
    receive(engine, frames.headers(1).request("GET", "/").endStream());
    return engine;
  },
} satisfies Record<string, () => H2Connection>;

const LATE = {
  HEADERS: () => frames.headers(1).request("GET", "/").endStream(),
  DATA: () => frames.data(1, "x"),
  RST_STREAM: () => frames.rstStream(1, ErrorCodes.CANCEL),
  WINDOW_UPDATE: () => frames.windowUpdate(1, 1),
  PRIORITY: () => frames.priority(1, { weight: 3 }),
} satisfies Record<string, () => Wire>;

const SILENCE = "nothing";
const RST = "RST_STREAM stream=1 error=STREAM_CLOSED";

/** What each late frame is answered with (RFC 9113 section 5.1). Numbers are codes of GOAWAY. */
// biome-ignore format: a table
const ANSWERS: Readonly<Record<keyof typeof ENDS, readonly (string | number)[]>> = {
  //                          HEADERS         DATA           RST_STREAM WINDOW_UPDATE PRIORITY
  ended:                     [STREAM_CLOSED,  STREAM_CLOSED, SILENCE,   SILENCE,      SILENCE],
  "reset here":              [SILENCE,        SILENCE,       SILENCE,   SILENCE,      SILENCE],
  "reset by the peer":       [RST,            RST,           SILENCE,   SILENCE,      SILENCE],
  skipped:                   [PROTOCOL_ERROR, RST,           SILENCE,   SILENCE,      SILENCE],
  forgotten:                 [PROTOCOL_ERROR, RST,           SILENCE,   SILENCE,      SILENCE],
  "half closed by the peer": [RST,            RST,           SILENCE,   SILENCE,      SILENCE],
};

type End = keyof typeof ENDS;
type Late = keyof typeof LATE;

const CASES = (Object.keys(ENDS) as End[]).flatMap((end) =>
  (Object.keys(LATE) as Late[]).map(
    (frame, index) => [frame, end, ANSWERS[end][index] as string | number] as const,
  ),
);

describe("a late frame on a stream that is closed (RFC 9113 section 5.1)", () => {
  it.each(CASES)("%s, where the stream was %s: %s", (frame, end, answer) => {
    const engine = ENDS[end]();
    sent(engine);
    const events = receive(engine, LATE[frame]());
    if (typeof answer === "number") expectConnectionError(engine, events, answer);
    else expect(sent(engine)).toEqual(answer === SILENCE ? [] : [answer]);
  });

  it("is told of where RST_STREAM answers it on a stream that still lived, and only then", () => {
    const living = ENDS["half closed by the peer"]();
    expect(receive(living, frames.data(1, "x"))).toMatchObject([
      { type: "StreamReset", errorCode: STREAM_CLOSED },
    ]);
    const gone = ENDS["reset by the peer"]();
    expect(receive(gone, frames.data(1, "x"))).toEqual([]);
  });

  it("may say that the peer's PRIORITY changed: that is for any stream in any state (section 6.3)", () => {
    const engine = ENDS.ended();
    expect(receive(engine, frames.priority(1, { weight: 3 }))).toMatchObject([
      { type: "PriorityUpdated", weight: 3 },
    ]);
  });
});

describe("memory of closed streams", () => {
  it("has a bound: the oldest are forgotten, and treated as any stream that is closed", () => {
    const engine = server({ limits: { closedStreams: 2 } });
    for (const id of [1, 3, 5]) {
      receive(engine, frames.headers(id).request("POST", "/"));
      engine.resetStream(id);
    }
    sent(engine);
    receive(engine, frames.data(3, "x"), frames.data(5, "x"));
    expect(sent(engine)).toEqual([]);
    receive(engine, frames.data(1, "x"));
    expect(sent(engine)).toEqual([RST]);
  });
});
