import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { spawnTool, type Tool, type ToolOptions } from "./tool.ts";

/** A server program of somebody else, up and listening. */
export interface Peer {
  /** Everything the program has printed so far, stdout and stderr in the order of arrival, and its log. */
  output(): string;
  /** Ends the program, by SIGTERM and, two seconds later, by SIGKILL. */
  stop(): Promise<void>;
}

export interface PeerOptions extends ToolOptions {
  /** The loopback ports that have to accept connections before the peer counts as started. */
  readonly ports: readonly number[];
  /** Where a peer logs that will not write to a pipe. */
  readonly logFile?: string;
}

/** Starts a server program in the foreground and waits until all its ports accept connections. */
export async function startPeer(tool: Tool, args: readonly string[], options: PeerOptions): Promise<Peer> {
  const child = spawnTool(tool, args, { ...options, keepInputOpen: true });
  const printed: string[] = [];
  child.stdout?.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  child.on("error", (error) => printed.push(String(error)));
  const logged = (): string => (options.logFile === undefined ? "" : readText(options.logFile));
  const peer: Peer = { output: () => printed.join("") + logged(), stop: () => stopChild(child) };
  try {
    await Promise.all(options.ports.map((port) => untilListening(port, child)));
    return peer;
  } catch (error) {
    await peer.stop();
    throw new Error(`${tool.name}: ${(error as Error).message}\n${peer.output()}`);
  }
}

/** Loopback ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  // All are held at once: closing each before the next could give the same port twice.
  const ports = await Promise.all(servers.map(listenAnywhere));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listenAnywhere(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`ended (exit code ${child.exitCode}) before port ${port} was open`);
    if (await acceptsConnection(port)) return;
    await delay(10);
  }
  throw new Error(`port ${port} did not open in time`);
}

function acceptsConnection(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.end();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 2000);
  await ended;
  clearTimeout(force);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
