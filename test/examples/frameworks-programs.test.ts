import { describe, expect, it, onTestFinished } from "vitest";
import { connect } from "../../src/http/client.ts";
import { ServerProgram } from "../support/programs.ts";
import { FRAMEWORKS } from "./frameworks/serving.ts";
import { PATIENT } from "./support.ts";

async function start(framework: string, ...args: string[]): Promise<ServerProgram> {
  const program = await ServerProgram.start([`examples/frameworks/${framework}.mjs`, "0", ...args]);
  onTestFinished(async () => {
    await program.stop();
  });
  return program;
}

/** What `/` is answered with by one way, and the protocol that was agreed on. */
async function greeting(url: string, negotiation: "upgrade" | "prior-knowledge" | "http/1.1" | "alpn") {
  const session = await connect(url, { negotiation, tls: { rejectUnauthorized: false } });
  const response = await session.request({ path: "/" });
  const text = await response.text();
  await session.close();
  return { text, protocol: session.protocol };
}

describe("examples/frameworks", PATIENT, () => {
  it.each(FRAMEWORKS)(
    "%s.mjs serves HTTP/1.1, prior knowledge and Upgrade on one port",
    async (framework) => {
      const { url } = await start(framework);
      const old = await greeting(url, "http/1.1");
      expect(old).toEqual({ text: expect.stringMatching(/ over HTTP\/1\.1\n$/), protocol: "http/1.1" });
      const modern = { text: old.text.replace("1.1", "2.0"), protocol: "h2" };
      expect(await greeting(url, "prior-knowledge")).toEqual(modern);
      expect(await greeting(url, "upgrade")).toEqual(modern);
    },
  );

  it("fastify.mjs serves TLS with ALPN when it is told so", async () => {
    const { url } = await start("fastify", "tls");
    expect(new URL(url).protocol).toBe("https:");
    expect((await greeting(url, "alpn")).text).toMatch(/ over HTTP\/2\.0\n$/);
    expect((await greeting(url, "http/1.1")).text).toMatch(/ over HTTP\/1\.1\n$/);
  });
});
