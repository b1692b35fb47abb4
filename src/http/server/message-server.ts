import type { Server as HttpServer } from "node:http";
import { type ErrorReport, guarded, type Listener } from "./messages/listener.ts";
import { MessageExchange } from "./messages/message-exchange.ts";
import type { Log } from "./observe/log.ts";
import { portOf, stopListening, urlOf } from "./port/node-server.ts";
import { PortServer } from "./port/port-server.ts";
import type { Server, ServerOptions } from "./server-options.ts";
import { tunnelOr } from "./tunnel/tunnel-style.ts";

/** A server of node, with what ours has beyond it. */
export function messageServer(options: ServerOptions, listener: Listener | null): Server {
  const report = options.onError ?? reportTo(options.log);
  const port = new PortServer(options, report, (server) => {
    const dispatch = { server, report };
    return tunnelOr(server, report, (opening) => new MessageExchange(dispatch, opening));
  });
  const { server } = port;
  if (listener !== null) server.on("request", guarded(listener, report));
  return withDrain(server, port);
}

/** `close` drains connections of HTTP/2 too; `shutdown` does it by a deadline. */
function withDrain(server: HttpServer, port: PortServer): Server {
  const { close } = server;
  const stop = (): void => stopListening(server);
  const additions = {
    stats: () => port.stats(),
    close: (...given: Parameters<typeof close>) => {
      port.drain();
      return Reflect.apply(close, server, given) as typeof server;
    },
    shutdown: ({ deadline }: { deadline?: number } = {}) => port.shutdown(stop, deadline),
    [Symbol.asyncDispose]: () => port.shutdown(stop),
  };
  const result = Object.assign(server, additions);
  Object.defineProperties(result, {
    url: { get: () => urlOf(server) },
    port: { get: () => portOf(server) },
  });
  return result as unknown as Server;
}

function reportTo(log: Log | undefined): ErrorReport {
  if (log === undefined) return reportToConsole;
  return (error, request) => {
    const { method, url } = request ?? {};
    log.error({ err: error, method, url }, "a listener has thrown");
  };
}

const reportToConsole: ErrorReport = (error) => {
  console.error("h2wire: a listener has thrown:", error);
};
