import type { ServeOptions } from "../arguments.ts";
import { contentOf } from "../serve/content.ts";
import { serveAlone } from "../serve/serve-alone.ts";
import { serveByWorkers } from "../serve/serve-by-workers.ts";

/** Milliseconds for what is open when all is done, such as a handshake of TLS that never ends. */
const AFTERWARDS = 1_000;

/** `h2wire serve`: serves a folder, a module or an echo until a signal comes. */
export async function serve(target: string | undefined, options: ServeOptions): Promise<void> {
  const content = contentOf(target, options);
  if (options.workers === undefined) await serveAlone(content, options);
  else await serveByWorkers(content, options, options.workers);
  setTimeout(() => process.exit(), AFTERWARDS).unref();
}
