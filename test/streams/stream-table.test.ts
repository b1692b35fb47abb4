import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SendQueue } from "../../src/streams/send-queue.ts";
import type { Stream } from "../../src/streams/stream.ts";
import {
  isClosed,
  isCounted,
  judge,
  StreamInput,
  StreamState,
  Verdict,
  verdictOf,
} from "../../src/streams/stream-state.ts";
import { StreamTable } from "../../src/streams/stream-table.ts";

const { SEND_HEADERS, SEND_RST_STREAM, RECEIVE_HEADERS, RECEIVE_RST_STREAM, RECEIVE_RESERVE } = StreamInput;
const LARGEST_ID = 2 ** 31 - 1;

function table(options: { isClient?: boolean; remembered?: number } = {}): StreamTable {
  return new StreamTable(options.isClient ?? true, 65_535, 65_535, options.remembered ?? 100);
}

function apply(streams: StreamTable, stream: Stream, input: StreamInput): void {
  streams.enter(stream, judge(stream.state, input));
}

describe("stream identifiers (RFC 9113 section 5.1.1)", () => {
  it("are odd for clients and even for servers", () => {
    expect(table({ isClient: true }).nextOutbound()).toBe(1);
    expect(table({ isClient: false }).nextOutbound()).toBe(2);
    expect(table({ isClient: true }).isOutbound(7)).toBe(true);
    expect(table({ isClient: false }).isOutbound(7)).toBe(false);
  });

  it("grow on each side by itself", () => {
    const streams = table();
    streams.open(5);
    streams.open(2);
    expect([streams.highestOutbound, streams.highestInbound]).toEqual([5, 2]);
    expect(streams.nextOutbound()).toBe(7);
    expect([streams.highestLike(1), streams.highestLike(8)]).toEqual([5, 2]);
  });

  it("end at 2^31 - 1", () => {
    const streams = table();
    streams.open(LARGEST_ID - 2);
    expect(streams.nextOutbound()).toBe(LARGEST_ID);
    streams.open(LARGEST_ID);
    expect(streams.nextOutbound()).toBe(0);
  });

  it("are idle above the highest one used, and closed for good where they were skipped", () => {
    const streams = table();
    apply(streams, streams.open(5), SEND_HEADERS);
    expect([3, 5, 7, 2].map((id) => streams.stateOf(id))).toEqual([
      StreamState.FORGOTTEN,
      StreamState.OPEN,
      StreamState.IDLE,
      StreamState.IDLE,
    ]);
  });
});

describe("streams in the table", () => {
  it("leave as they close, and how they closed is remembered for a while", () => {
    const streams = table({ remembered: 1 });
    for (const id of [1, 3]) {
      const stream = streams.open(id);
      apply(streams, stream, SEND_HEADERS);
      apply(streams, stream, SEND_RST_STREAM);
    }
    expect(streams.size).toBe(0);
    expect(streams.find(3)).toBeUndefined();
    expect([streams.stateOf(1), streams.stateOf(3)]).toEqual([StreamState.FORGOTTEN, StreamState.RESET_HERE]);
  });

  it("are remembered as reset by us however many others close, and the other way round", () => {
    const streams = table({ remembered: 1 });
    for (const [id, input] of [
      [1, SEND_RST_STREAM],
      [3, RECEIVE_RST_STREAM],
    ] as const) {
      const stream = streams.open(id);
      apply(streams, stream, SEND_HEADERS);
      apply(streams, stream, input);
    }
    expect([streams.stateOf(1), streams.stateOf(3)]).toEqual([
      StreamState.RESET_HERE,
      StreamState.RESET_BY_PEER,
    ]);
  });

  it("are told oldest first as long as they are not closed, and counted even after", () => {
    const streams = table();
    const [first] = [1, 2, 3].map((id) => streams.open(id));
    apply(streams, first as Stream, SEND_HEADERS);
    apply(streams, first as Stream, SEND_RST_STREAM);
    expect(Array.from(streams.live(), ({ id }) => id)).toEqual([2, 3]);
    expect([streams.size, streams.opened]).toEqual([2, 3]);
  });

  it("let their queue go as they close", () => {
    const streams = table();
    const stream = streams.open(1);
    apply(streams, stream, SEND_HEADERS);
    stream.sendQueue = new SendQueue();
    apply(streams, stream, SEND_RST_STREAM);
    expect(stream.sendQueue).toBeNull();
  });

  it("are born with the windows of their time", () => {
    const streams = table();
    streams.initialSendWindow = 7;
    streams.initialReceiveWindow = 9;
    const stream = streams.open(1);
    expect([stream.sendWindow.available, stream.receiveWindow.available]).toEqual([7, 9]);
  });

  it("count for the side that opened them, once they are open, and promised ones apart (section 5.1.2)", () => {
    const streams = table();
    apply(streams, streams.open(1), SEND_HEADERS);
    const promised = streams.open(2);
    apply(streams, promised, RECEIVE_RESERVE);
    expect([streams.openOutbound, streams.openInbound, streams.reservedInbound]).toEqual([1, 0, 1]);
    apply(streams, promised, RECEIVE_HEADERS);
    expect([streams.openOutbound, streams.openInbound, streams.reservedInbound]).toEqual([1, 1, 0]);
    apply(streams, promised, SEND_RST_STREAM);
    expect([streams.openOutbound, streams.openInbound, streams.reservedInbound]).toEqual([1, 0, 0]);
  });

  it("are counted as a walk over all of them would count", () => {
    const step = fc.record({
      id: fc.integer({ min: 1, max: 16 }),
      input: fc.constantFrom(...Object.values(StreamInput)),
    });
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 60 }), (isClient, steps) => {
        const streams = table({ isClient });
        const states = new Map<number, StreamState>();
        for (const { id, input } of steps) {
          const state = streams.stateOf(id);
          expect(state).toBe(
            states.get(id) ?? (id > highest(states, id) ? StreamState.IDLE : StreamState.FORGOTTEN),
          );
          if (verdictOf(judge(state, input)) !== Verdict.PROCEED) continue;
          const stream = streams.find(id) ?? streams.open(id);
          apply(streams, stream, input);
          states.set(id, stream.state);
          expectCounts(streams, states);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function highest(states: ReadonlyMap<number, StreamState>, like: number): number {
  return Math.max(0, ...Array.from(states.keys()).filter((id) => (id - like) % 2 === 0));
}

function expectCounts(streams: StreamTable, states: ReadonlyMap<number, StreamState>): void {
  const all = Array.from(states);
  const open = all.filter(([, state]) => isCounted(state));
  expect(streams.openOutbound).toBe(open.filter(([id]) => streams.isOutbound(id)).length);
  expect(streams.openInbound).toBe(open.filter(([id]) => !streams.isOutbound(id)).length);
  expect(streams.reservedInbound).toBe(
    all.filter(([, state]) => state === StreamState.RESERVED_REMOTE).length,
  );
  expect(streams.size).toBe(all.filter(([, state]) => !isClosed(state)).length);
}
