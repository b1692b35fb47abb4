import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { opened } from "../support/opened.ts";
import { equalCuts, failureOf } from "./play.mjs";
import { parseScript, scriptText } from "./script.mjs";

const FOLDER = new URL("corpus/", import.meta.url);
const SCRIPTS = readdirSync(FOLDER).map((file) => parseScript(readFileSync(new URL(file, FOLDER), "utf8")));

describe("inputs that failed once", () => {
  for (const script of SCRIPTS) {
    it(`${script.rule}`, () => {
      expect(failureOf(opened, script, [equalCuts])).toBe(null);
    });
  }

  it("are written down without a loss", () => {
    for (const script of SCRIPTS) {
      const text = scriptText(script);
      expect(scriptText(parseScript(text)) === text, script.rule).toBe(true);
    }
  });
});
