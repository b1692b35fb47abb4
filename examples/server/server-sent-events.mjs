// Server-sent events: messages go to everybody who follows, each at its own pace. Who is slow does not fill the memory: an
// event is made when the client has room for it, and only the latest messages are kept.
//
//     node examples/server/server-sent-events.mjs [PORT]
//
//     curl -N --http2-prior-knowledge http://localhost:8080/events
//     curl -d 'hello' http://localhost:8080/messages
import { EventEmitter, once } from "node:events";
import { serve } from "h2wire/server";

const KEPT = 100;
const HEARTBEAT = 15_000;
const encoder = new TextEncoder();
const COMMENT = encoder.encode(":\n\n");
const messages = [];
let lastId = 0;
let isStopping = false;
/** Wakes those who have read everything. */
const board = new EventEmitter().setMaxListeners(0);

const server = serve({
  port: Number(process.argv[2] ?? 0),
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/events") return follow(request);
    if (request.method === "POST") return publish(await request.text());
    return new Response(`${board.listenerCount("wake")} wait for news\n`);
  },
});
await server.ready;
console.log(`listening on ${server.url}`);

// Without news there is a comment: proxies cut off what is silent, and who is gone without a word is noticed by it.
setInterval(() => board.emit("wake"), HEARTBEAT).unref();

function publish(message) {
  messages.push(message);
  if (messages.length > KEPT) messages.shift();
  lastId++;
  board.emit("wake");
  return new Response(null, { status: 204 });
}

function follow({ headers, signal }) {
  // A browser that was cut off says which event it has seen last.
  const seen = Number(headers.get("last-event-id") ?? lastId);
  let next = (seen >= 0 && seen <= lastId ? seen : 0) + 1;
  const events = new ReadableStream({
    async pull(controller) {
      // The signal aborts when the client is gone.
      if (next > lastId && !isStopping) await once(board, "wake", { signal });
      if (next > lastId) return isStopping ? controller.close() : controller.enqueue(COMMENT);
      next = Math.max(next, lastId - messages.length + 1);
      const message = messages.at(next - lastId - 1);
      return controller.enqueue(eventOf(next++, message));
    },
  });
  return new Response(events, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
  });
}

function eventOf(id, message) {
  const lines = message.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return encoder.encode(`id: ${id}\n${lines.join("")}\n`);
}

process.once("SIGTERM", () => {
  // Followers would never end by themselves. Browsers connect again, elsewhere if this is one of several.
  isStopping = true;
  board.emit("wake");
  void server.close();
});
