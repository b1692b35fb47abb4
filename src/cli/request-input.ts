import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { GetOptions } from "./arguments.ts";
import { ExitCode } from "./exit-code.ts";
import { CommandFailure } from "./failure.ts";
import type { Target } from "./target.ts";

/** The request that the options ask for. */
export interface RequestInput {
  readonly method: string;
  readonly path: string;
  readonly headers: [name: string, value: string][];
  readonly body?: Uint8Array;
}

/** @throws CommandFailure if a file cannot be read. */
export async function requestInput(
  target: Target,
  options: GetOptions,
  version: string,
): Promise<RequestInput> {
  const body = await bodyOf(options.data ?? []);
  const own: [string, string][] = [
    ["user-agent", `h2wire/${version}`],
    ["accept", "*/*"],
  ];
  if (target.authorization !== null) own.push(["authorization", target.authorization]);
  if (body !== null) own.push(["content-type", "application/x-www-form-urlencoded"]);
  return {
    method: options.request ?? (body === null ? "GET" : "POST"),
    path: target.path,
    headers: withGiven(own, options.header ?? []),
    ...(body === null ? {} : { body }),
  };
}

/** What is given stands in place of our own field of that name. */
function withGiven(
  own: readonly [string, string][],
  given: readonly (readonly [string, string])[],
): [string, string][] {
  const names = new Set(given.map(([name]) => name));
  return [
    ...own.filter(([name]) => !names.has(name)),
    ...given.map(([name, value]): [string, string] => [name, value]),
  ];
}

/** All that was given, joined by `&` as forms are. */
async function bodyOf(data: readonly string[]): Promise<Uint8Array | null> {
  if (data.length === 0) return null;
  const parts: Uint8Array[] = [];
  for (const given of data) {
    if (parts.length > 0) parts.push(Buffer.from("&"));
    parts.push(given.startsWith("@") ? await contentOf(given.slice(1)) : Buffer.from(given));
  }
  return Buffer.concat(parts);
}

async function contentOf(file: string): Promise<Uint8Array> {
  try {
    return await (file === "-" ? buffer(process.stdin) : readFile(file));
  } catch (error) {
    throw new CommandFailure(ExitCode.READ, (error as Error).message, { cause: error });
  }
}
