/**
 * Spans of OpenTelemetry for requests of HTTP/2 and HTTP/1.1: the instrumentation for `node:http` sees the requests of
 * h2wire too, because they are events of a server of `node:http`.
 *
 *     node examples/observability/opentelemetry.mjs [port]
 */
import { once } from "node:events";
import { createRequire } from "node:module";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";

/** Writes a line for each span. */
const exporter = {
  export(spans, done) {
    for (const span of spans) {
      const { name, kind, attributes, parentSpanContext } = span;
      const { traceId } = span.spanContext();
      console.log(JSON.stringify({ name, kind, traceId, parent: parentSpanContext?.spanId, attributes }));
    }
    done({ code: 0 });
  },
  async shutdown() {},
};

const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
const instrumentation = new HttpInstrumentation();
instrumentation.setTracerProvider(provider);
// The instrumentation waits for somebody to require the module.
createRequire(import.meta.url)("http");

const { createServer } = await import("h2wire/server");
const server = createServer((_request, response) => response.end("Hello\n"));
await once(server.listen(Number(process.argv[2] ?? 0), "127.0.0.1"), "listening");
console.log(`listening on ${server.url}`);
process.once("SIGTERM", () => server.shutdown());
