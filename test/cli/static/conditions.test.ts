import { describe, expect, it } from "vitest";
import { isNotModified, mayContinue } from "../../../src/cli/static/conditions.ts";

const MODIFIED = "Mon, 02 Mar 2026 10:00:00 GMT";
const head = { ETag: 'W/"10-1"', "Last-Modified": MODIFIED };

describe("isNotModified", () => {
  it.each(['W/"10-1"', '"10-1"', '"a,b", W/"10-1"', "*", " * ", '"a","10-1"'])(
    "finds the tag in %s by the weak comparison (RFC 9110 section 13.1.2)",
    (tags) => {
      expect(isNotModified({ "if-none-match": tags }, head)).toBe(true);
    },
  );

  it.each(['"10"', '"10-1', "10-1", "", '"*"'])("does not find it in %j", (tags) => {
    expect(isNotModified({ "if-none-match": tags }, head)).toBe(false);
  });

  it("goes by the date where there is no tag (RFC 9110 section 13.1.3)", () => {
    expect(isNotModified({ "if-modified-since": MODIFIED }, head)).toBe(true);
    expect(isNotModified({ "if-modified-since": "Mon, 02 Mar 2026 09:59:59 GMT" }, head)).toBe(false);
    expect(isNotModified({ "if-modified-since": "yesterday" }, head)).toBe(false);
    expect(isNotModified({ "if-none-match": '"other"', "if-modified-since": MODIFIED }, head)).toBe(false);
    expect(isNotModified({}, head)).toBe(false);
  });
});

describe("mayContinue", () => {
  it("takes the exact date, and no weak tag (RFC 9110 section 13.1.5)", () => {
    const modified = new Date(MODIFIED);
    expect(mayContinue(undefined, modified)).toBe(true);
    expect(mayContinue(MODIFIED, modified)).toBe(true);
    expect(mayContinue("Mon, 02 Mar 2026 10:00:01 GMT", modified)).toBe(false);
    expect(mayContinue('W/"10-1"', modified)).toBe(false);
  });
});
