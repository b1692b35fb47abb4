/** Our server with WebSockets, for a client of somebody else. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { createServer, requestInfo } from "../../../src/http/server.ts";
import type { Certificate } from "./certificate.ts";

/** What the server saw of a WebSocket. */
interface SeenWebSocket {
  readonly path: string;
  readonly protocol: string;
  readonly negotiated: string;
  readonly streamId: number | null;
  readonly origin: string;
  /** Resolves when it has closed. */
  readonly closed: Promise<readonly [code: number, reason: string]>;
}

export interface WebSocketSubject {
  readonly url: string;
  /** In the order in which they were opened. */
  readonly seen: readonly SeenWebSocket[];
  connections(): { readonly http2: number; readonly http1: number };
  stop(): Promise<void>;
}

/**
 * Every message is sent back. `/close?code=N&reason=TEXT` closes the WebSocket at once, `/cut` drops it, `/refused` is
 * none. Of subprotocols "second" is chosen, if it is offered. All else is an empty page.
 */
export async function startWebSocketSubject(
  tls: Certificate,
  extendedConnect: boolean,
): Promise<WebSocketSubject> {
  const options = { tls: { key: tls.key, cert: tls.cert }, extendedConnect };
  const server = createServer(options, (_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end('<!doctype html><title>WebSockets</title><link rel="icon" href="data:,">');
  });
  const seen: SeenWebSocket[] = [];
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: true,
    handleProtocols: (protocols) => protocols.has("second") && "second",
    verifyClient: ({ req }: { req: IncomingMessage }) => req.url !== "/refused",
  });
  sockets.on("connection", (socket, request) => {
    const { protocol, negotiated, streamId } = requestInfo(request);
    const path = request.url ?? "";
    const origin = request.headers.origin ?? "";
    const closed = once(socket, "close").then(([code, reason]) => [code, String(reason)] as const);
    seen.push({ path, protocol, negotiated, streamId, origin, closed });
    treat(socket, new URL(path, server.url));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `https://localhost:${server.port}`,
    seen,
    connections: () => {
      const { http2Connections, http1Connections } = server.stats();
      return { http2: http2Connections, http1: http1Connections };
    },
    stop: () => server.shutdown({ deadline: 1_000 }),
  };
}

function treat(socket: WebSocket, { pathname, searchParams }: URL): void {
  socket.on("error", () => {});
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  if (pathname === "/close") socket.close(Number(searchParams.get("code")), searchParams.get("reason") ?? "");
  if (pathname === "/cut") socket.terminate();
}
