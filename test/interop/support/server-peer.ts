import { type Backend, startBackend } from "./backend.ts";
import { freePorts, type Peer, startPeer } from "./peer.ts";
import type { Tool } from "./tool.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** A server of somebody else with a cleartext and a TLS port, for our client. */
export interface ServerPeer extends Peer {
  /** The origin of the cleartext port, as in http://127.0.0.1:8080. */
  readonly cleartext: string;
  /** The origin of the TLS port, as in https://localhost:8443. */
  readonly tls: string;
  readonly workspace: Workspace;
}

/** What a server's configuration is made of. */
export interface ServerSetting {
  readonly workspace: Workspace;
  readonly cleartextPort: number;
  readonly tlsPort: number;
  readonly backendPort: number;
}

/** One program to run: its arguments, and which of the setting's ports it opens. */
export interface ServerCommand {
  readonly args: readonly string[];
  readonly ports: readonly number[];
  readonly logFile?: string;
}

/** Starts a server with all that it needs; stopping it takes everything away again. */
export async function startServerPeer(
  tool: Tool,
  commandsFor: (setting: ServerSetting) => Promise<readonly ServerCommand[]>,
): Promise<ServerPeer> {
  const workspace = await createWorkspace();
  const backend = await startBackend(workspace);
  const [cleartextPort, tlsPort] = (await freePorts(2)) as [number, number];
  const peers: Peer[] = [];
  const stop = (): Promise<void> => stopAll(peers, backend, workspace);
  try {
    const commands = await commandsFor({ workspace, cleartextPort, tlsPort, backendPort: backend.port });
    for (const { args, ...options } of commands) peers.push(await startPeer(tool, args, options));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    cleartext: `http://127.0.0.1:${cleartextPort}`,
    tls: `https://localhost:${tlsPort}`,
    workspace,
    output: () => peers.map((peer) => peer.output()).join(""),
    stop,
  };
}

async function stopAll(peers: readonly Peer[], backend: Backend, workspace: Workspace): Promise<void> {
  await Promise.all(peers.map((peer) => peer.stop()));
  await backend.stop();
  await workspace.remove();
}
