import { runTool, type Tool } from "./tool.ts";

const tool: Tool = { name: "curl", debianPackage: "curl" };

export interface CurlResult {
  /** "2" or "1.1". */
  readonly httpVersion: string;
  readonly status: number;
  readonly downloaded: number;
  readonly body: Buffer;
  /** Whether curl was given 101 (Switching Protocols) on the way. */
  readonly switched: boolean;
}

/** Runs curl; `input` is what `--data-binary @-` sends. A transfer that fails is an error. */
export async function runCurl(args: readonly string[], input?: Uint8Array): Promise<CurlResult> {
  const summary = "%{stderr}summary: %{http_version} %{http_code} %{size_download}\n";
  const all = ["--silent", "--show-error", "--verbose", "--insecure", "--write-out", summary, ...args];
  const output = await runTool(tool, all, input === undefined ? {} : { input });
  const found = /^summary: (\S+) (\d+) (\d+)$/m.exec(output.stderr);
  if (output.exitCode !== 0 || found === null) throw new Error(`curl failed:\n${output.stderr}`);
  return {
    httpVersion: found[1] as string,
    status: Number(found[2]),
    downloaded: Number(found[3]),
    body: output.stdout,
    switched: /^< HTTP\/1\.1 101/m.test(output.stderr),
  };
}
