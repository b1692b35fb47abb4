import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { RequestRecord } from "../../../src/cli/request-log.ts";
import { journalFor } from "../../../src/cli/serve/journal.ts";

const REQUEST: RequestRecord = {
  method: "GET",
  url: "/a\x1b",
  status: 200,
  isAborted: false,
  protocol: "h2",
  negotiated: "alpn",
  octets: 5,
  milliseconds: 1.25,
  remoteAddress: "::1",
};
const INTRODUCTION = {
  url: "http://localhost:1",
  serves: "an echo",
  speaks: "HTTP/2",
  lines: [["curl x", "a way"]] as const,
};

/** What a journal writes in a format when all happens that can. */
function written(format: "text" | "json" | "none"): string {
  const stream = new PassThrough();
  const journal = journalFor(format, stream as unknown as NodeJS.WriteStream);
  journal.introduce(INTRODUCTION);
  journal.request(REQUEST);
  journal.request({ ...REQUEST, isAborted: true, octets: null });
  journal.note("ending", "Closing.");
  return String(stream.read());
}

describe("journalFor", () => {
  it("writes lines for people, in which nothing controls the terminal", () => {
    expect(written("text").split("\n")).toEqual([
      "http://localhost:1 serves an echo.",
      "It speaks HTTP/2.",
      "",
      "Try:",
      "  curl x  # a way",
      "",
      "GET /a\\x1b 200 h2(alpn) 5 octets 1.3 ms",
      "GET /a\\x1b aborted h2(alpn) 1.3 ms",
      "Closing.",
      "",
    ]);
  });

  it("writes an object a line", () => {
    const lines = written("json").trimEnd().split("\n");
    const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects).toMatchObject([
      { event: "listening", url: "http://localhost:1", speaks: "HTTP/2" },
      {
        event: "request",
        method: "GET",
        url: "/a\x1b",
        status: 200,
        aborted: false,
        protocol: "h2",
        negotiated: "alpn",
        octets: 5,
        milliseconds: 1.3,
        remoteAddress: "::1",
      },
      { event: "request", aborted: true, octets: null },
      { event: "ending", message: "Closing." },
    ]);
    expect(objects.every(({ time }) => !Number.isNaN(Date.parse(String(time))))).toBe(true);
  });

  it("can leave requests out", () => {
    expect(written("none")).not.toContain("GET");
    expect(written("none")).toContain("Closing.");
  });
});
