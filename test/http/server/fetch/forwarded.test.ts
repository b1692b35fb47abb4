import { describe, expect, it, onTestFinished } from "vitest";
import { type FetchServer, type ProxyOptions, serve } from "../../../../src/http/server.ts";
import { connectTo } from "../../../support/serving.ts";

const TRUSTING: ProxyOptions = { trusted: ["127.0.0.1"], forwarded: true };
const HEADERS = [
  ["x-forwarded-for", "192.0.2.7"],
  ["x-forwarded-proto", "https"],
  ["x-forwarded-host", "example.com"],
] as const;

async function start(proxies: ProxyOptions): Promise<FetchServer> {
  const server = await serve({
    proxies,
    fetch: ({ url }, { remoteAddress, remotePort }) => Response.json([url, remoteAddress, remotePort]),
  }).ready;
  onTestFinished(() => server.close({ deadline: 0 }));
  return server;
}

describe.each(["prior-knowledge", "http/1.1"] as const)(
  "a request that a proxy hands on by %s",
  (negotiation) => {
    async function ask(
      proxies: ProxyOptions,
      headers: readonly (readonly [string, string])[] = HEADERS,
    ): Promise<unknown> {
      const session = await connectTo(await start(proxies), { negotiation });
      return JSON.parse(await (await session.request({ path: "/a?b", headers })).text()) as unknown;
    }

    it("is the client's, as the proxy tells", async () => {
      expect(await ask(TRUSTING)).toEqual(["https://example.com/a?b", "192.0.2.7", null]);
    });

    it("may name a host with a port", async () => {
      const [url] = (await ask(TRUSTING, [["x-forwarded-host", "example.com:8443"]])) as [string];
      expect(url).toBe("http://example.com:8443/a?b");
    });

    it("keeps what the proxy does not tell", async () => {
      const [url, address] = (await ask(TRUSTING, [["x-forwarded-proto", "https"]])) as [string, string];
      expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/a\?b$/);
      expect(address).toBe("127.0.0.1");
    });

    it("is not believed unless asked for", async () => {
      const [url, address] = (await ask({ trusted: ["127.0.0.1"] })) as [string, string];
      expect([new URL(url).hostname, address]).toEqual(["127.0.0.1", "127.0.0.1"]);
    });

    it("is not believed of anybody else", async () => {
      const [url, address] = (await ask({ trusted: ["192.0.2.1"], forwarded: true })) as [string, string];
      expect([new URL(url).hostname, address]).toEqual(["127.0.0.1", "127.0.0.1"]);
    });
  },
);
