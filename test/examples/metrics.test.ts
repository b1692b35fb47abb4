import { describe, expect, it } from "vitest";
import { ask, running } from "./server/support.ts";

const server = running("examples/observability/metrics.mjs");

describe("observability/metrics.mjs", () => {
  it("counts requests of both protocols for Prometheus", async () => {
    await ask(server, "prior-knowledge", { path: "/hello" });
    const { text, fields } = await ask(server, "http/1.1", { path: "/metrics" });
    expect(fields("content-type")).toEqual(["text/plain; version=0.0.4; charset=utf-8"]);
    expect(text).toContain('h2wire_requests_total{protocol="h2"} 1\n');
    expect(text).toContain('h2wire_requests_total{protocol="http/1.1"} 1\n');
  });

  it("writes a line for each connection and each request", async () => {
    const lines = (await server.stop()).split("\n");
    const of = (connection: number) => lines.filter((line) => line.startsWith(`connection ${connection}: `));
    expect(of(1)).toEqual([
      "connection 1: h2 by prior-knowledge from 127.0.0.1",
      expect.stringMatching(/: GET \/hello: status 200, 15 octets, \d+\.\d ms$/),
      "connection 1: closed after 1 requests",
    ]);
    expect(of(2)).toEqual([
      "connection 2: http/1.1 by http/1.1 from 127.0.0.1",
      expect.stringMatching(/: GET \/metrics: status 200, \d+ octets, \d+\.\d ms$/),
      "connection 2: closed after 1 requests",
    ]);
  });
});
