import { expect, it } from "vitest";
import { ServerProgram } from "../support/programs.ts";
import { connectTo } from "../support/serving.ts";
import { PATIENT } from "./support.ts";

interface Span {
  readonly traceId: string;
  readonly parent?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

it("gives OpenTelemetry a server span for each request, with its parent", PATIENT, async () => {
  const program = await ServerProgram.start(["examples/observability/opentelemetry.mjs"]);
  for (const negotiation of ["prior-knowledge", "http/1.1"] as const) {
    const session = await connectTo(program, { negotiation });
    const headers = [["traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]] as const;
    await (await session.request({ path: `/${negotiation}`, headers })).text();
  }
  const output = await program.stop();
  const spans = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Span);
  expect(spans).toHaveLength(2);
  for (const { traceId, parent } of spans) {
    expect([traceId, parent]).toEqual(["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"]);
  }
  expect(spans[0]?.attributes).toMatchObject({
    "http.request.method": "GET",
    "url.path": "/prior-knowledge",
    "http.response.status_code": 200,
    "network.protocol.version": "2.0",
  });
  expect(spans[1]?.attributes).toMatchObject({ "network.protocol.version": "1.1" });
});
