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
