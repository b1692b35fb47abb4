import { prometheusMetrics, type ServerStats } from "../../http/server.ts";
import type { Application } from "./application.ts";

/** The text format of Prometheus. */
const TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Answers requests for `path` with the statistics of the server, and leaves every other one to the application. */
export function withMetrics(application: Application, path: string, stats: () => ServerStats): Application {
  if (application.style === "fetch") {
    return {
      style: "fetch",
      fetch: (request, info) => {
        if (new URL(request.url).pathname !== path) return application.fetch(request, info);
        return new Response(prometheusMetrics(stats()), { headers: { "content-type": TYPE } });
      },
    };
  }
  return {
    style: "messages",
    handler: (request, response) => {
      if (request.url?.split("?", 1)[0] !== path) return application.handler(request, response);
      response.writeHead(200, { "content-type": TYPE }).end(prometheusMetrics(stats()));
      return undefined;
    },
  };
}
