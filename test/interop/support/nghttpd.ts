import { freePorts, type Peer, startPeer } from "./peer.ts";
import { type ServerPeer, startServerPeer } from "./server-peer.ts";
import type { Tool } from "./tool.ts";

const tool: Tool = { name: "nghttpd", debianPackage: "nghttp2-server" };

/**
 * nghttpd: prior knowledge and ALPN. It knows no HTTP/1.1 and so no Upgrade. It sends back what is
 * posted, and prints every frame.
 */
export function startNghttpd(): Promise<ServerPeer> {
  return startServerPeer(tool, async ({ workspace, cleartextPort, tlsPort }) => {
    const { certificate, site } = workspace;
    const shared = ["--verbose", "--echo-upload", "--address=127.0.0.1", `--htdocs=${site.directory}`];
    return [
      { args: [...shared, "--no-tls", `${cleartextPort}`], ports: [cleartextPort] },
      { args: [...shared, `${tlsPort}`, certificate.keyFile, certificate.certFile], ports: [tlsPort] },
    ];
  });
}

/** nghttpd on a cleartext port alone, with options of the caller's, printing every frame. */
export async function startVerboseNghttpd(
  args: readonly string[],
  directory: string,
): Promise<Peer & { readonly port: number }> {
  const [port] = (await freePorts(1)) as [number];
  const shared = ["--verbose", "--echo-upload", "--address=127.0.0.1", "--no-tls", `--htdocs=${directory}`];
  return { ...(await startPeer(tool, [...shared, ...args, `${port}`], { ports: [port] })), port };
}
