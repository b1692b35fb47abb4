import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, onTestFinished } from "vitest";

const MAIN: string = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

/** What a finished command has printed. */
export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly octets: Uint8Array;
}

/** Starts the built command. */
function start(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
  // It may end before it has read all.
  child.stdin.on("error", () => {});
  return child;
}

/** Runs the built command to its end. */
export async function run(args: readonly string[], input: string = ""): Promise<Finished> {
  const child = start(args, {});
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = collect(child.stdout);
  const errors = collect(child.stderr);
  child.stdin.end(input);
  const [exitCode] = (await once(child, "close")) as [number | null];
  const octets = Buffer.concat(output);
  return { exitCode, octets, stdout: octets.toString(), stderr: Buffer.concat(errors).toString() };
}

function collect(stream: NodeJS.ReadableStream): Buffer[] {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

/** A command that goes on running, and what it prints. */
export class Running {
  readonly child: ChildProcessWithoutNullStreams;
  #text: string;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = start(args, env);
    this.#text = "";
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#text += text;
    });
    this.child.stderr.resume();
  }

  /** All that was printed so far. */
  get text(): string {
    return this.#text;
  }

  /** Waits until something was printed; its groups, or all of it. */
  async prints(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#text);
      if (found !== null) return found[1] ?? found[0];
      if (this.child.stdout.readableEnded) throw new Error(`It ended without ${pattern}:\n${this.#text}`);
      await Promise.race([once(this.child.stdout, "data"), once(this.child.stdout, "end")]);
    }
  }

  /** Sends a signal and waits for the end: the exit code, or the name of the signal. */
  async end(signal: NodeJS.Signals): Promise<number | string> {
    this.child.kill(signal);
    const [exitCode, killedBy] = (await once(this.child, "close")) as [number | null, string | null];
    return exitCode ?? (killedBy as string);
  }
}

/** A running `h2wire serve` on a free port. */
export interface Serving {
  readonly server: Running;
  readonly url: string;
}

/** Starts `h2wire serve` for the rest of the test. */
export async function serve(...args: string[]): Promise<Serving> {
  const server = new Running(["serve", "--port", "0", ...args]);
  onTestFinished(() => void server.child.kill("SIGKILL"));
  return { server, url: await server.prints(URL_PRINTED) };
}

/** Starts one `h2wire serve` for all tests of a suite, and tells its URL. */
export function serveForAll(...args: string[]): () => string {
  const server = new Running(["serve", "--port", "0", ...args]);
  let url = "";
  beforeAll(async () => {
    url = await server.prints(URL_PRINTED);
  });
  afterAll(() => void server.child.kill("SIGKILL"));
  return () => url;
}

const URL_PRINTED = /^(https?:\/\/\S+)/;
