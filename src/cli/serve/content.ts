import { statSync } from "node:fs";
import type { ServeOptions } from "../arguments.ts";
import { echo } from "../echo.ts";
import { ExitCode } from "../exit-code.ts";
import { CommandFailure } from "../failure.ts";
import { serveFolder } from "../static/serve-folder.ts";
import { printableText } from "../terminal.ts";
import type { Application } from "./application.ts";
import { loadModule } from "./module.ts";

/** What a server serves. */
export interface Content {
  readonly kind: "echo" | "folder" | "module";
  /** In words, as in "serves …". */
  readonly description: string;
  /** Makes what answers the requests. */
  readonly load: () => Promise<Application>;
}

/**
 * Finds out what is to be served.
 *
 * @throws CommandFailure for a target that is not there, and for options that are not for it.
 */
export function contentOf(target: string | undefined, options: ServeOptions): Content {
  const content = target === undefined ? ECHO : targetContent(target, options);
  for (const [name, isGiven] of [
    ["--spa", options.spa === true],
    ["--no-listing", !options.listing],
  ] as const) {
    if (isGiven && content.kind !== "folder")
      throw new CommandFailure(ExitCode.USAGE, `${name} is for a folder`);
  }
  return content;
}

const ECHO: Content = {
  kind: "echo",
  description: "an account of each request",
  load: () => Promise.resolve({ style: "messages", handler: echo }),
};

function targetContent(target: string, options: ServeOptions): Content {
  if (!isFolder(target)) {
    return { kind: "module", description: printableText(target), load: () => loadModule(target) };
  }
  const handler = serveFolder(target, { listing: options.listing, spa: options.spa === true });
  return {
    kind: "folder",
    description: `the files of ${printableText(target)}`,
    load: () => Promise.resolve({ style: "messages", handler }),
  };
}

function isFolder(target: string): boolean {
  try {
    return statSync(target).isDirectory();
  } catch (error) {
    const message = `there is no folder and no module ${target}`;
    throw new CommandFailure(ExitCode.READ, message, { cause: error });
  }
}
