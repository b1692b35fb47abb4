import { type ServerPeer, type ServerSetting, startServerPeer } from "./server-peer.ts";
import type { Tool } from "./tool.ts";

const tool: Tool = { name: "nginx", debianPackage: "nginx" };

/** nginx: ALPN on the TLS port, HTTP/1.1 alone on the cleartext one; /echo goes to a backend. */
export function startNginx(): Promise<ServerPeer> {
  return startServerPeer(tool, async (setting) => {
    const { directory } = setting.workspace;
    const file = await setting.workspace.write("nginx.conf", configuration(setting));
    const args = ["-p", directory, "-e", "stderr", "-c", file];
    return [{ args, ports: [setting.cleartextPort, setting.tlsPort] }];
  });
}

function configuration({ workspace, cleartextPort, tlsPort, backendPort }: ServerSetting): string {
  const { directory, site, certificate } = workspace;
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  // As root, nginx would run its worker as a user who may not read the temporary directory.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `
${user}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  client_max_body_size 64m;
  ${folders.map((name) => `${name}_temp_path ${directory}/nginx_${name};`).join("\n  ")}
  root ${site.directory};
  server {
    listen 127.0.0.1:${cleartextPort};
    location = /echo { proxy_pass http://127.0.0.1:${backendPort}; }
  }
  server {
    listen 127.0.0.1:${tlsPort} ssl http2;
    ssl_certificate ${certificate.certFile};
    ssl_certificate_key ${certificate.keyFile};
    location = /echo { proxy_pass http://127.0.0.1:${backendPort}; }
  }
}
`;
}
