import { runWorkers, WorkersError, type WorkersEvent } from "../../http/server.ts";
import type { ServeOptions } from "../arguments.ts";
import { ExitCode } from "../exit-code.ts";
import { CommandFailure } from "../failure.ts";
import { printableText } from "../terminal.ts";
import { equip } from "./application.ts";
import { type Certificate, certificateOf } from "./certificate.ts";
import type { Content } from "./content.ts";
import { introductionTo } from "./introduction.ts";
import { type Journal, journalFor } from "./journal.ts";
import { openServer } from "./open-server.ts";

/** Serves with several processes, each of which runs this command, until a signal comes and all are done. */
export async function serveByWorkers(
  content: Content,
  options: ServeOptions,
  workers: number | "auto",
): Promise<void> {
  const journal = journalFor(options.log, process.stdout);
  try {
    await runWorkers<Certificate | null>({
      workers,
      drainTimeout: options.drainTimeout,
      // All have the same, one that is made for the occasion too.
      share: () => certificateOf(options),
      start: async (certificate) => {
        const application = equip(await content.load(), options, journal);
        return openServer(application, options, certificate);
      },
      observe: (event) => tell(event, content, options, journal),
    });
  } catch (error) {
    throw error instanceof WorkersError ? failureOf(error) : error;
  }
}

function failureOf(error: WorkersError): CommandFailure {
  const own = Object.values(ExitCode).find((code) => code === error.exitCode && code !== ExitCode.OK);
  // A worker that could not start has said why, and by its exit code what kind of failure that is.
  if (error.code === "START_FAILED" && own !== undefined) {
    return new CommandFailure(own, error.message, { cause: error, isQuiet: true });
  }
  return new CommandFailure(ExitCode.FAILED, error.message, { cause: error });
}

function tell(event: WorkersEvent, content: Content, options: ServeOptions, journal: Journal): void {
  switch (event.type) {
    case "ready": {
      const processes = event.workers === 1 ? "1 process" : `${event.workers} processes`;
      const serves = `${content.description} with ${processes}`;
      journal.introduce(introductionTo(event.url, serves, options));
      return;
    }
    case "lost": {
      const how = event.signal === null ? `with exit code ${event.exitCode}` : `by ${event.signal}`;
      journal.note("worker-lost", `The process ${event.pid} has ended ${how}; another takes its place.`);
      return;
    }
    case "restarting":
      journal.note("restarting", "Replacing one process after the other.");
      return;
    case "restarted":
      journal.note("restarted", "Every process has been replaced.");
      return;
    case "restart-failed": {
      const reason = event.error instanceof Error ? event.error.message : String(event.error);
      journal.note(
        "restart-failed",
        `Those that are left go on, since a new process failed: ${printableText(reason)}`,
      );
      return;
    }
    case "ending":
      journal.note("ending", "Closing when the requests under way are done; a second signal ends them.");
      return;
  }
}
