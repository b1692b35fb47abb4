import { python, script } from "./scripts.ts";
import { runTool } from "./tool.ts";

export interface PythonRequests {
  readonly way: "alpn" | "upgrade" | "prior";
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly bodySize?: number;
  /** How many requests go over the one connection. */
  readonly count?: number;
}

interface PythonResponse {
  readonly streamId: number;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bodyLength: number;
  readonly sha256: string;
  /** The body's beginning. */
  readonly text: string;
}

export interface PythonResult {
  readonly alpn: string | null;
  /** The status line that the request for Upgrade got. */
  readonly statusLine: string | null;
  /** What stopped the client, for instance a reset stream; null is good. */
  readonly failure: string | null;
  /** How often h2 gave each of its events. */
  readonly events: Readonly<Record<string, number>>;
  readonly responses: readonly PythonResponse[];
}

/** Runs a client on Python's h2. What it meets on the wire is in the result; a crash is an error. */
export async function runPythonClient(requests: PythonRequests): Promise<PythonResult> {
  const { way, port, path, method = "GET", bodySize = 0, count = 1 } = requests;
  const args = [script("h2_client.py"), way, "localhost", port, path, method, bodySize, count];
  const output = await runTool(python, args.map(String));
  if (output.exitCode !== 0) throw new Error(`The Python client failed:\n${output.stderr}`);
  return JSON.parse(output.text) as PythonResult;
}
