import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePorts } from "./peer.ts";
import { spawnTool, type Tool } from "./tool.ts";

const node: Tool = { name: process.execPath, debianPackage: "nodejs" };
const program = fileURLToPath(new URL("balanced-server.mjs", import.meta.url));
/** Milliseconds that a process may take to start, or to drain, on a busy machine. */
const PATIENCE = 25_000;

/** Three processes of ours for a load balancer to have behind it. */
export interface BalancedServers {
  readonly ports: readonly number[];
  /** The ids of the processes, in the order of the ports. */
  pids(): number[];
  /** Replaces one after the other: SIGTERM, its end, and another process on the same port. The exit codes. */
  restartEach(): Promise<(number | NodeJS.Signals)[]>;
  stop(): Promise<void>;
}

export async function startBalancedServers(options: { proxyProtocol?: boolean } = {}): Promise<BalancedServers> {
  const ports = await freePorts(3);
  const start = (port: number): Promise<ChildProcess> => startServer(port, options.proxyProtocol === true);
  const processes = await Promise.all(ports.map(start));
  const restartEach = async (): Promise<(number | NodeJS.Signals)[]> => {
    const exits: (number | NodeJS.Signals)[] = [];
    for (const [index, port] of ports.entries()) {
      exits.push(await end(processes[index] as ChildProcess));
      processes[index] = await start(port);
    }
    return exits;
  };
  return {
    ports,
    pids: () => processes.map(({ pid }) => pid as number),
    restartEach,
    stop: async () => void (await Promise.all(processes.map(end))),
  };
}

/** Resolves when it listens, which is when it prints its URL. */
async function startServer(port: number, hasProxyProtocol: boolean): Promise<ChildProcess> {
  const environment = { PORT: String(port), PROXY_PROTOCOL: hasProxyProtocol ? "1" : "0" };
  const child = spawnTool(node, [program], { environment });
  child.stderr?.pipe(process.stderr);
  const [printed] = (await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, "data", { signal: AbortSignal.timeout(PATIENCE) }),
    once(child, "exit"),
  ])) as [Buffer | number];
  if (!String(printed).startsWith("http://")) throw new Error(`a server ended before it listened: ${printed}`);
  return child;
}

async function end(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const [code, signal] = await ended;
  clearTimeout(force);
  return code ?? (signal as NodeJS.Signals);
}
