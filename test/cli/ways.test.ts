import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { echo } from "../../src/cli/echo.ts";
import { goWay, WAYS, type Way } from "../../src/cli/ways.ts";
import { createServer, type Listener, type ServerOptions } from "../../src/http/server.ts";
import { certificate } from "../support/certificate.ts";

async function origin(options: ServerOptions, listener: Listener): Promise<string> {
  const server = createServer(options, listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => server.shutdown({ deadline: 0 }));
  return server.url;
}

function way(name: string): Way {
  return WAYS.find((one) => one.name === name) as Way;
}

describe("goWay", () => {
  it.each(WAYS.map((one) => [one.name, one] as const))(
    "has nothing to complain about: %s",
    async (_name, one) => {
      const { key, cert } = await certificate();
      const options: ServerOptions = one.isTls ? { tls: { key, cert } } : { upgrade: "accept" };
      const outcome = await goWay(one, await origin(options, echo as Listener), cert);
      expect(outcome).toMatchObject({ protocol: one.expected.protocol, status: 200, complaint: null });
      expect(outcome.octets).toBeGreaterThan(100);
      expect(outcome.tls === null).toBe(!one.isTls);
    },
  );

  it("complains when another protocol came of it", async () => {
    const url = await origin({ upgrade: "ignore" }, echo as Listener);
    const { protocol, complaint } = await goWay(way("Upgrade: h2c"), url, "");
    expect([protocol, complaint]).toEqual(["http/1.1", "the client says http/1.1 by http/1.1"]);
  });

  it("complains when the server saw something else than the client", async () => {
    const url = await origin({}, (_request, response) =>
      response.end('{"protocol":"h2","negotiated":"alpn"}'),
    );
    const { complaint } = await goWay(way("prior knowledge"), url, "");
    expect(complaint).toBe("the server says h2 by alpn");
  });

  it("complains about any other status than 200", async () => {
    const url = await origin({}, (_request, response) => response.writeHead(503).end("{}"));
    expect((await goWay(way("plain HTTP/1.1"), url, "")).complaint).toBe("the status is 503");
  });
});
