import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { joined } from "./support/frames.ts";
import { type Answer, octetsOf, Replay, replayed, verdictOf } from "./support/replay.ts";
import { parseTranscripts, renderTranscripts, type Step, type Transcript } from "./support/transcript.ts";

/** Fills in what the engine does, for a reader to compare with the RFC: never a way to make a failing case pass. */
const { TRANSCRIPTS } = process.env;
const WRITES = TRANSCRIPTS === "write";

const FOLDER = new URL("./transcripts/", import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".md") && name !== "README.md");

describe.each(NAMES)("transcripts of %s", (name) => {
  const url = new URL(name, FOLDER);
  const file = parseTranscripts(readFileSync(url, "utf8"));
  if (WRITES) writeFileSync(url, renderTranscripts(file, replayed));
  const cases = parseTranscripts(readFileSync(url, "utf8")).parts.filter((part) => typeof part !== "string");

  it.each(cases.map((one) => [one.title, one] as const))("%s", (_title, transcript) => {
    expect(replayed(transcript), "frame by frame").toEqual(transcript.steps);
    expect(verdictOf(transcript.steps), "verdict").toBe(transcript.verdict);
    const segments = segmentsOf(transcript);
    const expected = segments.map(({ steps }) => account(steps.flatMap(({ answer }) => answer)));
    expect(
      replayedIn(transcript, segments, () => []),
      "whole",
    ).toEqual(expected);
    expect(replayedIn(transcript, segments, cutsOf), "octet by octet").toEqual(expected);
    const expectedText = JSON.stringify(expected);
    for (const [cut, segment] of segments.entries()) {
      for (const position of cutsOf(segment)) {
        const found = replayedIn(transcript, segments, (_, index) => (index === cut ? [position] : []));
        // A comparison by `expect` alone would take most of the time.
        if (JSON.stringify(found) !== expectedText) expect(found, `cut at ${position}`).toEqual(expected);
      }
    }
  });
});

/** A command, or what the peer sends up to the next one. */
interface Segment {
  readonly steps: readonly Step[];
  readonly octets: Uint8Array;
}

function segmentsOf({ steps }: Transcript): Segment[] {
  const segments: Segment[] = [];
  let received: Step[] = [];
  const close = (): void => {
    if (received.length > 0) segments.push({ steps: received, octets: joined(...received.map(octetsOf)) });
    received = [];
  };
  for (const step of steps) {
    if (step.kind === "in") received.push(step);
    else {
      close();
      segments.push({ steps: [step], octets: new Uint8Array(0) });
    }
  }
  close();
  return segments;
}

/** Plays a case with the octets of each segment cut at these places, and says what each segment led to. */
function replayedIn(
  transcript: Transcript,
  segments: readonly Segment[],
  cutsIn: (segment: Segment, index: number) => number[],
): Account[] {
  const replay = new Replay(transcript);
  const answers = segments.map((segment, index) => {
    const [first] = segment.steps;
    if (first?.kind === "do") replay.command(first.text);
    else replay.receiveCut(segment.octets, cutsIn(segment, index));
    return replay.take();
  });
  return answers.map(account);
}

/** Events and frames apart: which frame answers which of several is seen frame by frame alone. */
interface Account {
  readonly events: Answer;
  readonly sent: Answer;
}

function account(answer: Answer): Account {
  return {
    events: answer.filter((line) => line.startsWith("event ")),
    sent: answer.filter((line) => line.startsWith("out ")),
  };
}

/** Everywhere; in the middle of a very long payload, where one octet is like the next, only here and there. */
function cutsOf({ steps, octets }: Segment): number[] {
  const all = Array.from(octets, (_, index) => index).slice(1);
  if (octets.length < LONG) return all;
  let border = 0;
  const near = new Set<number>();
  for (const step of steps) {
    for (let position = border - 12; position <= border + 12; position++) near.add(position);
    border += octetsOf(step).length;
  }
  return all.filter((position) => near.has(position) || position % 4_999 === 0);
}

const LONG = 2_000;
