/** The server under load: echo, big answers, uploads that are counted, WebSocket. Tells its memory when asked. */
import { once } from "node:events";
import { createServer } from "h2wire/server";
import { WebSocketServer } from "ws";

const BIG = Buffer.alloc(2 * 1024 * 1024, "h2wire ");
let unhandled = 0;
process.on("uncaughtException", () => unhandled++);
process.on("unhandledRejection", () => unhandled++);

const server = createServer({ onError: () => unhandled++ }, async (request, response) => {
  if (request.method === "POST") {
    let length = 0;
    request.on("error", () => {});
    request.on("data", (chunk) => {
      length += chunk.length;
    });
    request.on("end", () => response.end(String(length)));
  } else if (request.url === "/big") response.end(BIG);
  else response.end("Hello, World!");
});
new WebSocketServer({ server }).on("connection", (socket) => {
  socket.on("error", () => {});
  socket.on("message", (message) => socket.send(message));
});
await once(server.listen(0, "127.0.0.1"), "listening");

process.on("message", () => {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, rss, external } = process.memoryUsage();
  const { connections, streams, totals } = server.stats();
  process.send({ heapUsed, rss, external, connections, streams, totals, unhandled });
});
process.send({ url: server.url });
process.once("SIGTERM", () => server.shutdown({ deadline: 2_000 }).then(() => process.exit(0)));
