import { readFileSync } from "node:fs";

const page = readFileSync(new URL("../../../docs/deployment.md", import.meta.url), "utf8");

/** The blocks of docs/deployment.md in one language, in their order. */
export function documentedBlocks(language: string): string[] {
  const blocks = page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"));
  return Array.from(blocks, ([, text]) => text as string);
}

/**
 * A documented configuration for this machine: everything in `replacements` has to be there, and is replaced wherever it is.
 */
export function adapted(text: string, replacements: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [documented, ours] of Object.entries(replacements)) {
    if (!result.includes(documented)) throw new Error(`docs/deployment.md says "${documented}" no more`);
    result = result.replaceAll(documented, ours);
  }
  return result;
}
