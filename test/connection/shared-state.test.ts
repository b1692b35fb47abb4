import { describe, expect, it } from "vitest";
import { Encoder } from "../../src/hpack/index.ts";
import { ErrorCodes, type H2Connection, type H2Options, SettingCodes } from "../../src/index.ts";
import { client, GET, OK, POST, receive, server } from "../support/engine.ts";
import { type FieldBlockBuilder, frames } from "../support/frames.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

/** What the streams of a connection share, its compression tables and its window, whatever became of a stream. */

const { CANCEL } = ErrorCodes;
const PLENTY = { burst: 1_000_000, perSecond: 0 };
const OPTIONS: H2Options = { limits: { resetsProvoked: PLENTY, uselessFrames: PLENTY } };
const WINDOW = 65_535;

interface Situation {
  readonly engine: H2Connection;
  /** The stream on which nothing is of use any more. */
  readonly dead: number;
  /** What a HEADERS frame on that stream looks like. */
  readonly late: FieldBlockBuilder;
  /** Opens the next stream, and begins the head that the peer sends there. */
  readonly next: () => FieldBlockBuilder;
}

const request = (streamId: number): FieldBlockBuilder => frames.headers(streamId).request("POST", "/");

function atServer(options: H2Options, prepare: (engine: H2Connection) => void, dead = 1): Situation {
  const engine = server({ ...OPTIONS, ...options });
  prepare(engine);
  sent(engine);
  return { engine, dead, late: frames.headers(dead), next: () => request(dead + 2) };
}

function atClient(prepare: (engine: H2Connection) => void, dead = 1): Situation {
  const engine = client(OPTIONS);
  engine.sendHeaders(1, POST);
  prepare(engine);
  sent(engine);
  return {
    engine,
    dead,
    late: frames.headers(dead),
    next: () => {
      engine.sendHeaders(3, POST);
      return frames.headers(3).response(200);
    },
  };
}

/** Ways in which a stream becomes useless while its peer may go on to send. */
const SITUATIONS: readonly (readonly [what: string, () => Situation])[] = [
  [
    "a request that the server reset",
    () =>
      atServer({}, (engine) => {
        receive(engine, request(1));
        engine.resetStream(1, { errorCode: CANCEL });
      }),
  ],
  [
    "a request that the client reset",
    () => atServer({}, (engine) => receive(engine, request(1), frames.rstStream(1, CANCEL))),
  ],
  [
    "a request that the client ended",
    () => atServer({}, (engine) => receive(engine, request(1).endStream())),
  ],
  [
    "a request that was malformed",
    () => atServer({}, (engine) => receive(engine, request(1).field("Upper", "x"))),
  ],
  [
    "a request that had more content than it said",
    () =>
      atServer({}, (engine) =>
        receive(engine, request(1).field("content-length", "1"), frames.data(1, "12")),
      ),
  ],
  [
    "a request that went beyond its window",
    () =>
      atServer({ initialSettings: { [SettingCodes.INITIAL_WINDOW_SIZE]: 10 } }, (engine) =>
        receive(engine, request(1), frames.data(1, new Uint8Array(11))),
      ),
  ],
  [
    "a request beyond the concurrent ones",
    () =>
      atServer(
        { initialSettings: { [SettingCodes.MAX_CONCURRENT_STREAMS]: 1 } },
        (engine) => {
          receive(engine, request(1), request(3));
          engine.resetStream(1);
        },
        3,
      ),
  ],
  [
    "a response that the client reset",
    () => atClient((engine) => engine.resetStream(1, { errorCode: CANCEL })),
  ],
  [
    "a response that the server reset",
    () => atClient((engine) => receive(engine, frames.rstStream(1, CANCEL))),
  ],
  [
    "a response that the server ended",
    () => atClient((engine) => receive(engine, frames.headers(1).response(200).endStream())),
  ],
  [
    "a response that was malformed",
    () => atClient((engine) => receive(engine, frames.headers(1).response(99))),
  ],
  [
    "a response to a request that GOAWAY left out",
    () =>
      atClient((engine) => {
        engine.sendHeaders(3, POST);
        receive(engine, frames.goaway(1));
      }, 3),
  ],
  [
    "a promise that the client reset",
    () =>
      atClient((engine) => {
        receive(engine, frames.pushPromise(1, 2).request("GET", "/"));
        engine.resetStream(2);
      }, 2),
  ],
  [
    "a promise that was malformed",
    () => atClient((engine) => receive(engine, frames.pushPromise(1, 2).request("POST", "/")), 2),
  ],
];

describe("the compression tables (RFC 9113 sections 4.3 and 5.1)", () => {
  const usable = SITUATIONS.filter(([what]) => !what.includes("GOAWAY"));

  it.each(usable)("take in what a late field block has: %s", (_what, make) => {
    const { engine, late, next } = make();
    const encoder = new Encoder();
    receive(engine, late.field("x-late", "kept").endStream().compressedBy(encoder));
    const events = receive(engine, next().field("x-late", "kept").compressedBy(encoder));
    expect(told(events)).toEqual([expect.stringMatching(/ x-late=kept$/)]);
  });

  it("take in what the block of a request beyond our GOAWAY has (section 6.8)", () => {
    const engine = server();
    receive(engine, request(1));
    engine.closeConnection();
    const encoder = new Encoder();
    const events = receive(
      engine,
      request(3).field("x-late", "kept").compressedBy(encoder),
      frames.headers(1).field("x-late", "kept").compressedBy(encoder).endStream(),
    );
    expect(told(events)).toEqual(["TrailersReceived stream=1 x-late=kept", "StreamEnded stream=1"]);
  });
});

describe("the window of the connection (RFC 9113 sections 5.1 and 6.9)", () => {
  const padded = (streamId: number) => frames.data(streamId, new Uint8Array(1_000)).padded(255);

  it.each(SITUATIONS)("gets back what late DATA took, padding too: %s", (_what, make) => {
    const { engine, dead } = make();
    for (let index = 0; index < 300; index++) receive(engine, padded(dead));
    expect(engine.isFinished).toBe(false);
    expect(engine.inboundFlowControlWindow).toBeGreaterThan(WINDOW / 2);
    const given = sent(engine)
      .map((line) => /^WINDOW_UPDATE stream=0 increment=(\d+)$/.exec(line)?.[1] ?? "0")
      .reduce((sum, increment) => sum + Number(increment), 0);
    // What is not given back yet is what is missing from the window, and nothing else.
    expect(given + (WINDOW - engine.inboundFlowControlWindow)).toBeGreaterThanOrEqual(300 * 1_256);
  });

  it("gets back what came on a stream that was skipped, or on one beyond our GOAWAY", () => {
    const skipped = server(OPTIONS);
    receive(skipped, request(3));
    const refused = server(OPTIONS);
    receive(refused, request(1));
    refused.closeConnection();
    receive(refused, request(3));
    for (const [engine, dead] of [
      [skipped, 1],
      [refused, 3],
    ] as const) {
      for (let index = 0; index < 300; index++) receive(engine, padded(dead));
      expect(engine.inboundFlowControlWindow).toBeGreaterThan(WINDOW / 2);
      expect(engine.isFinished).toBe(false);
    }
  });

  it("still lets a whole upload through afterwards", () => {
    const { engine } = atServer({}, (made) => {
      receive(made, request(1));
      made.resetStream(1);
    });
    for (let index = 0; index < 1_000; index++) receive(engine, padded(1));
    receive(engine, request(3));
    let left = 1_048_576;
    while (left > 0) {
      const length = Math.min(16_384, left, engine.remoteFlowControlWindow(3));
      receive(engine, frames.data(3, new Uint8Array(length)));
      engine.acknowledgeReceivedData(length, 3);
      left -= length;
    }
    expect(told(receive(engine, frames.data(3).endStream())).at(-1)).toBe("StreamEnded stream=3");
  });

  it("has nothing to give back for a stream whose content the application has not dealt with", () => {
    const engine = server();
    receive(engine, request(1), frames.data(1, new Uint8Array(10_000)), frames.rstStream(1, CANCEL));
    expect(engine.inboundFlowControlWindow).toBe(WINDOW - 10_000);
    engine.acknowledgeReceivedData(10_000, 1);
    receive(
      engine,
      request(3),
      frames.data(3, new Uint8Array(16_384)),
      frames.data(3, new Uint8Array(16_384)),
    );
    engine.acknowledgeReceivedData(32_768, 3);
    expect(engine.inboundFlowControlWindow).toBe(WINDOW);
  });
});

describe("the streams that are open, as they are counted (RFC 9113 section 5.1.2)", () => {
  it("are right again however a stream ended", () => {
    const engine = server(OPTIONS);
    const ends: readonly (() => unknown)[] = [
      () => engine.sendHeaders(1, OK, { endStream: true }),
      () => receive(engine, frames.rstStream(3, CANCEL)),
      () => engine.resetStream(5),
      () => receive(engine, frames.headers(7).field(":path", "/").endStream()),
      () => receive(engine, frames.windowUpdate(9, 0)),
    ];
    receive(engine, request(1).endStream(), ...[3, 5, 7, 9].map(request));
    for (const [index, end] of ends.entries()) {
      expect(engine.openInboundStreams).toBe(5 - index);
      end();
    }
    expect(engine.openInboundStreams).toBe(0);
  });

  it("do not change by what comes on closed ones, nor by promises that were refused", () => {
    const { engine } = atClient((made) => made.resetStream(1));
    receive(engine, frames.pushPromise(1, 2).request("GET", "/"), frames.headers(2).response(200));
    expect([engine.openInboundStreams, engine.openOutboundStreams]).toEqual([0, 0]);
    engine.sendHeaders(3, GET, { endStream: true });
    receive(engine, frames.data(1, "x"), frames.rstStream(1), frames.headers(3).response(200).endStream());
    expect([engine.openInboundStreams, engine.openOutboundStreams]).toEqual([0, 0]);
  });
});
