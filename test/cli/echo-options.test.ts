import { describe, expect, it } from "vitest";
import { parseEchoOptions } from "../../src/cli/echo-options.ts";

const DEFAULTS = { delay: 0, size: null, status: 200, trailers: false, chunks: null };

describe("parseEchoOptions", () => {
  it("has a value for what the query does not say, and ignores what it does not know", () => {
    expect(parseEchoOptions("/")).toEqual(DEFAULTS);
    expect(parseEchoOptions("/a?b=c&d")).toEqual(DEFAULTS);
    expect(parseEchoOptions("*")).toEqual(DEFAULTS);
  });

  it("reads every option", () => {
    const options = parseEchoOptions("/x?delay=5&size=0&status=404&trailers=1&chunks=3");
    expect(options).toEqual({ delay: 5, size: 0, status: 404, trailers: true, chunks: 3 });
  });

  it.each([
    ["delay=60001", "delay must be one whole number from 0 to 60000."],
    ["size=-1", "size must be one whole number from 0 to 9007199254740991."],
    ["size=", "size must be one whole number from 0 to 9007199254740991."],
    ["size=9007199254740993", "size must be one whole number from 0 to 9007199254740991."],
    ["status=199", "status must be one whole number from 200 to 599."],
    ["status=2e2", "status must be one whole number from 200 to 599."],
    ["trailers=yes", "trailers must be one whole number from 0 to 1."],
    ["chunks=0", "chunks must be one whole number from 1 to 100000."],
    ["chunks=1&chunks=2", "chunks must be one whole number from 1 to 100000."],
  ])("says what is wrong with %s", (query, sentence) => {
    expect(parseEchoOptions(`/?${query}`)).toBe(sentence);
  });
});
