import { type BalancedServers, startBalancedServers } from "./balanced-servers.ts";
import { adapted } from "./documented.ts";
import { freePorts, type Peer, startPeer } from "./peer.ts";
import type { Tool } from "./tool.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** A load balancer with TLS on its port, and three processes of ours behind it. */
export interface LoadBalancer {
  /** As in https://localhost:8443. */
  readonly url: string;
  readonly servers: BalancedServers;
  readonly workspace: Workspace;
  /** What the balancer has printed. */
  output(): string;
  stop(): Promise<void>;
}

export interface BalancerCommand {
  readonly tool: Tool;
  /** The configuration with the addresses of the documentation. */
  readonly configuration: string;
  /** What stands in it for the port of this machine and its certificate, besides the servers. */
  readonly replacements: (port: number, workspace: Workspace) => Readonly<Record<string, string>>;
  /** Puts around it what a program needs to run in the foreground from a temporary directory. */
  readonly wrap?: (configuration: string, workspace: Workspace) => string;
  readonly args: (file: string, workspace: Workspace) => readonly string[];
  /** What is between address and port: ":" unless given. */
  readonly separator?: string;
  readonly proxyProtocol?: boolean;
  /** Whether it asks the servers how they are. */
  readonly checksHealth?: boolean;
}

export async function startLoadBalancer(command: BalancerCommand): Promise<LoadBalancer> {
  const { proxyProtocol = false, checksHealth = false } = command;
  const [workspace, servers, [port]] = await Promise.all([
    createWorkspace(),
    startBalancedServers({ proxyProtocol, checksHealth }),
    freePorts(1) as Promise<[number]>,
  ]);
  const stop = async (peer?: Peer): Promise<void> => {
    await peer?.stop();
    await servers.stop();
    await workspace.remove();
  };
  try {
    const file = await workspace.write("balancer.conf", configurationOf(command, port, servers, workspace));
    const peer = await startPeer(command.tool, command.args(file, workspace), { ports: [port] });
    const url = `https://localhost:${port}`;
    return { url, servers, workspace, output: () => peer.output(), stop: () => stop(peer) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configurationOf(
  { configuration, replacements, wrap, separator = ":" }: BalancerCommand,
  port: number,
  { ports }: BalancedServers,
  workspace: Workspace,
): string {
  const addresses = ports.map((own, index) => [
    `10.0.0.1${index + 1}${separator}8080`,
    `127.0.0.1${separator}${own}`,
  ]);
  const text = adapted(configuration, {
    ...Object.fromEntries(addresses),
    ...replacements(port, workspace),
  });
  return wrap === undefined ? text : wrap(text, workspace);
}
