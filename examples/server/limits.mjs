// Limits and timeouts: what a client may use up, and how a breach is seen. All have defaults; here are those that a program
// may want to set for itself.
//
//     node examples/server/limits.mjs [PORT]
//
//     curl http://localhost:8080/stats
import { serve } from "h2wire/server";

const LARGEST_BODY = 1_048_576;

const server = serve({
  port: Number(process.argv[2] ?? 0),
  // Of a connection of HTTP/2: requests at once; then budgets, with what time gives back to them.
  maxConcurrentStreams: 50,
  limits: {
    resetsReceived: { burst: 100, perSecond: 10 },
    fields: 64,
    fieldBlockOctets: 16_384,
  },
  // Milliseconds. The first one is for the negotiation, in HTTP/1.1 too.
  prefaceTimeout: 5_000,
  timeouts: { preface: 5_000, settingsAck: 5_000, fieldBlock: 5_000, idle: 30_000 },
  log: {
    debug() {},
    info() {},
    warn: (details, message) => console.log(`${message}: ${JSON.stringify(details)}`),
    error: (details, message) => console.error(message, details),
  },
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/stats") return Response.json(server.stats());
    const octets = await receivedOctets(request);
    if (octets > LARGEST_BODY) return new Response("too large\n", { status: 413 });
    return new Response(`${octets} octets\n`);
  },
});

// For HTTP/1.1 it is node:http that has them, also in milliseconds.
server.node.headersTimeout = 5_000;
server.node.requestTimeout = 30_000;
server.node.keepAliveTimeout = 30_000;
server.node.maxHeadersCount = 64;

await server.ready;
console.log(`listening on ${server.url}`);

/** How long a body is depends on the application. Whoever stops reading stops the client too. */
async function receivedOctets(request) {
  let octets = 0;
  for await (const chunk of request.body ?? []) {
    octets += chunk.length;
    if (octets > LARGEST_BODY) break;
  }
  return octets;
}
