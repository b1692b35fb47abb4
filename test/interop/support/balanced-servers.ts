import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
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
  /**
   * Replaces one after the other: SIGTERM, its end, and another process on the same port.
   * @param settled - resolves when the next one may be replaced; it gets the id of the new process.
   * @returns the exit codes.
   */
  restartEach(settled?: (pid: number) => Promise<void>): Promise<(number | NodeJS.Signals)[]>;
  stop(): Promise<void>;
}

export interface BalancedServersOptions {
  readonly proxyProtocol: boolean;
  /** Whether the balancer checks their health: before the next is replaced it has to have found the last one well. */
  readonly checksHealth: boolean;
}

interface Server {
  readonly child: ChildProcess;
  /** Resolves when its health was asked for. */
  readonly checked: Promise<unknown>;
}

export async function startBalancedServers(options: BalancedServersOptions): Promise<BalancedServers> {
  const ports = await freePorts(3);
  const start = (port: number): Promise<Server> => startServer(port, options.proxyProtocol);
  const servers = await Promise.all(ports.map(start));
  const restartEach = async (
    settled?: (pid: number) => Promise<void>,
  ): Promise<(number | NodeJS.Signals)[]> => {
    const exits: (number | NodeJS.Signals)[] = [];
    for (const [index, port] of ports.entries()) {
      exits.push(await end((servers[index] as Server).child));
      servers[index] = await start(port);
      if (options.checksHealth) await servers[index].checked;
      await settled?.(servers[index].child.pid as number);
    }
    return exits;
  };
  return {
    ports,
    pids: () => servers.map(({ child }) => child.pid as number),
    restartEach,
    stop: async () => void (await Promise.all(servers.map(({ child }) => end(child)))),
  };
}

/** Resolves when it listens, which is when it prints its URL; the next thing that it prints is that it was checked. */
async function startServer(port: number, hasProxyProtocol: boolean): Promise<Server> {
  const environment = { PORT: String(port), PROXY_PROTOCOL: hasProxyProtocol ? "1" : "0" };
  const child = spawnTool(node, [program], { environment });
  child.stderr?.pipe(process.stderr, { end: false });
  const lines = createInterface({ input: child.stdout as Readable });
  const [printed] = (await Promise.race([
    once(lines, "line", { signal: AbortSignal.timeout(PATIENCE) }),
    once(child, "exit"),
  ])) as [string | number];
  if (!String(printed).startsWith("http://"))
    throw new Error(`a server ended before it listened: ${printed}`);
  return { child, checked: once(lines, "line") };
}

async function end(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const [code, signal] = await ended;
  clearTimeout(force);
  return code ?? (signal as NodeJS.Signals);
}
