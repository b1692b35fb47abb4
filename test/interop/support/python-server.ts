import { python, script } from "./scripts.ts";
import { type ServerPeer, startServerPeer } from "./server-peer.ts";

/** Python's h2: prior knowledge, Upgrade (with a body too) and HTTP/1.1 on one port, ALPN on the other. */
export function startPythonServer(options: { readonly upgrade?: boolean } = {}): Promise<ServerPeer> {
  return startServerPeer(python, async ({ workspace, cleartextPort, tlsPort }) => {
    const { certificate, site } = workspace;
    const args = [
      script("h2_server.py"),
      `--directory=${site.directory}`,
      `--port=${cleartextPort}`,
      `--tls-port=${tlsPort}`,
      `--cert=${certificate.certFile}`,
      `--key=${certificate.keyFile}`,
      ...(options.upgrade === false ? ["--no-upgrade"] : []),
    ];
    return [{ args, ports: [cleartextPort, tlsPort] }];
  });
}
