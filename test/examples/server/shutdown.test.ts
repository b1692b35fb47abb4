import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import net from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished, vi } from "vitest";
import { nodeClient } from "../../support/serving.ts";
import { PATIENT } from "../support.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** The program as a process, the lines that it prints, and its port. */
async function start(): Promise<{ child: ChildProcess; lines: string[]; url: string }> {
  const child = spawn(process.execPath, ["examples/server/shutdown.mjs"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(line));
  const [first] = (await once(reader, "line")) as [string];
  return { child, lines, url: first.replace("listening on ", "") };
}

async function refuses(url: string): Promise<boolean> {
  const { port, hostname } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  return new Promise((resolve) => {
    socket.on("connect", () => socket.destroy()).on("close", (hadError) => resolve(hadError));
    socket.on("error", () => {});
  });
}

it(
  "server/shutdown.mjs answers what is under way when SIGTERM comes, and ends with code 0",
  PATIENT,
  async () => {
    const { child, lines, url } = await start();
    const ended = once(child, "close");
    // 100 says that the handler is reading the body.
    const headers = { expect: "100-continue" };
    const session = await nodeClient({ url });
    const old = http.request(url, { method: "POST", headers });
    old.flushHeaders();
    const stream = session.request({ ":method": "POST", ...headers });
    await Promise.all([once(old, "continue"), once(stream, "continue")]);

    child.kill("SIGTERM");
    await vi.waitUntil(() => refuses(url), { timeout: 10_000 });
    expect(child.exitCode).toBeNull();

    const response = once(old, "response") as Promise<[IncomingMessage]>;
    old.end("seven");
    stream.end("five");
    expect(await text(stream)).toBe("4 octets\n");
    expect(await text((await response)[0])).toBe("5 octets\n");
    expect(await ended).toEqual([0, null]);
    expect(lines.slice(1).sort()).toEqual([
      "4 octets by h2",
      "5 octets by http/1.1",
      "all requests are done",
      "no new connections",
    ]);
    expect(lines.at(-1)).toBe("all requests are done");
  },
);
