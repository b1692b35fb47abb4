import { type ServerPeer, type ServerSetting, startServerPeer } from "./server-peer.ts";
import type { Tool } from "./tool.ts";

const tool: Tool = { name: "haproxy", debianPackage: "haproxy" };

/** HAProxy in front of an HTTP/1.1 server: prior knowledge and HTTP/1.1 on one port, ALPN on the other. */
export function startHaproxy(): Promise<ServerPeer> {
  return startServerPeer(tool, async (setting) => {
    const file = await setting.workspace.write("haproxy.conf", configuration(setting));
    return [{ args: ["-db", "-f", file], ports: [setting.cleartextPort, setting.tlsPort] }];
  });
}

function configuration({ workspace, cleartextPort, tlsPort, backendPort }: ServerSetting): string {
  return `
global
  log stderr format raw local0 notice
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend ours
  bind 127.0.0.1:${cleartextPort}
  bind 127.0.0.1:${tlsPort} ssl crt ${workspace.certificate.pemFile} alpn h2,http/1.1
  default_backend theirs
backend theirs
  server http1 127.0.0.1:${backendPort}
`;
}
