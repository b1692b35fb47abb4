import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { FetchHandler } from "../../http/server.ts";
import { ExitCode } from "../exit-code.ts";
import { CommandFailure } from "../failure.ts";
import type { Handler } from "../request-log.ts";
import type { Application } from "./application.ts";

/**
 * Loads the application that a module exports.
 *
 * @throws CommandFailure if the module cannot be loaded, or its default export is nothing that answers requests.
 */
export async function loadModule(path: string): Promise<Application> {
  const exported = await defaultExport(path);
  if (hasFetch(exported)) {
    return { style: "fetch", fetch: (request, info) => exported.fetch(request, info) };
  }
  if (typeof exported === "function") return { style: "messages", handler: exported as Handler };
  throw new CommandFailure(
    ExitCode.READ,
    `the default export of ${path} is neither { fetch } nor a function (request, response)`,
  );
}

/** Applications of some frameworks are functions that have it too, and mean it. */
function hasFetch(exported: unknown): exported is { readonly fetch: FetchHandler } {
  const mayHave = typeof exported === "object" || typeof exported === "function";
  return mayHave && exported !== null && "fetch" in exported && typeof exported.fetch === "function";
}

async function defaultExport(path: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown };
    return module.default;
  } catch (error) {
    // Its author wants to know where.
    console.error(error);
    throw new CommandFailure(ExitCode.READ, `the module ${path} could not be loaded`, { cause: error });
  }
}
