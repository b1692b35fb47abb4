import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { findTool, runTool, type Tool } from "./tool.ts";

const tool: Tool = { name: "chromium", debianPackage: "chromium" };

const switches = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--ignore-certificate-errors",
  // Time stands still while a request is under way, so that the page is printed when its script is done.
  "--virtual-time-budget=20000",
  "--dump-dom",
];

/** Opens a page in a fresh profile and gives the document as it is when its script has run. */
export async function dumpPage(url: string, directory: string): Promise<string> {
  const profile = `--user-data-dir=${join(directory, "chromium")}`;
  const output = await runTool(tool, [...switches, profile, url], { timeout: 50_000 });
  if (output.exitCode !== 0) throw new Error(`chromium failed:\n${output.stderr}`);
  return output.text;
}

/** Starts the browser, for pages that are driven from outside. It is to be closed. */
export function startBrowser(...others: readonly string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: findTool(tool),
    args: ["--no-sandbox", "--disable-quic", "--ignore-certificate-errors", ...others],
  });
}

/** What a page left as JSON in its element of id "result". */
export function readResult<Result>(page: string): Result {
  const found = /<pre id="result">([^<]*)<\/pre>/.exec(page);
  if (found === null) throw new Error(`The page has no result:\n${page}`);
  return JSON.parse(
    (found[1] as string).replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
  );
}
