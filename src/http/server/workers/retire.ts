import type { Server as HttpServer } from "node:http";
import { IDLE_GRACE } from "../port/port-server.ts";
import type { FetchServer } from "../serve.ts";
import type { Server } from "../server-options.ts";

/** A server of `createServer` or of `serve`. */
export type Serving = Server | FetchServer;

/** The server of Node that is, or is below, a server. */
export function nodeServerOf(serving: Serving): HttpServer {
  return "node" in serving ? serving.node : serving;
}

/** Ends a server gracefully. @param deadline, idleGrace - see `ShutdownOptions`. */
export function retire(serving: Serving, deadline: number, idleGrace: number = IDLE_GRACE): Promise<void> {
  const options = { deadline, idleGrace };
  return "node" in serving ? serving.close(options) : serving.shutdown(options);
}
