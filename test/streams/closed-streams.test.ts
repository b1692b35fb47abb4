import { describe, expect, it } from "vitest";
import { ClosedStreams } from "../../src/streams/closed-streams.ts";
import { StreamState } from "../../src/streams/stream-state.ts";

const { ENDED, RESET_HERE, RESET_BY_PEER, FORGOTTEN } = StreamState;

describe("the memory of closed streams", () => {
  it("knows how each stream was closed", () => {
    const closed = new ClosedStreams(10);
    closed.add(1, ENDED);
    closed.add(3, RESET_HERE);
    closed.add(2, RESET_BY_PEER);
    expect([1, 2, 3, 5].map((id) => closed.stateOf(id))).toEqual([
      ENDED,
      RESET_BY_PEER,
      RESET_HERE,
      FORGOTTEN,
    ]);
  });

  it("forgets the oldest first and never holds more than its limit", () => {
    const closed = new ClosedStreams(3);
    for (let id = 1; id <= 10; id++) closed.add(id, ENDED);
    const known = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((id) => closed.stateOf(id) === ENDED);
    expect(known).toEqual([8, 9, 10]);
  });

  it("remembers nothing where nothing may be remembered", () => {
    const closed = new ClosedStreams(0);
    closed.add(1, ENDED);
    expect(closed.stateOf(1)).toBe(FORGOTTEN);
  });
});
