import { Server as TlsServer } from "node:tls";
import { nodeServerOf, retire } from "../../http/server/workers/retire.ts";
import type { Serving } from "../../http/server.ts";
import { tlsServerOptions } from "../../node/tls-profile.ts";
import type { ServeOptions } from "../arguments.ts";
import { printableText } from "../terminal.ts";
import { untilSignal } from "../until-signal.ts";
import { equip } from "./application.ts";
import { certificateOf } from "./certificate.ts";
import type { Content } from "./content.ts";
import { introductionTo } from "./introduction.ts";
import { type Journal, journalFor } from "./journal.ts";
import { openServer } from "./open-server.ts";

/** Serves in this process until a signal comes, and then until the requests under way are done. */
export async function serveAlone(content: Content, options: ServeOptions): Promise<void> {
  const journal = journalFor(options.log, process.stdout);
  const certificate = await certificateOf(options);
  const application = equip(await content.load(), options, journal);
  const server = await openServer(application, options, certificate);
  const signal = untilSignal();
  const forget = reloadAtHangup(server, options, journal);
  journal.introduce(introductionTo(server.url, content.description, options));
  await signal;
  forget();
  journal.note("ending", "Closing when the requests under way are done; a second signal ends them.");
  await retire(server, options.drainTimeout);
}

/** Reads a certificate again at SIGHUP, for connections from then on. @returns what makes it stop. */
function reloadAtHangup(serving: Serving, options: ServeOptions, journal: Journal): () => void {
  const { cert, http1 } = options;
  const server = nodeServerOf(serving);
  if (cert === undefined || !(server instanceof TlsServer)) return () => {};
  const protocols = http1 ? (["h2", "http/1.1"] as const) : (["h2"] as const);
  const reload = async (): Promise<void> => {
    try {
      const certificate = await certificateOf(options);
      if (certificate !== null) server.setSecureContext(tlsServerOptions({ protocols, ...certificate }));
      journal.note("reloaded", "The certificate was read again.");
    } catch (error) {
      const reason = printableText((error as Error).message);
      journal.note("reload-failed", `The certificate stays as it is: ${reason}`);
    }
  };
  const receive = (): void => void reload();
  process.on("SIGHUP", receive);
  return () => process.off("SIGHUP", receive);
}
