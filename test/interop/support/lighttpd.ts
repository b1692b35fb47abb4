import { type ServerPeer, type ServerSetting, startServerPeer } from "./server-peer.ts";
import type { Tool } from "./tool.ts";

const tool: Tool = { name: "lighttpd", debianPackage: "lighttpd" };

/** lighttpd: prior knowledge, Upgrade and HTTP/1.1 on one port, ALPN on the other; /echo goes to a backend. */
export function startLighttpd(): Promise<ServerPeer> {
  return startServerPeer(tool, async (setting) => {
    const file = await setting.workspace.write("lighttpd.conf", configuration(setting));
    return [{ args: ["-D", "-f", file], ports: [setting.cleartextPort, setting.tlsPort] }];
  });
}

function configuration({ workspace, cleartextPort, tlsPort, backendPort }: ServerSetting): string {
  const { site, certificate } = workspace;
  return `
server.modules = ( "mod_openssl", "mod_proxy" )
server.feature-flags = ( "server.h2proto" => "enable", "server.h2c" => "enable" )
server.document-root = "${site.directory}"
server.bind = "127.0.0.1"
server.port = ${cleartextPort}
mimetype.assign = ( ".txt" => "text/plain", "" => "application/octet-stream" )
$HTTP["url"] == "/echo" {
  proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => ${backendPort} )) )
}
$SERVER["socket"] == "127.0.0.1:${tlsPort}" {
  ssl.engine = "enable"
  ssl.pemfile = "${certificate.certFile}"
  ssl.privkey = "${certificate.keyFile}"
}
`;
}
