#!/usr/bin/env node
import { CommanderError } from "commander";
import { type Commands, commandLine } from "./arguments.ts";
import { ExitCode } from "./exit-code.ts";
import { CommandFailure, failureOf, isExpected } from "./failure.ts";
import { printableText } from "./terminal.ts";
import { VERSION } from "./version.ts";

// Whoever reads may stop reading: `h2wire get … | head` is no mistake. What is lost on the way to the standard error
// nobody would have read, and the standard output is checked where it matters.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(ExitCode.WRITE);
});
process.stderr.on("error", () => {});

/** Each command is loaded when it is called: `get` is there after 0.2 seconds instead of 0.4. */
const COMMANDS: Commands = {
  serve: async (...given) => (await import("./commands/serve.ts")).serve(...given),
  get: async (...given) => (await import("./commands/get.ts")).get(...given),
  demo: async (...given) => (await import("./commands/demo.ts")).demo(...given),
};

const exitCode = await run(process.argv);
// What went wrong may have left connections behind; the last line is written before.
if (exitCode === ExitCode.OK) process.exitCode = exitCode;
else process.stderr.write("", () => process.exit(exitCode));

async function run(words: readonly string[]): Promise<number> {
  try {
    await commandLine(COMMANDS, VERSION).parseAsync(words);
    return ExitCode.OK;
  } catch (error) {
    return tell(error);
  }
}

/** Says what went wrong, in a sentence if it is not this program's fault. @returns the exit code. */
function tell(error: unknown): number {
  // It has said all that there is to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
  if (!isExpected(error)) {
    console.error(error);
    return ExitCode.FAILED;
  }
  const failure = error instanceof CommandFailure ? error : failureOf(error);
  if (!failure.isQuiet) console.error(`h2wire: ${printableText(failure.message)}`);
  return failure.exitCode;
}
