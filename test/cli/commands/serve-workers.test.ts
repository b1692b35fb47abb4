import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { run, serve } from "../support/command.ts";
import { exchangeText, requestText } from "../support/http1-client.ts";
import { ask, connectHttp2, readRest } from "../support/http2-client.ts";

// Each test starts processes, on whatever machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

describe("h2wire serve --workers", () => {
  it("replaces a worker that dies, and every worker at SIGHUP, and lets requests finish at SIGTERM", async () => {
    const { server, url } = await serve("--workers", "1");
    expect(server.text).toContain("with 1 process.");
    const session = connectHttp2(url);
    expect((await ask(session, "/?size=3")).status).toBe(200);

    server.child.kill("SIGHUP");
    await server.prints(/Every process has been replaced/);
    expect(JSON.parse((await ask(connectHttp2(url), "/")).text)).toMatchObject({ protocol: "h2" });
    expect(await exchangeText(url, requestText("GET", "/?size=3"))).toMatch(/^HTTP\/1\.1 200 OK/);

    const stream = connectHttp2(url).request({ ":path": "/?size=3000000" });
    const [head] = await once(stream, "response");
    const end = server.end("SIGTERM");
    await server.prints(/Closing/);
    expect((await readRest(stream, head)).body.length).toBe(3_000_000);
    expect(await end).toBe(0);
  });

  it("has one certificate for all, and goes on when a worker is killed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "h2wire-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const module = join(folder, "app.mjs");
    writeFileSync(module, "export default (_request, response) => response.end(String(process.pid));");
    const { server, url } = await serve(module, "--workers", "2", "--tls", "--log", "none");
    const worker = (await ask(connectHttp2(url), "/")).text;
    process.kill(Number(worker), "SIGKILL");
    expect(await server.prints(/The process (\d+) has ended by SIGKILL/)).toBe(worker);
    const answers = [1, 2, 3, 4].map(() => ask(connectHttp2(url), "/"));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await server.end("SIGINT")).toBe(0);
  });

  it("ends with the exit code of a worker that cannot start, and says once why", async () => {
    const server = net.createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as net.AddressInfo;
    const { exitCode, stderr } = await run(["serve", "--workers", "2", "--port", String(port)]);
    server.close();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^h2wire: .*EADDRINUSE.*\n$/);
  });
});
