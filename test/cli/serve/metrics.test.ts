import { expect, it, onTestFinished } from "vitest";
import type { Application } from "../../../src/cli/serve/application.ts";
import { withMetrics } from "../../../src/cli/serve/metrics.ts";
import {
  createServer,
  type FetchServer,
  type Server,
  type ServerStats,
  serve as serveFetch,
} from "../../../src/http/server.ts";
import { connectTo, serve } from "../../support/serving.ts";

const APPLICATIONS: readonly Application[] = [
  { style: "messages", handler: (_request, response) => void response.end("application") },
  { style: "fetch", fetch: () => new Response("application") },
];

/** A server of an application that answers /metrics with its own statistics. */
async function start(application: Application): Promise<Server | FetchServer> {
  let server: Server | FetchServer = createServer();
  const equipped = withMetrics(application, "/metrics", (): ServerStats => server.stats());
  if (equipped.style === "messages") server = await serve(equipped.handler);
  else {
    const fetchServer = await serveFetch({ fetch: equipped.fetch }).ready;
    onTestFinished(() => fetchServer.close({ deadline: 0 }));
    server = fetchServer;
  }
  return server;
}

it.each(APPLICATIONS)("answers the path with figures, in the style of $style", async (application) => {
  const server = await start(application);
  const session = await connectTo(server, { negotiation: "prior-knowledge" });
  const response = await session.request({ path: "/metrics?a=b" });
  const types = response.headers.filter(([name]) => name === "content-type");
  expect(types).toEqual([["content-type", "text/plain; version=0.0.4; charset=utf-8"]]);
  expect(await response.text()).toContain('h2wire_requests_total{protocol="h2"} 1\n');
});

it.each(APPLICATIONS)(
  "leaves other paths to the application, in the style of $style",
  async (application) => {
    const server = await start(application);
    const session = await connectTo(server, { negotiation: "prior-knowledge" });
    expect(await (await session.request({ path: "/metrics/x" })).text()).toBe("application");
  },
);
