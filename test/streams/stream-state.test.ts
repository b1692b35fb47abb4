import { describe, expect, it } from "vitest";
import {
  enter,
  isClosed,
  isCounted,
  isReset,
  judge,
  STATE_TABLE,
  StreamInput,
  StreamState,
  Verdict,
  verdictOf,
} from "../../src/streams/stream-state.ts";

/**
 * What RFC 9113 section 5.1 asks for, written down a second time. Cells are the state that follows, or in small
 * letters what happens instead:
 *
 * - misuse: the caller may not; never: another input was judged before it, and refused
 * - ignore: nothing; drop: nothing but what the whole connection shares
 * - rst: RST_STREAM(STREAM_CLOSED); refuse: RST_STREAM(REFUSED_STREAM) on the promised stream
 * - goaway: GOAWAY(PROTOCOL_ERROR); goaway5: GOAWAY(STREAM_CLOSED)
 */
// biome-ignore format: a table
const EXPECTED: Readonly<Record<keyof typeof StreamInput, readonly [rule: string, section: string, cells: string]>> = {
  //                                                    IDLE      RES_L     RES_R     OPEN      HC_L      HC_R      ENDED     RESET_HERE RESET_BY_PEER FORGOTTEN
  SEND_HEADERS: ["HEADERS open what is idle or promised by us, and go on while our half is open", "RFC 9113 section 6.2",
    "OPEN      HC_R      misuse    OPEN      misuse    HC_R      misuse    misuse    misuse    misuse"],
  SEND_DATA: ["DATA needs our half to be open", "RFC 9113 section 6.1",
    "misuse    misuse    misuse    OPEN      misuse    HC_R      misuse    misuse    misuse    misuse"],
  SEND_END_STREAM: ["END_STREAM closes our half", "RFC 9113 section 5.1",
    "misuse    misuse    misuse    HC_L      misuse    ENDED     misuse    misuse    misuse    misuse"],
  SEND_RST_STREAM: ["RST_STREAM ends any stream that lives, and none that is idle", "RFC 9113 section 6.4",
    "misuse    RST_H     RST_H     RST_H     RST_H     RST_H     misuse    misuse    misuse    misuse"],
  SEND_WINDOW_UPDATE: ["WINDOW_UPDATE may go as long as the stream lives, but not where we promised it", "RFC 9113 section 6.9",
    "misuse    misuse    RES_R     OPEN      HC_L      HC_R      misuse    misuse    misuse    misuse"],
  SEND_PUSH_PROMISE: ["a promise goes where the peer asks and we still answer", "RFC 9113 section 6.6",
    "misuse    misuse    misuse    OPEN      misuse    HC_R      misuse    misuse    misuse    misuse"],
  SEND_RESERVE: ["only an idle stream is promised", "RFC 9113 section 5.1.1",
    "RES_L     misuse    misuse    misuse    misuse    misuse    misuse    misuse    misuse    misuse"],
  SEND_UPGRADE: ["the upgraded request is complete on the client's side", "RFC 7540 section 3.2",
    "HC_L      misuse    misuse    misuse    misuse    misuse    misuse    misuse    misuse    misuse"],
  RECEIVE_HEADERS: ["HEADERS open what is idle or was promised, and none may come behind the end", "RFC 9113 section 5.1",
    "OPEN      goaway    HC_L      OPEN      HC_L      rst       goaway5   drop      rst       goaway"],
  RECEIVE_DATA: ["DATA needs the peer's half to be open", "RFC 9113 section 6.1",
    "goaway    goaway    goaway    OPEN      HC_L      rst       goaway5   drop      rst       rst"],
  RECEIVE_END_STREAM: ["END_STREAM closes the peer's half", "RFC 9113 section 5.1",
    "never     never     never     HC_R      ENDED     never     never     never     never     never"],
  RECEIVE_RST_STREAM: ["RST_STREAM ends any stream that lives, and is an error on an idle one", "RFC 9113 section 6.4",
    "goaway    RST_P     RST_P     RST_P     RST_P     RST_P     ignore    ignore    ignore    ignore"],
  RECEIVE_WINDOW_UPDATE: ["WINDOW_UPDATE is for who will send, and may come late", "RFC 9113 section 6.9",
    "goaway    RES_L     goaway    OPEN      HC_L      HC_R      ignore    ignore    ignore    ignore"],
  RECEIVE_PUSH_PROMISE: ["a promise comes where the peer still answers, or where it cannot know that we do not listen", "RFC 9113 section 6.6",
    "goaway    goaway    goaway    OPEN      HC_L      goaway    goaway    refuse    goaway    goaway"],
  RECEIVE_RESERVE: ["only an idle stream is promised", "RFC 9113 section 6.6",
    "RES_R     goaway    goaway    goaway    goaway    goaway    goaway    goaway    goaway    goaway"],
  RECEIVE_UPGRADE: ["the upgraded request is complete on the server's side", "RFC 7540 section 3.2",
    "HC_R      misuse    misuse    misuse    misuse    misuse    misuse    misuse    misuse    misuse"],
};

const WORDS: Readonly<Record<string, Verdict>> = {
  misuse: Verdict.MISUSE,
  never: Verdict.UNREACHABLE,
  ignore: Verdict.IGNORE,
  drop: Verdict.DISCARD,
  rst: Verdict.STREAM_CLOSED,
  refuse: Verdict.REFUSE_PROMISE,
  goaway: Verdict.CONNECTION_PROTOCOL_ERROR,
  goaway5: Verdict.CONNECTION_STREAM_CLOSED,
};

const FOLLOWERS: Readonly<Record<string, StreamState>> = {
  RES_L: StreamState.RESERVED_LOCAL,
  RES_R: StreamState.RESERVED_REMOTE,
  OPEN: StreamState.OPEN,
  HC_L: StreamState.HALF_CLOSED_LOCAL,
  HC_R: StreamState.HALF_CLOSED_REMOTE,
  ENDED: StreamState.ENDED,
  RST_H: StreamState.RESET_HERE,
  RST_P: StreamState.RESET_BY_PEER,
};

const STATES = Object.entries(StreamState);

for (const [name, [rule, section, cells]] of Object.entries(EXPECTED)) {
  const input = StreamInput[name as keyof typeof StreamInput];
  const words = cells.split(/\s+/);
  describe(`${name}: ${rule} (${section})`, () => {
    it.each(STATES.map(([stateName, state]) => [stateName, words[state] as string, state] as const))(
      "in %s: %s",
      (_stateName, word, state) => {
        const cell = judge(state, input);
        const stream = { state };
        if (verdictOf(cell) === Verdict.PROCEED) enter(stream, cell);
        expect(verdictOf(cell)).toBe(WORDS[word] ?? Verdict.PROCEED);
        expect(stream.state).toBe(FOLLOWERS[word] ?? state);
      },
    );
  });
}

describe("the table as a whole (RFC 9113 section 5.1)", () => {
  it("answers each input in each state", () => {
    expect(STATE_TABLE.map(({ input }) => input)).toEqual(Object.values(StreamInput));
    for (const { cells } of STATE_TABLE) expect(cells).toHaveLength(STATES.length);
  });

  it("lets no stream out of a closed state", () => {
    for (const [, state] of STATES.filter(([, each]) => isClosed(each))) {
      for (const input of Object.values(StreamInput)) {
        expect(verdictOf(judge(state, input))).not.toBe(Verdict.PROCEED);
      }
    }
  });

  it("reaches every state but FORGOTTEN, which is only ever remembered", () => {
    const entered = new Set(STATE_TABLE.flatMap(({ cells }) => cells).filter((cell) => cell in StreamState));
    const never = Object.keys(StreamState).filter((name) => !entered.has(name as keyof typeof StreamState));
    expect(never).toEqual(["IDLE", "FORGOTTEN"]);
  });

  it("knows four ways of being closed", () => {
    expect(STATES.filter(([, state]) => isClosed(state)).map(([name]) => name)).toEqual([
      "ENDED",
      "RESET_HERE",
      "RESET_BY_PEER",
      "FORGOTTEN",
    ]);
  });

  it("knows two ways of being reset (section 6.4)", () => {
    expect(STATES.filter(([, state]) => isReset(state)).map(([name]) => name)).toEqual([
      "RESET_HERE",
      "RESET_BY_PEER",
    ]);
  });

  it("counts open and half-closed streams, and no reserved ones (section 5.1.2)", () => {
    expect(STATES.filter(([, state]) => isCounted(state)).map(([name]) => name)).toEqual([
      "OPEN",
      "HALF_CLOSED_LOCAL",
      "HALF_CLOSED_REMOTE",
    ]);
  });
});
