import { describe, expect, it } from "vitest";
import { complaintsAbout, renderOutcomes } from "../../src/cli/outcome-table.ts";
import { leavePlain } from "../../src/cli/terminal.ts";
import { type Outcome, WAYS } from "../../src/cli/ways.ts";

const GOOD: Outcome = { protocol: "h2", tls: null, status: 200, octets: 12, time: 1.25, complaint: null };
const BAD: Outcome = {
  protocol: "none",
  tls: null,
  status: 0,
  octets: 0,
  time: 0,
  complaint: "it \x1b broke",
};

function outcomes(third: Outcome): Outcome[] {
  return WAYS.map((_, index) => (index === 2 ? third : GOOD));
}

describe("the table of the demonstration", () => {
  it("has a marked row for each way, and no complaint when all is as it should be", () => {
    const lines = renderOutcomes(outcomes(GOOD), leavePlain);
    expect(lines.filter((line) => line.startsWith("✓"))).toHaveLength(5);
    expect(lines.at(-1)).toBe("Every way resulted in what it should.");
    expect(complaintsAbout(outcomes(GOOD))).toEqual([]);
  });

  it("says which way did not result in what it should", () => {
    const lines = renderOutcomes(outcomes(BAD), leavePlain);
    expect(lines.find((line) => line.startsWith("✗"))).toMatch(/^✗ Upgrade: h2c +none +- +- +- +- +-$/);
    expect(lines.at(-1)).toBe("Upgrade: h2c: it should be h2 by upgrade, but it \\x1b broke.");
    expect(complaintsAbout(outcomes(BAD))).toHaveLength(1);
  });
});
