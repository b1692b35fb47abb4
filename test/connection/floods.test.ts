import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection, type H2Event, type H2Options, type Limits } from "../../src/index.ts";
import { clientWithRequest, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames, type Wire } from "../support/frames.ts";
import { expectAlive, expectConnectionError, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { ENHANCE_YOUR_CALM } = ErrorCodes;

/** A clock that stands still until it is moved. */
function stoppedClock(): { now: number; read: () => number } {
  const clock = { now: 1_000, read: () => clock.now };
  return clock;
}

interface Flood {
  /** The budget that it spends. */
  readonly limit: "resetsReceived" | "resetsProvoked" | "streamsRefused" | "emptyData" | "uselessFrames";
  /** An engine that the flood can begin on. */
  readonly engine: (options: H2Options) => H2Connection;
  /** One drop of it, the `index`-th. */
  readonly drop: (index: number) => readonly Wire[];
}

const nth = (index: number): number => 3 + 2 * index;

const FLOODS: Readonly<Record<string, Flood>> = {
  "requests that are reset at once (CVE-2023-44487)": {
    limit: "resetsReceived",
    engine: server,
    drop: (index) => [frames.headers(nth(index)).request("GET", "/"), frames.rstStream(nth(index), 8)],
  },
  "RST_STREAM on a stream that is closed": {
    limit: "resetsReceived",
    engine: serverWithRequest,
    drop: () => [frames.rstStream(1)],
  },
  "malformed requests, which we must reset (CVE-2025-8671)": {
    limit: "resetsProvoked",
    engine: server,
    drop: (index) => [frames.headers(nth(index)).field("x", "y")],
  },
  "WINDOW_UPDATE of nothing on open requests (CVE-2025-8671)": {
    limit: "resetsProvoked",
    engine: server,
    drop: (index) => [frames.headers(nth(index)).request("GET", "/"), frames.windowUpdate(nth(index), 0)],
  },
  "DATA behind the end of a request (CVE-2025-8671)": {
    limit: "resetsProvoked",
    engine: server,
    drop: (index) => [
      frames.headers(nth(index)).request("GET", "/").endStream(),
      frames.data(nth(index), "x"),
    ],
  },
  "promises on a stream that we reset": {
    limit: "resetsProvoked",
    engine: (options) => {
      const engine = clientWithRequest(options);
      engine.resetStream(1);
      return engine;
    },
    drop: (index) => [frames.pushPromise(1, 2 + 2 * index).request("GET", "/")],
  },
  "requests beyond MAX_CONCURRENT_STREAMS": {
    limit: "streamsRefused",
    engine: (options) => serverWithRequest({ ...options, initialSettings: { 3: 1 } }),
    drop: (index) => [frames.headers(nth(index)).request("GET", "/")],
  },
  "DATA without octets (CVE-2019-9518)": {
    limit: "emptyData",
    engine: serverWithRequest,
    drop: () => [frames.data(1)],
  },
  "DATA that is nothing but padding": {
    limit: "emptyData",
    engine: serverWithRequest,
    drop: () => [frames.data(1).padded(3)],
  },
  "PRIORITY (CVE-2019-9513)": { limit: "uselessFrames", engine: server, drop: () => [frames.priority(1)] },
  PRIORITY_UPDATE: { limit: "uselessFrames", engine: server, drop: () => [frames.priorityUpdate(1, "u=1")] },
  "frames of unknown types": { limit: "uselessFrames", engine: server, drop: () => [frames.raw(0xfa, 0, 0)] },
  "SETTINGS that come again": { limit: "uselessFrames", engine: server, drop: () => [frames.settings()] },
  "acknowledgements that nobody waits for": {
    limit: "uselessFrames",
    engine: server,
    drop: () => [frames.settingsAck()],
  },
  "answers to PING that nobody sent": {
    limit: "uselessFrames",
    engine: server,
    drop: () => [frames.pingAck()],
  },
  "GOAWAY that comes again": {
    limit: "uselessFrames",
    engine: (options) => {
      const engine = serverWithRequest(options);
      receive(engine, frames.goaway(0));
      return engine;
    },
    drop: () => [frames.goaway(0)],
  },
  "ALTSVC to a server": { limit: "uselessFrames", engine: server, drop: () => [frames.altsvc(0, "a", "b")] },
  "DATA on a stream that we reset": {
    limit: "uselessFrames",
    engine: (options) => {
      const engine = serverWithRequest(options);
      engine.resetStream(1);
      return engine;
    },
    drop: () => [frames.data(1, "x")],
  },
  "requests behind our GOAWAY": {
    limit: "uselessFrames",
    engine: (options) => {
      const engine = server(options);
      engine.closeConnection();
      // Without a stream that still runs the connection would be finished.
      return engine;
    },
    drop: (index) => [frames.headers(nth(index)).request("GET", "/")],
  },
};

/** The limit alone, so that no other one is in the way. */
function only(limit: Flood["limit"], burst: number, perSecond: number): Partial<Limits> {
  return { [limit]: { burst, perSecond } };
}

/** Lets drops `from` up to `to` fall, and reads the answers as a socket would. */
function rain(engine: H2Connection, flood: Flood, from: number, to: number): H2Event[] {
  const events: H2Event[] = [];
  for (let index = from; index < to; index++) {
    events.push(...receive(engine, ...flood.drop(index)));
    if (index < to - 1) sent(engine);
  }
  return events;
}

describe.each(Object.entries(FLOODS))("%s", (_name, flood) => {
  it("are borne up to the burst, and end the connection beyond it", () => {
    const engine = flood.engine({ limits: only(flood.limit, 5, 1_000) });
    rain(engine, flood, 0, 5);
    expectAlive(engine);
    const events = rain(engine, flood, 5, 6);
    expectConnectionError(engine, events, ENHANCE_YOUR_CALM, `limit ${flood.limit}`);
  });

  it("are borne for ever where they come no faster than the rate", () => {
    const clock = stoppedClock();
    const engine = flood.engine({ limits: only(flood.limit, 5, 10), clock: clock.read });
    for (let index = 0; index < 40; index++) {
      rain(engine, flood, index, index + 1);
      sent(engine);
      clock.now += 100;
    }
    expectAlive(engine);
  });

  it("end the connection where they come a little faster, once the burst is used up", () => {
    const clock = stoppedClock();
    const engine = flood.engine({ limits: only(flood.limit, 5, 10), clock: clock.read });
    const events: H2Event[] = [];
    for (let index = 0; index < 40; index++) {
      events.push(...rain(engine, flood, index, index + 1));
      clock.now += 80;
    }
    expect(told(events).at(-1)).toMatch(/^ConnectionTerminated local ENHANCE_YOUR_CALM/);
  });
});

describe("a budget", () => {
  it("never holds more than its burst, however long nothing came", () => {
    const clock = stoppedClock();
    const engine = server({ limits: only("uselessFrames", 3, 1_000), clock: clock.read });
    receive(engine, frames.priority(1));
    clock.now += 1_000_000;
    const events = receive(engine, ...Array.from({ length: 4 }, () => frames.priority(1)));
    expect(told(events).at(-1)).toMatch(/^ConnectionTerminated local ENHANCE_YOUR_CALM/);
  });

  it("gives nothing for a clock that goes back", () => {
    const clock = stoppedClock();
    const engine = server({ limits: only("uselessFrames", 3, 1_000), clock: clock.read });
    receive(engine, frames.priority(1), frames.priority(1), frames.priority(1));
    clock.now -= 500;
    expect(told(receive(engine, frames.priority(1))).at(-1)).toMatch(/^ConnectionTerminated local/);
  });

  it.each([
    ["resetsReceived", 1_000],
    ["resetsProvoked", 100],
    ["streamsRefused", 1_000],
    ["emptyData", 100],
    ["uselessFrames", 10_000],
  ])("of %s is %i where nothing is said", (limit, burst) => {
    expect(server().config.limits).toMatchObject({ [limit]: { burst } });
  });
});

describe("acknowledgements that wait for the socket (CVE-2019-9512, CVE-2019-9515)", () => {
  it.each([
    ["PING", () => frames.ping()],
    ["SETTINGS", () => frames.settings()],
  ])("of %s are made up to the limit, and end the connection beyond it", (_what, frame) => {
    const engine = server({ limits: { unsentAcknowledgements: 10 } });
    receive(engine, ...Array.from({ length: 10 }, frame));
    expect(engine.isFinished).toBe(false);
    const events = receive(engine, frame());
    expectConnectionError(engine, events, ENHANCE_YOUR_CALM, "limit unsentAcknowledgements");
  });

  it("count from anew once the output was taken", () => {
    const engine = server({ limits: { unsentAcknowledgements: 10 } });
    for (let round = 0; round < 5; round++) {
      receive(engine, ...Array.from({ length: 10 }, () => frames.ping()));
      engine.takeChunks();
    }
    expect(engine.isFinished).toBe(false);
  });
});

describe("other limits", () => {
  it("bound the entries of SETTINGS", () => {
    const entries = (count: number) => Array.from({ length: count }, (): [number, number] => [4, 100]);
    const engine = server();
    receive(engine, frames.settings(...entries(32)));
    expectAlive(engine);
    const events = receive(engine, frames.settings(...entries(33)));
    expectConnectionError(engine, events, ENHANCE_YOUR_CALM, "limit settingsEntries");
  });

  it("bound the promises that wait for their response", () => {
    const engine = clientWithRequest({ limits: { reservedStreams: 2 } });
    const promise = (id: number) => frames.pushPromise(1, id).request("GET", "/");
    receive(engine, promise(2), promise(4), frames.headers(2).response(200), promise(6));
    expectAlive(engine);
    expectConnectionError(engine, receive(engine, promise(8)), ENHANCE_YOUR_CALM, "limit reservedStreams");
  });

  it("bound WINDOW_UPDATE: two for each stream and twenty for each DATA frame are fine, and some more", () => {
    const updates = (count: number): Wire[] => Array.from({ length: count }, () => frames.windowUpdate(0, 1));
    const engine = serverWithRequest({ limits: { windowUpdates: 5 } });
    engine.sendHeaders(1, OK);
    engine.sendData(1, Uint8Array.of(1));
    sent(engine);
    receive(engine, ...updates(27));
    expectAlive(engine);
    expectConnectionError(engine, receive(engine, ...updates(1)), ENHANCE_YOUR_CALM, "limit windowUpdates");
  });

  it("bound WINDOW_UPDATE by the streams that there were, not by the identifiers that were skipped", () => {
    const engine = server({ limits: { windowUpdates: 5 } });
    receive(engine, frames.headers(2 ** 31 - 1).request("GET", "/"));
    const events = receive(engine, ...Array.from({ length: 8 }, () => frames.windowUpdate(0, 1)));
    expectConnectionError(engine, events, ENHANCE_YOUR_CALM, "limit windowUpdates");
  });

  it("bound the interim responses to a request, which then ends", () => {
    const engine = clientWithRequest({ limits: { interimResponses: 3 } });
    const interim = (count: number): Wire[] =>
      Array.from({ length: count }, () => frames.headers(1).response(103));
    expect(receive(engine, ...interim(3))).toHaveLength(3);
    expectStreamError(engine, receive(engine, ...interim(1)), 1, ENHANCE_YOUR_CALM, "limit interimResponses");
  });

  it("bound the priorities that are kept for requests to come: the oldest make room", () => {
    const engine = server({ limits: { earlyPriorities: 2 } }, [[4, 1_000]]);
    receive(engine, ...[1, 3, 5].map((id) => frames.priorityUpdate(id, "u=0")));
    for (const id of [1, 3, 5]) {
      receive(engine, frames.headers(id).request("GET", "/").field("priority", "u=6"));
      engine.sendHeaders(id, OK);
      engine.queueData(id, Uint8Array.of(id));
    }
    const order = sent(engine).filter((line) => line.startsWith("DATA"));
    expect(order.map((line) => line.split(" ")[1])).toEqual(["stream=3", "stream=5", "stream=1"]);
  });

  it("do not stop a client that does what clients do", () => {
    const engine = server();
    for (let id = 1; id < 6_000; id += 2) {
      receive(engine, frames.headers(id).request("GET", "/").endStream(), frames.windowUpdate(id, 1));
      engine.sendHeaders(id, OK, { endStream: true });
      engine.takeChunks();
    }
    expect(engine.isFinished).toBe(false);
  });
});
