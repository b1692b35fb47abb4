import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** A program of the suite, and the Debian package that brings it. */
export interface Tool {
  readonly name: string;
  readonly debianPackage: string;
}

export interface ToolOutput {
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** What was printed on stdout, as text. */
  readonly text: string;
}

export interface ToolOptions {
  /** What the tool reads on stdin, which is closed after it. */
  readonly input?: Uint8Array;
  /** Keeps stdin open after the input, for tools that leave when it ends. */
  readonly keepInputOpen?: boolean;
  /** Milliseconds after which the tool is killed and the call fails. */
  readonly timeout?: number;
  /** Ends the tool when this says that its stdout has all there is to wait for. */
  readonly until?: (stdout: Buffer) => boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

// The server programs are in sbin, which is not on every user's PATH.
const systemFolders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];

/** The path of a tool. A missing one is an error that says what to install, never a skipped test. */
export function findTool(tool: Tool): string {
  if (tool.name.startsWith("/")) return refuseMissing(tool, tool.name);
  const { PATH = "" } = process.env;
  const folders = [...PATH.split(":"), ...systemFolders];
  const folder = folders.find((candidate) => candidate !== "" && existsSync(join(candidate, tool.name)));
  return refuseMissing(tool, folder === undefined ? undefined : join(folder, tool.name));
}

function refuseMissing(tool: Tool, path: string | undefined): string {
  if (path !== undefined && existsSync(path)) return path;
  throw new Error(
    `The interop suite needs ${tool.name}: install Debian's package ${tool.debianPackage} ` +
      "(sh tools/install-interop-peers.sh installs all of them).",
  );
}

export function spawnTool(tool: Tool, args: readonly string[], options: ToolOptions = {}): ChildProcess {
  return spawn(findTool(tool), args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C.UTF-8", ...options.environment },
  });
}

/** Runs a tool to its end and gives what it printed, whatever its exit code is. */
export function runTool(tool: Tool, args: readonly string[], options: ToolOptions = {}): Promise<ToolOutput> {
  const child = spawnTool(tool, args, options);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout.push(chunk);
    if (options.until?.(Buffer.concat(stdout)) === true) child.kill("SIGTERM");
  });
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  feed(child, options);
  return new Promise((resolve, reject) => {
    const timeout = options.timeout ?? 30_000;
    const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      clearTimeout(timer);
      const output = Buffer.concat(stdout);
      const errors = Buffer.concat(stderr).toString();
      if (signal === "SIGKILL") {
        reject(new Error(`${tool.name} did not end in ${timeout} ms:\n${output.toString()}\n${errors}`));
      } else resolve({ exitCode, stdout: output, stderr: errors, text: output.toString() });
    });
  });
}

function feed(child: ChildProcess, options: ToolOptions): void {
  // A tool that leaves early closes the pipe; its exit code tells more than EPIPE.
  child.stdin?.on("error", () => {});
  if (options.input !== undefined) child.stdin?.write(options.input);
  if (options.keepInputOpen !== true) child.stdin?.end();
}
