import { describe, expect, it } from "vitest";
import { findTest, titlesOf } from "../../tools/conformance/test-titles.ts";
import { conformancePage, missingTests, untestedRules } from "../../tools/conformance.ts";

describe("docs/conformance.md", () => {
  it("is what tools/conformance.ts writes from the rules and the tests", async () => {
    await expect(conformancePage()).toMatchFileSnapshot("../../docs/conformance.md");
  });

  it("has no rule that nobody tests", () => {
    expect(untestedRules()).toEqual({ must: [], should: [] });
  });
});

describe("the tests that the rules name", () => {
  const rule = (...tests: string[]) => [{ level: "MUST", rule: "Something.", tests } as const];

  it("must be there, in their file", () => {
    expect(missingTests(rule("connection/ping > is answered with the same octets"))).toEqual([]);
    expect(missingTests(rule("connection/ping > is answered by a song"))).toEqual([
      'test/connection/ping.test.ts has no test "is answered by a song"',
    ]);
    expect(missingTests(rule("connection/pong > is there"))).toHaveLength(1);
  });

  it("may be one row of several, whose words stand in the file", () => {
    expect(findTest("connection/start > cannot be HEADERS from a client")).toMatchObject({
      suites: ["the first frame (RFC 9113 section 3.4)"],
      hasRows: true,
    });
    expect(missingTests(rule("connection/start > cannot be ORIGIN from a client"))).toHaveLength(1);
  });

  it("are read off a file without running it", () => {
    const text = `
      describe("a thing", () => {
        it("is \\"quoted\\"", () => {});
        describe.each([1])("of kind %i", () => {
          it.each(["a", "b"])(\`has %s\`, () => {});
        });
      });
      expect(it).toBe("nothing like a test");
    `;
    expect(titlesOf(text)).toEqual([
      { suites: ["a thing"], title: 'is "quoted"', hasRows: false },
      { suites: ["a thing", "of kind %i"], title: "has %s", hasRows: true },
    ]);
  });
});
