import { runTool, type Tool } from "./tool.ts";

const tool: Tool = { name: "h2load", debianPackage: "nghttp2-client" };

export interface H2loadResult {
  readonly total: number;
  readonly succeeded: number;
  /** Requests that failed, were cut off or ran into a timeout. */
  readonly failed: number;
  /** Responses with a status of 200 to 299. */
  readonly successful: number;
  /** As h2load names it: h2, h2c or http/1.1. */
  readonly protocol: string;
}

export async function runH2load(args: readonly string[]): Promise<H2loadResult> {
  const { text, stderr } = await runTool(tool, args, { timeout: 50_000 });
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(text);
    if (found === null) throw new Error(`h2load did not finish:\n${text}${stderr}`);
    return Number(found[1]);
  };
  return {
    total: number(/(\d+) total,/),
    succeeded: number(/(\d+) succeeded/),
    failed: number(/(\d+) failed/) + number(/(\d+) errored/) + number(/(\d+) timeout/),
    successful: number(/status codes: (\d+) 2xx/),
    protocol: /Application protocol: (\S+)/.exec(text)?.[1] ?? "",
  };
}
