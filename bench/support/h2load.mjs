// One run of h2load, and what it says.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Requests a second. A run with a request that failed is no run. */
export async function h2load(port, requests) {
  const args = ["-n", String(requests), "-c", "10", "-m", "50", "-t", "1", `http://127.0.0.1:${port}/`];
  const { stdout } = await promisify(execFile)("h2load", args, { maxBuffer: 1 << 24 });
  const rate = /finished in .*?, ([\d.]+) req\/s/.exec(stdout);
  const succeeded = /(\d+) succeeded, (\d+) failed, (\d+) errored/.exec(stdout);
  if (rate === null || succeeded === null) throw new Error(`h2load printed:\n${stdout}`);
  if (Number(succeeded[1]) !== requests) throw new Error(`not all requests succeeded: ${succeeded[0]}`);
  return Number(rate[1]);
}

export const H2LOAD_COMMAND = "h2load -n N -c 10 -m 50 -t 1 http://127.0.0.1:PORT/";
