import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { H2Connection, type H2Event, type H2Options } from "../../src/index.ts";
import { NegotiationError } from "../../src/node/negotiation-error.ts";
import { Pump, type PumpHandler } from "../../src/node/pump.ts";
import { type DuplexEnd, duplexPair } from "../support/duplex-pair.ts";
import { OK } from "../support/engine.ts";
import { FramePeer, get, HELLO, turns } from "../support/frame-peer.ts";
import { frames, joined } from "../support/frames.ts";
import { StalledDuplex } from "../support/stalled-duplex.ts";

/** Notes what it is told, and does what the case says. */
class Recorder implements PumpHandler {
  readonly events: H2Event[] = [];
  readonly ends: (Error | null)[] = [];
  taken = 0;
  react: (event: H2Event) => void = () => {};
  atInputEnd: () => void = () => {};

  receiveEvent(event: H2Event): void {
    this.events.push(event);
    this.react(event);
  }

  outputTaken(): void {
    this.taken++;
  }

  inputEnded(): void {
    this.atInputEnd();
  }

  closed(error: Error | null): void {
    this.ends.push(error);
  }

  /** The streams of the events of one type. */
  streamsOf(type: H2Event["type"]): number[] {
    return this.events
      .filter((event) => event.type === type)
      .map((event) => (event as { streamId: number }).streamId);
  }
}

interface Stage {
  readonly socket: DuplexEnd;
  readonly connection: H2Connection;
  readonly handler: Recorder;
  readonly pump: Pump;
  readonly peer: FramePeer;
}

/** A server's pump, started, with a peer at the other end that has said hello. */
async function stage(octets: Uint8Array = HELLO, options: H2Options = {}): Promise<Stage> {
  const [socket, far] = duplexPair();
  const connection = new H2Connection({ ...options, clientSide: false });
  connection.initiateConnection();
  const handler = new Recorder();
  const pump = new Pump(socket, connection, handler);
  const peer = new FramePeer(far);
  pump.start(octets);
  await turns();
  return { socket, connection, handler, pump, peer };
}

/** Has each request answered at once. */
function answering({ connection, handler }: Pick<Stage, "connection" | "handler">): void {
  handler.react = (event) => {
    if (event.type === "RequestReceived") connection.sendHeaders(event.streamId, OK, { endStream: true });
  };
}

/** Has requests answered with a body of some size. */
function answeringWith(
  { connection, handler }: Pick<Stage, "connection" | "handler">,
  body: Uint8Array,
): void {
  handler.react = (event) => {
    if (event.type !== "RequestReceived") return;
    connection.sendHeaders(event.streamId, OK);
    connection.queueData(event.streamId, body, { endStream: true });
  };
}

const WIDE = joined(
  frames.preface(),
  frames.settings([4, 0x7fffffff]),
  frames.windowUpdate(0, 0x7fff0000),
  frames.settingsAck(),
);

function withFakeTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
}

/** Time that passes for timers and for the engine's clock together. */
function virtualTime(): { readonly now: () => number; readonly pass: (milliseconds: number) => void } {
  withFakeTimers();
  let time = 0;
  return {
    now: () => time,
    pass: (milliseconds) => {
      time += milliseconds;
      vi.advanceTimersByTime(milliseconds);
    },
  };
}

describe("what comes in", () => {
  it("reads the octets first that were read before it started", async () => {
    const { handler } = await stage(joined(HELLO, get(1)));
    expect(handler.streamsOf("RequestReceived")).toEqual([1]);
  });

  it("hands over every event in the order of the connection", async () => {
    const { handler, peer } = await stage();
    peer.send(get(1), frames.ping(), get(3));
    await turns();
    expect(handler.events.slice(-5).map(({ type }) => type)).toEqual([
      "RequestReceived",
      "StreamEnded",
      "PingReceived",
      "RequestReceived",
      "StreamEnded",
    ]);
  });

  it("gives octets that may be kept: a body is whole after later chunks", async () => {
    const { handler, peer } = await stage();
    const body = randomBytes(60_000);
    peer.send(frames.headers(1).request("POST", "/"));
    for (let start = 0; start < body.length; start += 1_000) {
      peer.send(frames.data(1, body.subarray(start, start + 1_000)));
      await turns();
    }
    const pieces = handler.events.flatMap((event) => (event.type === "DataReceived" ? [event.data] : []));
    expect(Buffer.concat(pieces).equals(body)).toBe(true);
  });
});

describe("what goes out", () => {
  it("answers all requests of a chunk in one write", async () => {
    const scene = await stage();
    answering(scene);
    const write = vi.spyOn(scene.socket, "write");
    scene.peer.send(get(1), get(3), get(5));
    await turns();
    expect(write).toHaveBeenCalledTimes(1);
    expect(scene.peer.came()).toHaveLength(3);
  });

  it("sends the commands of a turn in one write, if it is told that there are some", async () => {
    const { connection, pump, socket, peer } = await stage(joined(HELLO, get(1), get(3)));
    const write = vi.spyOn(socket, "write");
    for (const streamId of [1, 3]) {
      connection.sendHeaders(streamId, OK, { endStream: true });
      pump.flushSoon();
    }
    expect(write).not.toHaveBeenCalled();
    await turns();
    expect(write).toHaveBeenCalledTimes(1);
    expect(peer.came()).toHaveLength(2);
  });

  it("tells the handler that output was taken, and hands over the events of it", async () => {
    const { connection, handler, pump } = await stage(joined(WIDE, get(1)));
    connection.sendHeaders(1, OK);
    expect(connection.queueData(1, new Uint8Array(100_000))).toBe(false);
    const before = handler.taken;
    pump.flushSoon();
    await turns();
    expect(handler.taken).toBeGreaterThan(before);
    expect(handler.streamsOf("StreamDrained")).toEqual([1]);
  });

  it("sends what the handler commands when it hears that output was taken", async () => {
    const { connection, handler, pump, peer } = await stage(joined(WIDE, get(1)));
    handler.react = (event) => {
      if (event.type === "StreamDrained") connection.queueData(1, new Uint8Array(10), { endStream: true });
    };
    connection.sendHeaders(1, OK);
    connection.queueData(1, new Uint8Array(100_000));
    pump.flushSoon();
    await turns();
    expect(peer.came().at(-1)).toMatch(/^DATA stream=1 END_STREAM/);
  });
});

describe("a socket that takes nothing", () => {
  /** A server's pump on a stalled socket, and a response of 10 MiB for whoever asks. */
  function stalled(): { socket: StalledDuplex; connection: H2Connection; handler: Recorder } {
    const socket = new StalledDuplex();
    const connection = new H2Connection({ clientSide: false });
    connection.initiateConnection();
    const handler = new Recorder();
    answeringWith({ connection, handler }, new Uint8Array(10_485_760));
    new Pump(socket, connection, handler).start(WIDE);
    return { socket, connection, handler };
  }

  it("gets a quarter of a mebioctet of a body at most, and the rest waits in the engine", async () => {
    const { socket, connection } = stalled();
    socket.push(get(1));
    await turns();
    expect(socket.written + socket.writableLength).toBeLessThan(300_000);
    expect(connection.bufferedAmount(1)).toBeGreaterThan(10_000_000);
  });

  it("gets the rest once it takes octets again", async () => {
    const { socket, connection } = stalled();
    socket.push(get(1));
    await turns();
    socket.accept();
    await vi.waitUntil(() => connection.bufferedAmount(1) === 0);
    expect(socket.written).toBeGreaterThan(10_485_760);
  });

  it("is still read: a reset frees what waits", async () => {
    const { socket, connection } = stalled();
    socket.push(get(1));
    await turns();
    socket.push(frames.rstStream(1, 8));
    await turns();
    expect(connection.bufferedAmount(1)).toBe(0);
  });

  it("is not read any more after a mebioctet without an answer, until it takes octets again", async () => {
    const { socket, connection, handler } = stalled();
    socket.push(get(1));
    await turns();
    answering({ connection, handler });
    for (let streamId = 3; streamId < 2_500; streamId += 2) {
      const head = frames.headers(streamId).request("GET", "/").field("x-long", "x".repeat(1_000));
      socket.push(joined(head.endStream()));
    }
    await turns();
    expect(socket.isPaused()).toBe(true);
    expect(handler.streamsOf("RequestReceived").at(-1)).toBeLessThan(2_499);
    socket.accept();
    await vi.waitUntil(() => handler.streamsOf("RequestReceived").at(-1) === 2_499);
  });
});

describe("the end", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("ends the transport behind the GOAWAY for a connection error (RFC 9113 section 5.4.1)", async () => {
    const { peer, handler } = await stage();
    peer.send(frames.data(0, "on no stream"));
    await turns();
    expect(peer.came()).toEqual([expect.stringMatching(/^GOAWAY last=0 error=PROTOCOL_ERROR/)]);
    expect(peer.hasEnded).toBe(true);
    peer.socket.end();
    await turns();
    expect(handler.ends).toEqual([null]);
  });

  it("destroys the transport a second later if the peer does not end it", async () => {
    withFakeTimers();
    const { socket, peer } = await stage();
    peer.send(frames.data(0, "on no stream"));
    await turns();
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(socket.destroyed).toBe(true);
  });

  it("answers the peer's GOAWAY with one of ours when the streams are done (RFC 9113 section 6.8)", async () => {
    const { connection, pump, peer } = await stage(joined(HELLO, get(1)));
    peer.send(frames.goaway(0));
    await turns();
    expect(peer.hasEnded).toBe(false);
    connection.sendHeaders(1, OK, { endStream: true });
    pump.flushSoon();
    await turns();
    expect(peer.came()).toEqual([
      expect.stringMatching(/^HEADERS stream=1/),
      expect.stringMatching(/^GOAWAY last=1 error=NO_ERROR/),
    ]);
    expect(peer.hasEnded).toBe(true);
  });

  it("answers complete requests of a peer that has ended its half, then says GOAWAY and ends", async () => {
    const { connection, handler, pump, peer } = await stage(
      joined(HELLO, get(1), frames.headers(3).request("POST", "/")),
    );
    handler.atInputEnd = () => connection.resetStream(3, { errorCode: 8 });
    peer.socket.end();
    await turns();
    connection.sendHeaders(1, OK, { endStream: true });
    pump.flushSoon();
    await turns();
    expect(peer.came()).toEqual([
      expect.stringMatching(/^RST_STREAM stream=3 error=CANCEL/),
      expect.stringMatching(/^GOAWAY last=3 error=NO_ERROR/),
      expect.stringMatching(/^HEADERS stream=1/),
    ]);
    expect(peer.hasEnded).toBe(true);
    expect(handler.ends).toEqual([null]);
  });

  it("serves requests that are on their way when it shuts down (RFC 9113 section 6.8)", async () => {
    const scene = await stage();
    answering(scene);
    scene.pump.shutdown();
    await turns();
    expect(scene.peer.came()).toEqual([
      expect.stringMatching(/^GOAWAY last=2147483647 error=NO_ERROR/),
      expect.stringMatching(/^PING/),
    ]);
    scene.peer.send(get(1), frames.pingAck("shutdown"));
    await turns();
    expect(scene.peer.came()).toEqual([
      expect.stringMatching(/^GOAWAY last=1 error=NO_ERROR/),
      expect.stringMatching(/^HEADERS stream=1/),
    ]);
    expect(scene.peer.hasEnded).toBe(true);
  });

  it("waits a second at most for the answer to the PING of a shutdown", async () => {
    withFakeTimers();
    const { pump, peer } = await stage();
    pump.shutdown();
    await turns();
    peer.came();
    vi.advanceTimersByTime(1_000);
    await turns();
    expect(peer.came()).toEqual([expect.stringMatching(/^GOAWAY last=0 error=NO_ERROR/)]);
    expect(peer.hasEnded).toBe(true);
  });

  it("gives a peer ten seconds for its preface (RFC 9113 section 3.4)", async () => {
    withFakeTimers();
    const { socket, handler } = await stage(new Uint8Array(0));
    vi.advanceTimersByTime(9_999);
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    await turns();
    expect(handler.ends).toEqual([expect.any(NegotiationError)]);
  });

  it("wakes the engine when its deadlines are due: SETTINGS that nobody acknowledges (RFC 9113 section 6.5.3)", async () => {
    const time = virtualTime();
    const hello = joined(frames.preface(), frames.settings());
    const { peer } = await stage(hello, { clock: time.now });
    peer.came();
    time.pass(10_001);
    await turns();
    expect(peer.came()).toEqual([expect.stringMatching(/^GOAWAY last=0 error=SETTINGS_TIMEOUT/)]);
    expect(peer.hasEnded).toBe(true);
  });

  it("shuts a connection down that was idle for a minute, though it was used before", async () => {
    const time = virtualTime();
    const scene = await stage(HELLO, { clock: time.now });
    answering(scene);
    time.pass(59_000);
    scene.peer.send(get(1));
    await turns();
    time.pass(59_000);
    await turns();
    expect(scene.peer.came().join()).not.toContain("GOAWAY");
    time.pass(2_000);
    await turns();
    expect(scene.peer.came()).toEqual([expect.stringMatching(/^GOAWAY/), expect.stringMatching(/^PING/)]);
  });

  it("answers a TLS renegotiation with PROTOCOL_ERROR (RFC 9113 section 9.2.1)", async () => {
    const { socket, peer } = await stage();
    peer.came();
    const error = Object.assign(new Error("no"), { code: "ERR_TLS_RENEGOTIATION_DISABLED" });
    socket.emit("error", error);
    await turns();
    expect(peer.came()).toEqual([expect.stringMatching(/^GOAWAY last=0 error=PROTOCOL_ERROR/)]);
    expect(peer.hasEnded).toBe(true);
  });

  it("sets no deadline to a peer that has said hello", async () => {
    withFakeTimers();
    const { socket } = await stage();
    vi.advanceTimersByTime(1_000_000);
    expect(socket.destroyed).toBe(false);
  });

  it("drops the transport at once when told to, and says why", async () => {
    const { socket, handler, pump } = await stage();
    const reason = new Error("enough");
    pump.destroy(reason);
    await turns();
    expect(socket.destroyed).toBe(true);
    expect(handler.ends).toEqual([reason]);
  });

  it("says that the transport is gone if it was gone before the start", async () => {
    const [socket] = duplexPair();
    socket.destroy();
    const handler = new Recorder();
    new Pump(socket, new H2Connection({ clientSide: false }), handler).start();
    await turns();
    expect(handler.ends).toEqual([null]);
  });
});

describe("errors", () => {
  it("hands over the error of a socket, once", async () => {
    const { socket, handler } = await stage();
    const broken = new Error("broken");
    socket.destroy(broken);
    await turns();
    expect(handler.ends).toEqual([broken]);
  });

  it("answers INTERNAL_ERROR when the handler throws, and hands over the error (RFC 9113 section 7)", async () => {
    const { handler, peer } = await stage();
    const mistake = new Error("a mistake");
    handler.react = () => {
      throw mistake;
    };
    peer.send(get(1));
    await turns();
    expect(peer.came()).toEqual([expect.stringMatching(/^GOAWAY last=1 error=INTERNAL_ERROR/)]);
    peer.socket.end();
    await turns();
    expect(handler.ends).toEqual([mistake]);
  });

  it("lets no error out of a handler that throws when all is over", async () => {
    const { socket, handler } = await stage();
    handler.closed = () => {
      throw new Error("a mistake");
    };
    socket.destroy();
    await turns();
    expect(socket.destroyed).toBe(true);
  });

  it("takes no input and gives no output after the end", async () => {
    const { handler, pump, connection, peer } = await stage(joined(HELLO, get(1)));
    pump.destroy();
    const events = handler.events.length;
    connection.sendHeaders(1, OK);
    pump.flushSoon();
    peer.send(get(3));
    await turns();
    expect(handler.events).toHaveLength(events);
    expect(peer.came()).toEqual([]);
  });
});
