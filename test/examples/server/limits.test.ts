import { describe, expect, it } from "vitest";
import type { ServerStats } from "../../../src/http/server.ts";
import { get, HELLO } from "../../support/frame-peer.ts";
import { frames } from "../../support/frames.ts";
import { framePeer } from "../../support/serving.ts";
import { ask, running, WAYS } from "./support.ts";

const server = running("examples/server/limits.mjs");

async function stats(): Promise<ServerStats> {
  return JSON.parse((await ask(server, "http/1.1", { path: "/stats" })).text) as ServerStats;
}

describe("server/limits.mjs", () => {
  it("ends a connection that resets too many streams, and counts and logs it (CVE-2023-44487)", async () => {
    const before = (await stats()).totals;
    const peer = await framePeer(server);
    const resets = Array.from({ length: 150 }, (_, index) => [
      get(2 * index + 1),
      frames.rstStream(2 * index + 1, 8),
    ]);
    peer.send(HELLO, ...resets.flat());
    await peer.waitFor(/^GOAWAY .*error=ENHANCE_YOUR_CALM/);
    const { totals } = await stats();
    expect(totals.limits).toEqual({ resetsReceived: 1 });
    expect(totals.connectionErrors - before.connectionErrors).toBe(1);
    expect(totals.resetsReceived - before.resetsReceived).toBe(100);
  });

  it.each(WAYS)(
    "takes a body up to its limit, and refuses one beyond (RFC 9110 section 15.5.14), by %s",
    async (way) => {
      const put = (length: number) => ask(server, way, { method: "PUT", body: new Uint8Array(length) });
      expect(await put(1_048_576)).toMatchObject({ status: 200, text: "1048576 octets\n" });
      expect(await put(1_048_577)).toMatchObject({ status: 413, text: "too large\n" });
    },
  );

  it("resets a request of too many fields, and counts that (RFC 9113 section 10.5.1)", async () => {
    const before = (await stats()).totals.resetsProvoked;
    const headers = Array.from({ length: 65 }, (_, index) => [`x-field-${index}`, "1"] as const);
    const request = ask(server, "prior-knowledge", { headers });
    await expect(request).rejects.toMatchObject({ code: "STREAM_RESET" });
    expect((await stats()).totals.resetsProvoked - before).toBe(1);
  });

  it("has logged the clients that went too far", async () => {
    const lines = (await server.stop()).split("\n");
    expect(lines).toContainEqual(expect.stringContaining('"limit":"resetsReceived"'));
    expect(lines).toContainEqual(expect.stringContaining("64 fields"));
  });
});
