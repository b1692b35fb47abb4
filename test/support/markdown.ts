import { readFileSync } from "node:fs";

/** A fenced block of a page. */
interface CodeBlock {
  readonly language: string;
  readonly content: string;
}

/** A page of documentation and its blocks, in order. */
export interface Page {
  readonly url: URL;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  /** Targets of links to files, without those to the web or within the page. */
  readonly links: readonly string[];
}

/** Reads a page, given by its path from the root of the project. */
export function readPage(path: string): Page {
  const url = new URL(`../../${path}`, import.meta.url);
  const text = readFileSync(url, "utf8");
  const blocks = Array.from(text.matchAll(/^```(\w*)\n(.*?)^```$/gms), ([, language = "", content = ""]) => ({
    language,
    content,
  }));
  const links = Array.from(text.matchAll(/\]\(([^)#:]+)\)/g), ([, target = ""]) => target);
  return { url, text, blocks, links };
}

/** The programs of a page with what the block under each says that they print. */
export function programsOf({
  blocks,
}: Page): { number: number; program: string; output: string | undefined }[] {
  return blocks.flatMap(({ language, content }, index) => {
    const next = blocks[index + 1];
    const output = next?.language === "text" ? next.content : undefined;
    return language === "js" ? [{ number: index + 1, program: content, output }] : [];
  });
}
