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
function start(args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [MAIN, ...args]);
  // It may end before it has read all.
  child.stdin.on("error", () => {});
  return child;
}

/** Runs the built command to its end. */
export async function run(args: readonly string[], input: string = ""): Promise<Finished> {
  const child = start(args);
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
class Running {
  readonly child: ChildProcessWithoutNullStreams;
  #text: string;

  constructor(args: readonly string[]) {
    this.child = start(args);
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

  /** Waits until something was printed; its first group, or all of it. */
  prints(pattern: RegExp): Promise<string> {
    const { stdout } = this.child;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.#text);
        if (found === null && !stdout.readableEnded) return;
        stdout.off("data", look).off("end", look);
        if (found !== null) resolve(found[1] ?? found[0]);
        else reject(new Error(`It ended without ${pattern}:\n${this.#text}`));
      };
      stdout.on("data", look).on("end", look);
      look();
    });
  }

  /** Sends a signal and waits for the end: the exit code, or the name of the signal. */
  async end(signal: NodeJS.Signals): Promise<number | string> {
    this.child.kill(signal);
    const [exitCode, killedBy] = (await once(this.child, "close")) as [number | null, string | null];
    return exitCode ?? (killedBy as string);
  }
}

/** Starts a command that runs until it is told to end, at the latest with the test. */
export function startRunning(...args: string[]): Running {
  const running = new Running(args);
  onTestFinished(() => void running.child.kill("SIGKILL"));
  return running;
}

/** Starts `h2wire serve` on a free port for the rest of the test. */
export async function serve(...args: string[]): Promise<{ server: Running; url: string }> {
  const server = startRunning("serve", "--port", "0", ...args);
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
