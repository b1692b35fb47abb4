// Starts a subject in a process of its own and stops it again.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A subject that is a program of ours: it prints its port. */
export async function startProgram(name) {
  const path = fileURLToPath(new URL(`../subjects/${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [path], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    child.stdout.once("data", (text) => resolve(Number(text)));
  });
  return { port, stop: () => stop(child) };
}

/** nghttpd with a file of 13 octets, one thread. */
export async function startNghttpd() {
  const folder = mkdtempSync(join(tmpdir(), "h2wire-bench-"));
  writeFileSync(join(folder, "index.html"), "Hello, world!");
  const port = await freePort();
  const child = spawn("nghttpd", ["--no-tls", "-a", "127.0.0.1", "-d", folder, String(port)], {
    stdio: "ignore",
  });
  await new Promise((resolve, reject) => {
    child.once("error", () => reject(new Error("nghttpd is missing: install nghttp2-server")));
    child.once("exit", (code) => reject(new Error(`nghttpd ended with ${code}`)));
    waitForPort(port).then(resolve, reject);
  });
  return {
    port,
    async stop() {
      await stop(child);
      rmSync(folder, { recursive: true });
    },
  };
}

async function stop(child) {
  child.removeAllListeners("exit");
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function waitForPort(port) {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    const isOpen = await new Promise((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => setTimeout(resolve, 20, false));
    });
    if (isOpen) return;
  }
  throw new Error(`nothing listens on port ${port}`);
}
