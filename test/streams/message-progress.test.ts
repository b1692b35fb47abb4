import { describe, expect, it } from "vitest";
import {
  MessagePart,
  MessageProgress,
  OUT_OF_ORDER,
  progressAfter,
} from "../../src/streams/message-progress.ts";

const { START, BODY, TRAILERS } = MessageProgress;
const { INTERIM_HEAD, HEAD, DATA } = MessagePart;

/** The progress behind all these parts, or OUT_OF_ORDER. */
function progressBehind(...parts: readonly MessagePart[]): number {
  let progress: MessageProgress = START;
  for (const part of parts) {
    const next = progressAfter(progress, part);
    if (next === OUT_OF_ORDER) return OUT_OF_ORDER;
    progress = next;
  }
  return progress;
}

describe("the order of a message (RFC 9113 section 8.1)", () => {
  it.each([
    ["a head", [HEAD], BODY],
    ["interim heads, as many as there are", [INTERIM_HEAD, INTERIM_HEAD, INTERIM_HEAD], START],
    ["a head behind interim ones", [INTERIM_HEAD, HEAD], BODY],
    ["a body behind the head", [HEAD, DATA, DATA], BODY],
    ["trailers behind the body", [HEAD, DATA, HEAD], TRAILERS],
    ["trailers without a body", [HEAD, HEAD], TRAILERS],
  ])("has room for %s", (_what, parts, progress) => {
    expect(progressBehind(...parts)).toBe(progress);
  });

  it.each([
    ["a body before the head", [DATA]],
    ["a body behind an interim head", [INTERIM_HEAD, DATA]],
    ["an interim head behind the head", [HEAD, INTERIM_HEAD]],
    ["an interim head behind the body", [HEAD, DATA, INTERIM_HEAD]],
    ["a body behind trailers", [HEAD, HEAD, DATA]],
    ["a second set of trailers", [HEAD, HEAD, HEAD]],
    ["an interim head behind trailers", [HEAD, HEAD, INTERIM_HEAD]],
  ])("has none for %s", (_what, parts) => {
    expect(progressBehind(...parts)).toBe(OUT_OF_ORDER);
  });
});
