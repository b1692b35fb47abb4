import { readFileSync } from "node:fs";
import ts from "typescript";

/** A test as its file writes it down. */
export interface TestTitle {
  /** The titles of the suites around it, the outermost first. */
  readonly suites: readonly string[];
  readonly title: string;
  /** Whether it stands for several tests, of which each fills in the title. */
  readonly hasRows: boolean;
}

const TESTS = new URL("../../test/", import.meta.url);
const PLACEHOLDER = /%[sdifjo]|\$\w+/;
const files = new Map<string, TestFile>();

interface TestFile {
  readonly text: string;
  readonly titles: readonly TestTitle[];
}

/**
 * Finds the test that `name` means: `<file> > <title>`, with the suite before the title where a file has it twice.
 *
 * @throws Error when the file or the test is gone, or when the file has two tests of this title.
 */
export function findTest(name: string): TestTitle {
  const [file = "", ...rest] = name.split(" > ");
  const title = rest.join(" > ");
  const { text, titles } = testFile(file);
  const exact = titles.filter((test) => ` > ${fullTitle(test)}`.endsWith(` > ${title}`));
  const found = exact.length > 0 ? exact : titles.filter((test) => test.hasRows && isRow(test, title, text));
  const [first] = found;
  if (first === undefined) throw new Error(`test/${file}.test.ts has no test "${title}"`);
  if (found.length > 1) throw new Error(`test/${file}.test.ts has ${found.length} tests "${title}"`);
  return exact.length > 0 ? first : { ...first, title };
}

function fullTitle({ suites, title }: TestTitle): string {
  return [...suites, title].join(" > ");
}

/** The titles of the tests and suites that a text of TypeScript declares. */
export function titlesOf(text: string): TestTitle[] {
  const titles: TestTitle[] = [];
  const visit = (node: ts.Node, suites: readonly string[]): void => {
    const declared = ts.isCallExpression(node) ? declarationOf(node) : null;
    if (declared !== null && !declared.isSuite) {
      titles.push({ suites, title: declared.title, hasRows: declared.hasRows });
    }
    const inside = declared?.isSuite === true ? [...suites, declared.title] : suites;
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(ts.createSourceFile("test.ts", text, ts.ScriptTarget.Latest), []);
  return titles;
}

interface Declaration {
  readonly isSuite: boolean;
  readonly title: string;
  readonly hasRows: boolean;
}

/** `it("…")`, `describe("…")`, and either with `.each(…)` before the title; null for any other call. */
function declarationOf(call: ts.CallExpression): Declaration | null {
  const [title] = call.arguments;
  if (title === undefined || !ts.isStringLiteralLike(title)) return null;
  const { expression } = call;
  const hasRows = ts.isCallExpression(expression) && isEach(expression.expression);
  const name = hasRows ? expression.expression.expression : expression;
  if (!ts.isIdentifier(name) || (name.text !== "it" && name.text !== "describe")) return null;
  return { isSuite: name.text === "describe", title: title.text, hasRows };
}

function isEach(node: ts.Expression): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && node.name.text === "each";
}

function testFile(file: string): TestFile {
  let found = files.get(file);
  if (found === undefined) {
    const text = readFileSync(new URL(`${file}.test.ts`, TESTS), "utf8");
    found = { text, titles: titlesOf(text) };
    files.set(file, found);
  }
  return found;
}

/** Whether `title` is what one of the rows makes of the test's title: its words must stand in the file. */
function isRow({ title: template }: TestTitle, title: string, text: string): boolean {
  const parts = template.split(PLACEHOLDER).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const words = new RegExp(`^${parts.join("(.+?)")}$`).exec(title)?.slice(1);
  return words?.every((word) => text.includes(word)) === true;
}
