/**
 * Writes docs/stream-states.md, the states of a stream, from the table that the engine works by.
 *
 * Run it with `node tools/stream-states.ts` (Node 22.18 or later), or with any Node by
 * `npx vitest run test/streams/stream-states-page.test.ts -u`.
 */
import { writeFileSync } from "node:fs";
import {
  type Cell,
  STATE_TABLE,
  type StateRow,
  StreamInput,
  StreamState,
} from "../src/streams/stream-state.ts";

type StateName = keyof typeof StreamState;
type InputName = keyof typeof StreamInput;

/** States in the words of RFC 9113 section 5.1; what it calls closed are four here. */
const STATES: Readonly<Record<StateName, string>> = {
  IDLE: "idle",
  RESERVED_LOCAL: "reserved (local)",
  RESERVED_REMOTE: "reserved (remote)",
  OPEN: "open",
  HALF_CLOSED_LOCAL: "half-closed (local)",
  HALF_CLOSED_REMOTE: "half-closed (remote)",
  ENDED: "closed: ended",
  RESET_HERE: "closed: reset here",
  RESET_BY_PEER: "closed: reset by the peer",
  FORGOTTEN: "closed: forgotten",
};

const INPUTS: Readonly<Record<InputName, string>> = {
  SEND_HEADERS: "send HEADERS",
  SEND_DATA: "send DATA",
  SEND_END_STREAM: "send END_STREAM",
  SEND_RST_STREAM: "send RST_STREAM",
  SEND_WINDOW_UPDATE: "send WINDOW_UPDATE",
  SEND_PUSH_PROMISE: "send PUSH_PROMISE on it",
  SEND_RESERVE: "send PUSH_PROMISE of it",
  SEND_UPGRADE: "send it in HTTP/1.1",
  RECEIVE_HEADERS: "receive HEADERS",
  RECEIVE_DATA: "receive DATA",
  RECEIVE_END_STREAM: "receive END_STREAM",
  RECEIVE_RST_STREAM: "receive RST_STREAM",
  RECEIVE_WINDOW_UPDATE: "receive WINDOW_UPDATE",
  RECEIVE_PUSH_PROMISE: "receive PUSH_PROMISE on it",
  RECEIVE_RESERVE: "receive PUSH_PROMISE of it",
  RECEIVE_UPGRADE: "receive it in HTTP/1.1",
};

/** What a cell that names no state stands for, in short and in full. */
const ANSWERS: Readonly<Record<Exclude<Cell, StateName>, readonly [short: string, meaning: string]>> = {
  MISUSE: ["–", "the caller gets an error, and nothing changes"],
  UNREACHABLE: ["·", "cannot happen: the frame that carries the flag was refused"],
  IGNORE: ["ignore", "nothing happens"],
  DISCARD: [
    "drop",
    "it counts for what the connection shares, field compression and flow control, and is dropped",
  ],
  STREAM_CLOSED: ["RST", "RST_STREAM with STREAM_CLOSED"],
  REFUSE_PROMISE: ["refuse", "RST_STREAM with REFUSED_STREAM on the promised stream"],
  CONNECTION_PROTOCOL_ERROR: ["GOAWAY 1", "the connection ends with PROTOCOL_ERROR"],
  CONNECTION_STREAM_CLOSED: ["GOAWAY 5", "the connection ends with STREAM_CLOSED"],
};

/** The text of docs/stream-states.md. */
export function streamStatesPage(): string {
  const sends = STATE_TABLE.filter(({ input }) => input < StreamInput.RECEIVE_HEADERS);
  const receives = STATE_TABLE.filter(({ input }) => input >= StreamInput.RECEIVE_HEADERS);
  return `# The states of a stream

<!-- Written by tools/stream-states.ts from src/streams/stream-state.ts. Do not edit. -->

What RFC 9113 section 5.1 says, as the table that the engine works by. What the RFC calls *closed* is four states
here, because the answer to a late frame depends on how the stream came to its end. "It" is the stream whose state
is asked for.

${diagram()}

## What we send

${table(sends)}

## What we receive

${table(receives)}

## How to read the tables

A cell with the name of a state is the state that follows. Other cells leave the stream as it is:

| cell | meaning |
| --- | --- |
${Object.values(ANSWERS)
  .map(([short, meaning]) => `| ${short} | ${meaning} |`)
  .join("\n")}

PRIORITY has no row: it may come and go in any state. Who may open which identifier, and that only servers promise,
is asked before the table is.
`;
}

function table(rows: readonly StateRow[]): string {
  const lines = [
    ["", ...Object.values(STATES)],
    ["---", ...Object.values(STATES).map(() => "---")],
    ...rows.map(({ input, cells }) => [INPUTS[nameOf(input)], ...cells.map(cellText)]),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function cellText(cell: Cell): string {
  return isState(cell) ? STATES[cell] : ANSWERS[cell][0];
}

/** The ways from one state to another; RST_STREAM, which leads from everywhere to the end, is left out. */
function diagram(): string {
  const ways = new Map<string, string[]>();
  for (const { input, cells } of STATE_TABLE) {
    if (input === StreamInput.SEND_RST_STREAM || input === StreamInput.RECEIVE_RST_STREAM) continue;
    cells.forEach((cell, index) => {
      const from = stateNames()[index] as StateName;
      if (!isState(cell) || cell === from) return;
      const way = `${from} --> ${cell}`;
      ways.set(way, [...(ways.get(way) ?? []), INPUTS[nameOf(input)]]);
    });
  }
  const named = Object.entries(STATES).filter(([name]) =>
    Array.from(ways.keys()).some((way) => way.includes(name)),
  );
  return `\`\`\`mermaid
stateDiagram-v2
${named.map(([name, words]) => `  ${name}: ${words.replace(":", ",")}`).join("\n")}
  [*] --> IDLE
${Array.from(ways, ([way, inputs]) => `  ${way}: ${inputs.join("<br>")}`).join("\n")}
  ENDED --> [*]
\`\`\`

RST_STREAM, sent or received, leads from every state but idle to *closed: reset here* or *closed: reset by the peer*.`;
}

function isState(cell: Cell): cell is StateName {
  return cell in StreamState;
}

function stateNames(): StateName[] {
  return Object.keys(StreamState) as StateName[];
}

function nameOf(input: StreamInput): InputName {
  return (Object.keys(StreamInput) as InputName[])[input] as InputName;
}

if (process.argv[1]?.endsWith("stream-states.ts") === true) {
  writeFileSync(new URL("../docs/stream-states.md", import.meta.url), streamStatesPage());
}
