import { runTool, type Tool } from "./tool.ts";

const tool: Tool = { name: "nghttp", debianPackage: "nghttp2-client" };

export interface NghttpResult {
  /** The :status of each response, in the order in which they came. */
  readonly statuses: readonly number[];
  /** Whether nghttp was given 101 (Switching Protocols) before. */
  readonly switched: boolean;
  /** What nghttp called a fault of the server's: invalid frames, resets, GOAWAY with an error. Empty is good. */
  readonly faults: readonly string[];
  /** All that nghttp printed about the frames. */
  readonly log: string;
}

/** Runs nghttp with its listing of frames, discarding the bodies. */
export async function runNghttp(args: readonly string[]): Promise<NghttpResult> {
  const { text, stderr } = await runTool(tool, ["--null-out", "--verbose", "--no-verify-peer", ...args]);
  const log = text + stderr;
  const statuses = [...log.matchAll(/recv \(stream_id=\d+\) :status: (\d+)/g)];
  return {
    statuses: statuses.map((match) => Number(match[1])),
    switched: log.includes("HTTP Upgrade success"),
    faults: log.split("\n").filter(isFault),
    log,
  };
}

/** Runs nghttp for its listing of frames, as it stands. */
export async function nghttpLog(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await runTool(tool, ["--null-out", "--verbose", ...args]);
  return stdout.toString("latin1") + stderr;
}

/** Runs nghttp for the body it downloads. */
export async function downloadByNghttp(args: readonly string[]): Promise<Buffer> {
  const output = await runTool(tool, ["--no-verify-peer", ...args]);
  if (output.exitCode !== 0) throw new Error(`nghttp failed:\n${output.stderr}`);
  return output.stdout;
}

function isFault(line: string): boolean {
  return /\[INVALID|\[ERROR\]|RST_STREAM|error_code=(?!NO_ERROR)|not processed|failed/.test(line);
}
