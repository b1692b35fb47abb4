import { readFile } from "node:fs/promises";
import { selfSigned } from "../../http/server/port/self-signed.ts";
import type { ServeOptions } from "../arguments.ts";
import { ExitCode } from "../exit-code.ts";
import { CommandFailure } from "../failure.ts";

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * The certificate that the options ask for; null for a port without TLS.
 *
 * @throws CommandFailure for a certificate without its key, and for files that cannot be read.
 */
export async function certificateOf({ tls, cert, key }: ServeOptions): Promise<Certificate | null> {
  if (cert !== undefined && key !== undefined) {
    return { cert: await readText(cert), key: await readText(key) };
  }
  if (cert !== undefined || key !== undefined) {
    throw new CommandFailure(ExitCode.USAGE, "--cert and --key belong together");
  }
  return tls === true ? selfSigned() : null;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CommandFailure(ExitCode.READ, (error as Error).message, { cause: error });
  }
}
