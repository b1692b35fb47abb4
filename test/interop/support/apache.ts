import { join } from "node:path";
import { type ServerPeer, type ServerSetting, startServerPeer } from "./server-peer.ts";
import type { Tool } from "./tool.ts";

const tool: Tool = { name: "apache2", debianPackage: "apache2" };

/**
 * Apache httpd: prior knowledge, Upgrade and HTTP/1.1 on one port, ALPN on the other; /echo goes to a backend.
 *
 * With the processing module "event" it hands a connection back as soon as that has nothing to do. One
 * that came by Upgrade it then closes, with GOAWAY, even when it only waited for a window to open.
 */
export function startApache(processing: "worker" | "event" = "worker"): Promise<ServerPeer> {
  return startServerPeer(tool, async (setting) => {
    const file = await setting.workspace.write("apache.conf", configuration(setting, processing));
    const ports = [setting.cleartextPort, setting.tlsPort];
    const logFile = join(setting.workspace.directory, "apache.log");
    return [{ args: ["-f", file, "-DFOREGROUND"], ports, logFile }];
  });
}

function configuration(setting: ServerSetting, processing: string): string {
  const { workspace, cleartextPort, tlsPort, backendPort } = setting;
  const { directory, site, certificate } = workspace;
  const modules = [`mpm_${processing}`, "authz_core", "http2", "ssl", "proxy", "proxy_http"];
  return `
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
ServerRoot "${directory}"
ServerName localhost
DefaultRuntimeDir "${directory}"
PidFile "${directory}/apache.pid"
Mutex sem
User www-data
Group www-data
ErrorLog "${directory}/apache.log"
LogLevel warn http2:info
StartServers 1
MinSpareThreads 10
MaxSpareThreads 75
Listen 127.0.0.1:${cleartextPort}
Listen 127.0.0.1:${tlsPort}
DocumentRoot "${site.directory}"
H2Direct on
H2Upgrade on
ProxyPass "/echo" "http://127.0.0.1:${backendPort}/echo"
<VirtualHost 127.0.0.1:${cleartextPort}>
  Protocols h2c http/1.1
</VirtualHost>
<VirtualHost 127.0.0.1:${tlsPort}>
  Protocols h2 http/1.1
  SSLEngine on
  SSLCertificateFile "${certificate.certFile}"
  SSLCertificateKeyFile "${certificate.keyFile}"
</VirtualHost>
`;
}
