import { describe, expect, it, vi } from "vitest";
import { run, startRunning } from "../support/command.ts";
import { exchangeText, requestText } from "../support/http1-client.ts";

// Each test starts a process, on whatever machine.
vi.setConfig({ testTimeout: 20_000 });

describe("h2wire demo", () => {
  it("prints a row for each of the five ways, and ends with 0 for --once", async () => {
    const { exitCode, stdout, stderr } = await run(["demo", "--once"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const rows = stdout.split("\n").filter((line) => line.startsWith("✓"));
    const cells = rows.map((line) => line.slice(2).split(/ {2,}/));
    expect(cells.map((row) => row.slice(0, 5))).toEqual([
      ["TLS, ALPN h2", "h2", "TLSv1.3", expect.stringMatching(/^TLS_/), "200"],
      ["TLS, ALPN http/1.1 only", "http/1.1", "TLSv1.3", expect.stringMatching(/^TLS_/), "200"],
      ["Upgrade: h2c", "h2", "-", "-", "200"],
      ["prior knowledge", "h2", "-", "-", "200"],
      ["plain HTTP/1.1", "http/1.1", "-", "-", "200"],
    ]);
    expect(stdout).toContain("Every way resulted in what it should.");
  });

  it("goes on serving, says how to try it, and ends at SIGINT", async () => {
    const demo = startRunning("demo");
    const url = await demo.prints(/curl -v --http1\.1 (http:\S+)\//);
    await demo.prints(/curl -v -k https:\S+\//);
    expect(await exchangeText(url, requestText("GET", "/here"))).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    await demo.prints(/^GET \/here 200 http\/1\.1 /m);
    expect(await demo.end("SIGINT")).toBe(0);
  });
});
