// Metrics for Prometheus, and a line for each request by `node:diagnostics_channel`. Who subscribes needs nothing of the
// server, so that a module of its own can do it.
//
//     node examples/observability/metrics.mjs [PORT]
//
//     curl --http2-prior-knowledge http://localhost:8080/hello
//     curl http://localhost:8080/metrics
import { subscribe } from "node:diagnostics_channel";
import { prometheusMetrics, serve } from "h2wire/server";

subscribe("h2wire:connection", ({ phase, connection, error }) => {
  const { id, protocol, negotiated, remoteAddress, requests } = connection;
  if (phase === "opened") console.log(`connection ${id}: ${protocol} by ${negotiated} from ${remoteAddress}`);
  else console.log(`connection ${id}: closed after ${requests} requests${error ? `: ${error.message}` : ""}`);
});

subscribe("h2wire:stream", ({ phase, connection, stream }) => {
  if (phase !== "closed") return;
  const { method, path, status, octets, openedAt, isAborted } = stream;
  const time = (performance.now() - openedAt).toFixed(1);
  const end = isAborted ? "aborted" : `status ${status}, ${octets} octets`;
  console.log(`connection ${connection.id}: ${method} ${path}: ${end}, ${time} ms`);
});

const server = serve({
  port: Number(process.argv[2] ?? 0),
  fetch(request) {
    const { pathname } = new URL(request.url);
    // Who must not see this has to be kept away, by the proxy in front or by a port of its own.
    if (pathname === "/metrics") {
      const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
      return new Response(prometheusMetrics(server.stats()), { headers });
    }
    return new Response(`this is ${pathname}\n`);
  },
});
await server.ready;
console.log(`listening on ${server.url}`);
process.once("SIGTERM", () => server.close());
