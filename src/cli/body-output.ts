import { type FileHandle, open } from "node:fs/promises";
import { ExitCode } from "./exit-code.ts";
import { CommandFailure } from "./failure.ts";

/** Where a body goes: each write is over when the octets have gone. */
export interface BodyOutput {
  write(octets: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Drops everything. */
export const NO_OUTPUT: BodyOutput = { write: async () => {}, close: async () => {} };

/** @param path - of a file, which is emptied; `-` is the standard output. @throws CommandFailure */
export async function openOutput(path: string): Promise<BodyOutput> {
  if (path === "-") return { write: writeStandardOutput, close: async () => {} };
  const file = await open(path, "w").catch(failed);
  return {
    write: (octets) => writeFile(file, octets),
    close: () => file.close().catch(failed),
  };
}

/** @throws CommandFailure, a quiet one if the reader has gone. */
export function writeStandardOutput(content: Uint8Array | string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    process.stdout.write(content, (error) => (error ? reject(error) : resolve()));
  }).catch(failed);
}

/** It goes on where the write before it ended. */
function writeFile(file: FileHandle, octets: Uint8Array): Promise<void> {
  return file.writeFile(octets).catch(failed);
}

function failed(error: NodeJS.ErrnoException): never {
  const isQuiet = error.code === "EPIPE";
  throw new CommandFailure(ExitCode.WRITE, error.message, { cause: error, isQuiet });
}
