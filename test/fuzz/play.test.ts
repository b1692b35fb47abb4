import { describe, expect, it } from "vitest";
import type { H2Event } from "../../src/index.ts";
import { opened } from "../support/opened.ts";
import type { OpenedEngine } from "./opened.mjs";
import { equalCuts, failureOf } from "./play.mjs";
import { parseScript, type Script } from "./script.mjs";

const START = "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a000000040000000000";
const PING = "0000080600000000003132333435363738";

/** A server that has its start, and then these steps. */
function scriptOf(...steps: readonly string[]): Script {
  const heads = ["# role: server", "# options: {}"];
  return parseScript([...heads, 'do ["initiateConnection"]', START, ...steps].join("\n"));
}

class Faulty extends opened.H2Connection {
  /** What this engine does with a chunk, in the place of what it should do. */
  static receiving: (engine: Faulty, chunk: Uint8Array) => H2Event[];
  kept: Uint8Array[] = [];

  override receiveData(chunk: Uint8Array): H2Event[] {
    return chunk.length > 33 ? super.receiveData(chunk) : Faulty.receiving(this, chunk);
  }

  receiveWell(chunk: Uint8Array): H2Event[] {
    return super.receiveData(chunk);
  }

  override setPriority(): void {
    this.kept.push(new Uint8Array(1));
    throw new opened.ProtocolError("refused");
  }

  override ping(): void {
    throw new TypeError("Cannot read properties of undefined");
  }
}

function failureWith(receiving: typeof Faulty.receiving, ...steps: readonly string[]): string | null {
  Faulty.receiving = receiving;
  const faulty: OpenedEngine = { ...opened, H2Connection: Faulty };
  return failureOf(faulty, scriptOf(...steps), [equalCuts]);
}

const well: typeof Faulty.receiving = (engine, chunk) => engine.receiveWell(chunk);

describe("the fuzzer", () => {
  it("finds nothing wrong where nothing is", () => {
    expect(failureWith(well, PING)).toBe(null);
  });

  it("sees that octets were thrown back", () => {
    const failure = failureWith(() => {
      throw new Error("oh");
    }, PING);
    expect(failure).toMatch(/^throw: Error: oh/);
  });

  it("sees that cuts made a difference to the events", () => {
    const failure = failureWith((engine, chunk) => (chunk.length < 3 ? [] : engine.receiveWell(chunk)), PING);
    expect(failure).toMatch(/^cuts: step 2: event 0/);
  });

  it("sees that cuts made a difference to what is sent", () => {
    const failure = failureWith((engine, chunk) => {
      if (chunk.length === 1) engine.sendExtensionFrame({ type: 0xfa });
      return engine.receiveWell(chunk);
    }, PING);
    expect(failure).toBe("cuts: step 2: other octets are sent");
  });

  it("sees that a fault is our own", () => {
    const failure = failureWith((engine) => {
      Object.assign(engine, { _state: null });
      const error = { errorCode: 2, reason: "internal error", section: "none" };
      const base = {
        type: "ConnectionTerminated",
        errorCode: 2,
        lastStreamId: 0,
        additionalData: null,
      } as const;
      return [{ ...base, initiator: "local", error, unprocessedStreamIds: [] }];
    }, PING);
    expect(failure).toMatch(/^internal: /);
  });

  it("sees that a refused call left a trace", () => {
    expect(failureWith(well, 'do ["setPriority", 1, { "urgency": 1 }]')).toMatch(
      /^refused: setPriority was refused, but changed \.kept/,
    );
  });

  it("sees that a call threw what is no error of ours", () => {
    expect(failureWith(well, 'do ["ping"]')).toMatch(/^call: ping threw TypeError: Cannot read/);
  });

  it("sees that memory grows", () => {
    const failure = failureWith((engine, chunk) => {
      engine.kept.push(new Uint8Array(1_000_000));
      return engine.receiveWell(chunk);
    }, PING);
    expect(failure).toMatch(/^memory: /);
  });

  it("sees that what is sent cannot be read", () => {
    const failure = failureWith((engine, chunk) => {
      engine.sendExtensionFrame({ type: 0xfa });
      const { _output } = engine as unknown as { _output: { frame(...frame: unknown[]): void } };
      _output.frame(6, 0, 0, new Uint8Array(3));
      return engine.receiveWell(chunk);
    }, PING);
    expect(failure).toMatch(/^output: .*PING/);
  });

  it("sees that the outcome is another one", () => {
    const script = { ...scriptOf(PING), outcome: "PingAckReceived" };
    expect(failureOf(opened, script, [])).toBe('outcome: "PingReceived" instead of "PingAckReceived"');
  });
});
