import { type ServerPeer, startServerPeer } from "./server-peer.ts";
import type { Tool } from "./tool.ts";

const tool: Tool = { name: "nghttpx", debianPackage: "nghttp2-proxy" };

/** nghttpx in front of an HTTP/1.1 server: prior knowledge, Upgrade and HTTP/1.1 on one port, ALPN on the other. */
export function startNghttpx(): Promise<ServerPeer> {
  return startServerPeer(tool, async ({ workspace, cleartextPort, tlsPort, backendPort }) => {
    const { certificate } = workspace;
    const args = [
      // Debian installs a configuration, which would be read and opens ports of its own.
      "--conf=/dev/null",
      "--single-process",
      "--workers=1",
      `--frontend=127.0.0.1,${cleartextPort};no-tls`,
      `--frontend=127.0.0.1,${tlsPort}`,
      `--backend=127.0.0.1,${backendPort}`,
      certificate.keyFile,
      certificate.certFile,
    ];
    return [{ args, ports: [cleartextPort, tlsPort] }];
  });
}
