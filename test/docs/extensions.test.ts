import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as engine from "../../src/index.ts";
import { programsOf, readPage } from "../support/markdown.ts";
import { runProgram } from "../support/programs.ts";

const page = readPage("docs/extensions.md");
const programs = programsOf(page);

/** What the table names between backticks, by column. */
const rows = page.text
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"))
  .slice(1)
  .map((line) => line.split("|").slice(2, 5).map(namesIn));

function namesIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = ""]) => name);
}

const EVENTS: readonly engine.H2Event["type"][] = [
  "AlternativeServiceAvailable",
  "InformationalResponseReceived",
  "OriginReceived",
  "PriorityUpdateReceived",
  "RemoteSettingsChanged",
  "RequestReceived",
  "UnknownFrameReceived",
];

describe("docs/extensions.md", { timeout: 60_000 }, () => {
  it("has a program, and under it what it prints", () => {
    expect(programs).toHaveLength(1);
    expect(programs[0]?.output).toBeDefined();
  });

  it.each(programs)("runs the program, which prints what it says", async ({ program, output }) => {
    const ran = await runProgram(["--input-type=module"], program);
    expect(ran.errors).toBe("");
    expect(ran.output).toBe(output);
  });

  it("names options, limits, settings and methods that there are", () => {
    const places = [
      new engine.H2Configuration(),
      engine.DEFAULT_LIMITS,
      engine.SettingCodes,
      engine.H2Connection.prototype,
      engine,
    ];
    const named = rows.flatMap(([options = [], methods = []]) => [...options, ...methods]);
    const known = (name: string): boolean => places.some((place) => name in place) || name === ":protocol";
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !known(name))).toEqual([]);
  });

  it("names events, functions and properties that there are", () => {
    const known: readonly string[] = [
      ...EVENTS,
      "originSet",
      "parsePriority",
      "remoteSettings.noRfc7540Priorities",
    ];
    const named = rows.flatMap(([, , heard = []]) => heard);
    expect([...new Set(named)].sort()).toEqual([...known].sort());
    expect("originSet" in engine.H2Connection.prototype).toBe(true);
    expect("noRfc7540Priorities" in engine.Settings.prototype).toBe(true);
  });

  it("links to files that exist", () => {
    expect(page.links.filter((path) => !existsSync(new URL(path, page.url)))).toEqual([]);
  });
});
