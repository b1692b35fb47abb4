import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What became of a program that ran to its end. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/**
 * Runs `node` in the project's root, where modules import the built h2wire by its name, and waits for its end.
 *
 * @param input - what it reads from its standard input.
 */
export async function runProgram(args: readonly string[], input = ""): Promise<Outcome> {
  const child = spawn(process.execPath, args, { cwd: ROOT });
  child.stdin.end(input);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { exitCode: child.exitCode, output, errors };
}

/** A server in a process of its own, which has said `listening on URL`. */
export class ServerProgram {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #output: Transcript;
  readonly #errors: Transcript;

  private constructor(url: string, child: ChildProcess, output: Transcript, errors: Transcript) {
    this.url = url;
    this.#child = child;
    this.#output = output;
    this.#errors = errors;
  }

  /** @throws Error with what it has to say, if it ends instead. */
  static async start(args: readonly string[]): Promise<ServerProgram> {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    const errors = new Transcript(child.stderr);
    const output = new Transcript(child.stdout);
    const [, url] = await output.waitFor(/listening on (\S+)\n/);
    if (url === undefined) throw new Error(`${args[0]} does not listen: ${errors.text}`);
    return new ServerProgram(url, child, output, errors);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Waits until it has written something to its standard error, at any time; false if it ends before. */
  async complains(pattern: RegExp): Promise<boolean> {
    return (await this.#errors.waitFor(pattern)).length > 0;
  }

  /** Whether the process is there still. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends it. @returns what it has written to its standard output. */
  async stop(): Promise<string> {
    if (this.isRunning) {
      this.#child.kill();
      await once(this.#child, "close");
    }
    return this.#output.text;
  }
}

/** What a stream has brought so far. */
class Transcript {
  text: string;
  readonly #stream: Readable;

  constructor(stream: Readable) {
    this.text = "";
    this.#stream = stream;
    stream.setEncoding("utf8").on("data", (part: string) => {
      this.text += part;
    });
  }

  /** Waits for the pattern: its match, or an empty list if the stream ends without it. */
  waitFor(pattern: RegExp): Promise<readonly string[]> {
    return new Promise((resolve) => {
      const look = (): void => {
        const match = pattern.exec(this.text);
        if (match !== null) finish(match);
      };
      const giveUp = (): void => finish([]);
      const finish = (match: readonly string[]): void => {
        this.#stream.off("data", look).off("close", giveUp);
        resolve(match);
      };
      this.#stream.on("data", look).on("close", giveUp);
      if (this.#stream.closed) giveUp();
      look();
    });
  }
}
