import { afterAll, beforeAll, describe } from "vitest";
import {
  itCarriesBodies,
  itDistributes,
  itFinishesOldRequests,
  itForwardsAddresses,
  itSurvivesRestart,
  itTreatsTrailers,
} from "./support/balancer-cases.ts";
import { documentedBlocks } from "./support/documented.ts";
import { type LoadBalancer, startLoadBalancer } from "./support/load-balancer.ts";
import type { Workspace } from "./support/workspace.ts";

const [documented = ""] = documentedBlocks("nginx");

/** What a file in conf.d has around it. */
function wrap(configuration: string, { directory }: Workspace): string {
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
${process.getuid?.() === 0 ? "user root;" : ""}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  ${folders.map((name) => `${name}_temp_path ${directory}/nginx_${name};`).join("\n  ")}
${configuration}
}
`;
}

describe("nginx with HTTP/1.1 to three processes, as documented", () => {
  let balancer: LoadBalancer;

  beforeAll(async () => {
    balancer = await startLoadBalancer({
      tool: { name: "nginx", debianPackage: "nginx" },
      configuration: documented,
      replacements: (port, { certificate }) => ({
        "listen 443 ": `listen 127.0.0.1:${port} `,
        "/etc/nginx/site.crt": certificate.certFile,
        "/etc/nginx/site.key": certificate.keyFile,
      }),
      wrap,
      args: (file, { directory }) => ["-p", directory, "-e", "stderr", "-c", file],
    });
  });

  afterAll(() => balancer.stop());

  itDistributes(() => balancer, "http/1.1");
  itForwardsAddresses(() => balancer);
  itCarriesBodies(() => balancer);
  itTreatsTrailers(() => balancer, false);
  itFinishesOldRequests(() => balancer);
  itSurvivesRestart(() => balancer, "GET");
  // A POST may cross the end of an idle connection of HTTP/1.1, and nobody may repeat it (RFC 9112 section 9.6).
});
