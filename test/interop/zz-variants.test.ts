import { it } from "vitest";
import { restartUnderLoad } from "./support/balancer-cases.ts";
import { documentedBlocks } from "./support/documented.ts";
import { startLoadBalancer } from "./support/load-balancer.ts";

const [haproxy = ""] = documentedBlocks("haproxy");
const [nginx = ""] = documentedBlocks("nginx");
const drop = (text: string, ...lines: RegExp[]): string => lines.reduce((t, l) => t.replace(l, ""), text);
const variants: [string, string, boolean][] = [
  ["no retry-on", drop(haproxy, /.*retry-on.*\n/), true],
  ["no retry-on, no redispatch", drop(haproxy, /.*retry-on.*\n/, /.*redispatch.*\n/), true],
  ["no check", drop(haproxy, /.*httpchk.*\n/, /.*http-check.*\n/, / check inter 1s fall 1 rise 1/), false],
  ["no check, no retry-on", drop(haproxy, /.*retry-on.*\n/, /.*httpchk.*\n/, /.*http-check.*\n/, / check inter 1s fall 1 rise 1/), false],
  ["no redispatch, no check", drop(haproxy, /.*redispatch.*\n/, /.*httpchk.*\n/, /.*http-check.*\n/, / check inter 1s fall 1 rise 1/), false],
];
it.each(variants)("%s", async (name, configuration, checksHealth) => {
  const balancer = await startLoadBalancer({
    tool: { name: "haproxy", debianPackage: "haproxy" },
    configuration,
    replacements: (port, { certificate }) => ({
      "bind :443 ": `bind 127.0.0.1:${port} `,
      "/etc/haproxy/site.pem": certificate.pemFile,
    }),
    args: (file) => ["-db", "-f", file],
    checksHealth,
  });
  for (const method of ["GET", "POST"] as const) {
    const { load } = await restartUnderLoad(balancer, method);
    console.log(name, method, load);
  }
  await balancer.stop();
});
