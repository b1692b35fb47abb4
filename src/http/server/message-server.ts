import type { Server as HttpServer } from "node:http";
import { guarded, type Listener } from "./messages/listener.ts";
import { MessageExchange } from "./messages/message-exchange.ts";
import { reportTo } from "./observe/report.ts";
import { portOf, urlOf } from "./port/node-server.ts";
import { PortServer } from "./port/port-server.ts";
import type { Server, ServerOptions, ShutdownOptions } from "./server-options.ts";
import { tunnelOr } from "./tunnel/tunnel-style.ts";

/** A server of node, with what ours has beyond it. */
export function messageServer(options: ServerOptions, listener: Listener | null): Server {
  const report = options.onError ?? reportTo(options.log, "a listener has thrown");
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
  const additions = {
    stats: () => port.stats(),
    close: (...given: Parameters<typeof close>) => {
      port.drain();
      return Reflect.apply(close, server, given) as typeof server;
    },
    shutdown: (options: ShutdownOptions = {}) => port.shutdown(options),
    [Symbol.asyncDispose]: () => port.shutdown({}),
  };
  const result = Object.assign(server, additions);
  Object.defineProperties(result, {
    url: { get: () => urlOf(server) },
    port: { get: () => portOf(server) },
  });
  return result as unknown as Server;
}
