/**
 * Writes docs/conformance.md, the rules of RFC 9113 and RFC 7541 with the tests that prove them, from the data in
 * tools/conformance/. It fails where a test is named that is gone.
 *
 * Run it with `node tools/conformance.ts` (Node 22.18 or later), or with any Node by
 * `npx vitest run test/docs/conformance-page.test.ts -u`.
 */
import { writeFileSync } from "node:fs";
import { CONNECTION_RULES } from "./conformance/connection-rules.ts";
import { CONTROL_FRAME_RULES } from "./conformance/control-frame-rules.ts";
import { ERROR_RULES } from "./conformance/error-rules.ts";
import { FLOW_CONTROL_RULES } from "./conformance/flow-control-rules.ts";
import { FRAME_RULES } from "./conformance/frame-rules.ts";
import { HPACK_RULES } from "./conformance/hpack-rules.ts";
import { LEFT_OUT } from "./conformance/left-out.ts";
import { MESSAGE_RULES } from "./conformance/message-rules.ts";
import { REQUEST_RULES } from "./conformance/request-rules.ts";
import type { Level, Rule, Section } from "./conformance/rule.ts";
import { START_RULES } from "./conformance/start-rules.ts";
import { STREAM_RULES } from "./conformance/stream-rules.ts";
import { findTest } from "./conformance/test-titles.ts";

interface Chapter {
  readonly title: string;
  readonly sections: readonly Section[];
}

const CHAPTERS: readonly Chapter[] = [
  {
    title: "RFC 9113: HTTP/2",
    sections: [
      ...START_RULES,
      ...STREAM_RULES,
      ...ERROR_RULES,
      ...FRAME_RULES,
      ...CONTROL_FRAME_RULES,
      ...FLOW_CONTROL_RULES,
      ...MESSAGE_RULES,
      ...REQUEST_RULES,
      ...CONNECTION_RULES,
    ].sort(bySectionNumber),
  },
  { title: "RFC 7541: HPACK", sections: HPACK_RULES },
];

const LEVELS: readonly Level[] = ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT"];

/** Rules without a test, by level. */
export function untestedRules(): { must: string[]; should: string[] } {
  const untested = allRules(CHAPTERS).filter(({ tests }) => tests.length === 0);
  const of = (begin: string): string[] =>
    untested.filter(({ level }) => level.startsWith(begin)).map(({ rule }) => rule);
  return { must: of("MUST"), should: of("SHOULD") };
}

/**
 * The text of docs/conformance.md.
 *
 * @throws Error naming every test that the data names and test/ has not.
 */
export function conformancePage(): string {
  const gone = missingTests(allRules(CHAPTERS));
  if (gone.length > 0) throw new Error(gone.join("\n"));
  return `# Conformance

<!-- Written by tools/conformance.ts from tools/conformance/ and the tests. Do not edit. -->

What RFC 9113 (sections 3 to 10) and RFC 7541 ask of us and a peer can see, each in our own words, with a test that
proves it. A test's title continues the title of its suite. Where the RFC leaves a choice, the row says what we do, and
why.

${summary()}

${CHAPTERS.map(chapterText).join("\n\n")}

## Left out

What these sections ask for and no peer can see, or what concerns programs that h2wire is not.

| Section | What | Why |
| --- | --- | --- |
${LEFT_OUT.map(({ section, what, why }) => row([section, what, why])).join("\n")}
`;
}

/** What is wrong with the tests that the rules name, a sentence each. */
export function missingTests(rules: readonly Rule[]): string[] {
  return rules.flatMap(({ tests }) =>
    tests.flatMap((name) => {
      try {
        findTest(name);
        return [];
      } catch (error) {
        return [(error as Error).message];
      }
    }),
  );
}

function allRules(chapters: readonly Chapter[]): Rule[] {
  return chapters.flatMap(({ sections }) => sections).flatMap(({ rules }) => rules);
}

function bySectionNumber(one: Section, other: Section): number {
  return one.number.localeCompare(other.number, "en", { numeric: true });
}

function summary(): string {
  const lines = CHAPTERS.map((chapter) => {
    const rules = allRules([chapter]);
    const counts = LEVELS.map((level) => rules.filter((rule) => rule.level === level).length);
    return row([chapter.title, ...counts, rules.filter(({ tests }) => tests.length === 0).length]);
  });
  return [row(["", ...LEVELS, "untested"]), row(["---", "---", "---", "---", "---", "---"]), ...lines].join(
    "\n",
  );
}

function chapterText({ title, sections }: Chapter): string {
  return [`## ${title}`, ...sections.map(sectionText)].join("\n\n");
}

function sectionText({ number, title, rules }: Section): string {
  const rows = rules.map(({ level, rule, choice, tests }) =>
    row([
      level,
      choice === undefined ? escaped(rule) : `${escaped(rule)}<br>**We choose:** ${escaped(choice)}`,
      tests.length === 0 ? "**untested**" : tests.map(testText).join("<br>"),
    ]),
  );
  return [`### ${number} ${title}`, "", row(["", "Rule", "Test"]), row(["---", "---", "---"]), ...rows].join(
    "\n",
  );
}

function testText(name: string): string {
  const [file = ""] = name.split(" > ");
  const { suites, title } = findTest(name);
  const around = suites.map((suite) => `${escaped(suite)} › `);
  return `[${file}](../test/${file}.test.ts): ${around.join("")}*${escaped(title)}*`;
}

function escaped(text: string): string {
  return text.replace(/[|*_<\\`]/g, "\\$&");
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

if (process.argv[1]?.endsWith("conformance.ts") === true) {
  writeFileSync(new URL("../docs/conformance.md", import.meta.url), conformancePage());
}
