import { once } from "node:events";
import type { Server } from "../http/server.ts";

/** Makes a server listen. @throws what it emits as its error, such as EADDRINUSE. */
export async function listening(server: Server, port: number, host: string): Promise<Server> {
  await once(server.listen(port, host), "listening");
  return server;
}
