import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { describeFrame } from "../../src/frames/index.ts";
import { type Outcome, runProgram } from "../support/programs.ts";
import { octetsOf } from "../support/sockets.ts";
import { WireReader } from "../support/wire.ts";

/** Processes start slowly where many do. */
export const PATIENT = { timeout: 60_000 };

export const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

/** Runs a client of the examples. @param ca - the certificate that it is to trust, in PEM. */
export async function runClient(way: string, url: string, ca: string): Promise<Outcome> {
  const args = way === "tls" ? [url, fileWith(ca)] : [url];
  return runProgram([`examples/negotiation/${way}-client.mjs`, ...args]);
}

/** A file for the rest of the test. */
function fileWith(content: string): string {
  const directory = mkdtempSync(join(tmpdir(), "h2wire-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "file");
  writeFileSync(file, content);
  return file;
}

/** The frames in what one side has sent, a line each. */
export function linesOf(sent: string): string[] {
  const reader = new WireReader(sent.startsWith("PRI"));
  return reader.read(octetsOf(sent)).map(({ frame }) => describeFrame(frame));
}
