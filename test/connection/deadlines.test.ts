import { describe, expect, it } from "vitest";
import { ErrorCodes, H2Connection, type H2Options } from "../../src/index.ts";
import { client, OK, receive, server } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectConnectionError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

/** An engine in a time of its own, which only moves when it is told to. */
class Timed {
  now: number;
  readonly engine: H2Connection;

  constructor(make: (options: H2Options) => H2Connection, options: H2Options = {}) {
    this.now = 0;
    this.engine = make({ ...options, clock: () => this.now });
  }

  /** Moves on and handles what is due on the way, as a driver with one timer would. */
  wait(milliseconds: number): ReturnType<H2Connection["handleDeadline"]> {
    const until = this.now + milliseconds;
    const events = [];
    while (this.engine.nextDeadline <= until) {
      this.now = this.engine.nextDeadline;
      events.push(...this.engine.handleDeadline());
    }
    this.now = until;
    return events;
  }
}

function freshServer(options: H2Options): H2Connection {
  const engine = new H2Connection({ ...options, clientSide: false });
  engine.initiateConnection();
  engine.dataToSend();
  return engine;
}

describe("deadlines", () => {
  it("are none without a clock", () => {
    const engine = server();
    expect(engine.nextDeadline).toBe(Number.POSITIVE_INFINITY);
    expect(engine.handleDeadline()).toEqual([]);
  });

  it("do no harm where they are handled too early", () => {
    const { engine } = new Timed(freshServer);
    expect(engine.handleDeadline()).toEqual([]);
    expect(engine.nextDeadline).toBe(10_000);
  });

  it("may be others than the defaults", () => {
    expect(new Timed(freshServer, { timeouts: { preface: 5 } }).engine.nextDeadline).toBe(5);
  });
});

describe("the preface and the first SETTINGS (RFC 9113 section 3.4)", () => {
  it("must be there within ten seconds", () => {
    const timed = new Timed(freshServer);
    expect(timed.wait(9_999)).toEqual([]);
    const events = timed.wait(1);
    const error = expectConnectionError(timed.engine, events, ErrorCodes.PROTOCOL_ERROR, "timeout preface");
    expect(error.reason).toBe("the peer did not start with preface and SETTINGS in time");
  });

  it("are not there with half of them", () => {
    const timed = new Timed(freshServer);
    timed.wait(9_000);
    receive(timed.engine, frames.preface(), frames.settings().subarray(0, 8));
    expect(told(timed.wait(1_000)).at(-1)).toMatch(/^ConnectionTerminated local PROTOCOL_ERROR/);
  });
});

describe("the acknowledgement of SETTINGS (RFC 9113 section 6.5.3)", () => {
  it("must be there within ten seconds, else SETTINGS_TIMEOUT", () => {
    const timed = new Timed(server);
    timed.engine.updateSettings({ 3: 5 });
    timed.engine.dataToSend();
    const events = timed.wait(10_000);
    const error = expectConnectionError(
      timed.engine,
      events,
      ErrorCodes.SETTINGS_TIMEOUT,
      "timeout settingsAck",
    );
    expect(error.reason).toBe("the peer did not acknowledge SETTINGS in time");
  });

  it("has its time anew behind an acknowledgement of SETTINGS before them", () => {
    const timed = new Timed(server);
    timed.engine.updateSettings({ 3: 5 });
    timed.engine.dataToSend();
    timed.wait(5_000);
    timed.engine.updateSettings({ 3: 6 });
    timed.engine.dataToSend();
    receive(timed.engine, frames.settingsAck());
    expect(timed.wait(9_999)).toEqual([]);
    expect(told(timed.wait(1)).at(-1)).toMatch(/^ConnectionTerminated local SETTINGS_TIMEOUT/);
  });

  it("stops the clock", () => {
    const timed = new Timed(server);
    timed.engine.updateSettings({ 3: 5 });
    timed.engine.dataToSend();
    timed.wait(9_000);
    receive(timed.engine, frames.settingsAck());
    expect(timed.wait(9_000)).toEqual([]);
  });
});

describe("a field block that was begun", () => {
  it("must be complete within ten seconds", () => {
    const timed = new Timed(server);
    receive(timed.engine, frames.headers(1).request("GET", "/").withoutEndHeaders());
    const events = timed.wait(10_000);
    const error = expectConnectionError(
      timed.engine,
      events,
      ErrorCodes.ENHANCE_YOUR_CALM,
      "timeout fieldBlock",
    );
    expect(error.reason).toBe("a field block was not completed in time");
  });

  it("has its time anew where another one was completed in the same chunk", () => {
    const timed = new Timed(server);
    receive(timed.engine, frames.headers(1).request("GET", "/").withoutEndHeaders());
    timed.wait(6_000);
    receive(timed.engine, frames.continuation(1), frames.headers(3).request("GET", "/").withoutEndHeaders());
    expect(timed.wait(9_999)).toEqual([]);
    expect(told(timed.wait(1)).at(-1)).toMatch(/^ConnectionTerminated local ENHANCE_YOUR_CALM/);
  });

  it("is not kept up by more pieces of it", () => {
    const timed = new Timed(server);
    receive(timed.engine, frames.headers(1).request("GET", "/").withoutEndHeaders());
    timed.wait(6_000);
    receive(timed.engine, frames.continuation(1).withoutEndHeaders());
    expect(told(timed.wait(6_000))).toHaveLength(1);
  });

  it("stops the clock once it is complete", () => {
    const timed = new Timed(server);
    receive(timed.engine, frames.headers(1).request("GET", "/").withoutEndHeaders());
    timed.wait(6_000);
    receive(timed.engine, frames.continuation(1));
    expect(timed.wait(20_000)).toEqual([]);
  });
});

describe("a connection that nobody uses", () => {
  it("is closed gracefully by a server after a minute", () => {
    const timed = new Timed(server);
    expect(timed.wait(59_999)).toEqual([]);
    expect(sent(timed.engine)).toEqual([]);
    timed.wait(1);
    expect(sent(timed.engine)).toEqual([
      "GOAWAY last=2147483647 error=NO_ERROR",
      "PING data=73687574646f776e",
    ]);
    expect(timed.engine.isFinished).toBe(false);
    receive(timed.engine, frames.pingAck("shutdown"));
    expect(timed.engine.isFinished).toBe(true);
  });

  it("is used by each request", () => {
    const timed = new Timed(server);
    timed.wait(50_000);
    receive(timed.engine, frames.headers(1).request("GET", "/").endStream());
    timed.engine.sendHeaders(1, OK, { endStream: true });
    sent(timed.engine);
    timed.wait(50_000);
    expect(sent(timed.engine)).toEqual([]);
    timed.wait(10_000);
    expect(sent(timed.engine)).toHaveLength(2);
  });

  it("is used as long as a stream is open", () => {
    const timed = new Timed(server);
    receive(timed.engine, frames.headers(1).request("POST", "/"));
    timed.wait(600_000);
    expect(sent(timed.engine)).toEqual([]);
  });

  it("has its time anew behind a stream that came and went in one chunk", () => {
    const timed = new Timed(server);
    timed.wait(50_000);
    receive(timed.engine, frames.headers(1).request("POST", "/"), frames.rstStream(1));
    expect(timed.engine.nextDeadline).toBe(50_000 + 60_000);
  });

  it("is kept by a client for as long as it likes", () => {
    const timed = new Timed(client);
    expect(timed.engine.nextDeadline).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a graceful shutdown", () => {
  it("does not wait longer than a second for the PING", () => {
    const timed = new Timed(server);
    timed.engine.shutdown();
    expect(sent(timed.engine)).toHaveLength(2);
    timed.wait(1_000);
    expect(sent(timed.engine)).toEqual(["GOAWAY last=0 error=NO_ERROR"]);
    expect(timed.engine.isFinished).toBe(true);
  });

  it("gives streams thirty seconds to end", () => {
    const timed = new Timed(server);
    receive(timed.engine, frames.headers(1).request("POST", "/"));
    timed.engine.shutdown();
    sent(timed.engine);
    timed.wait(29_999);
    expect(timed.engine.isFinished).toBe(false);
    expect(told(timed.wait(1))).toEqual(["ConnectionTerminated local NO_ERROR last=1"]);
    expect(timed.engine.isFinished).toBe(true);
  });

  it("gives streams all the time they need behind a GOAWAY of the peer (RFC 9113 section 6.8)", () => {
    const timed = new Timed(server);
    receive(timed.engine, frames.headers(1).request("POST", "/"), frames.goaway(0));
    expect(told(timed.wait(1_000_000))).toEqual([]);
    expect(timed.engine.isFinished).toBe(false);
  });
});
