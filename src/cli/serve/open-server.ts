import { createServer, type FetchServer, type Server, type ServerStats, serve } from "../../http/server.ts";
import type { ServeOptions } from "../arguments.ts";
import { ExitCode } from "../exit-code.ts";
import { CommandFailure } from "../failure.ts";
import { listening } from "../listening.ts";
import type { Application } from "./application.ts";
import type { Certificate } from "./certificate.ts";
import { upgradePolicyOf } from "./introduction.ts";
import { withMetrics } from "./metrics.ts";

/** Makes a server as the options say, and lets it listen. @throws CommandFailure if that is not possible. */
export async function openServer(
  application: Application,
  options: ServeOptions,
  certificate: Certificate | null,
): Promise<Server | FetchServer> {
  const { port, host, http1 } = options;
  const tls = certificate === null ? {} : { tls: certificate };
  const common = { upgrade: upgradePolicyOf(options), http1, ...tls };
  let server: Server | FetchServer | null = null;
  const stats = (): ServerStats => (server as Server | FetchServer).stats();
  const { metrics } = options;
  const served = metrics === undefined ? application : withMetrics(application, metrics, stats);
  try {
    if (served.style === "fetch") {
      const fetchServer = serve({ ...common, fetch: served.fetch, port, hostname: host });
      server = fetchServer;
      return await fetchServer.ready;
    }
    server = createServer(common, served.handler);
    return await listening(server, port, host);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    // What no call of the system said is from TLS, about what it was given.
    if (syscall !== undefined) throw new CommandFailure(ExitCode.FAILED, message, { cause: error });
    throw new CommandFailure(ExitCode.READ, `certificate or key is of no use: ${message}`, { cause: error });
  }
}
