import { once } from "node:events";
import net from "node:net";
import tls, { type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Introduction,
  itCarriesBodies,
  itDistributes,
  itFinishesOldRequests,
  itForwardsAddresses,
  itSurvivesRestart,
  itTreatsTrailers,
} from "./support/balancer-cases.ts";
import { adapted, documentedBlocks } from "./support/documented.ts";
import { type LoadBalancer, startLoadBalancer } from "./support/load-balancer.ts";

/** Where requests come from; the balancer itself calls from 127.0.0.1. */
const CLIENT = "127.0.0.2";
const [documented = "", sendsProxyHeader = ""] = documentedBlocks("haproxy");
const serverLine = /^ *default-server .*\n/m.exec(documented)?.[0] ?? "";

function start(configuration: string, proxyProtocol: boolean = false): Promise<LoadBalancer> {
  return startLoadBalancer({
    tool: { name: "haproxy", debianPackage: "haproxy" },
    configuration,
    replacements: (port, { certificate }) => ({
      "bind :443 ": `bind 127.0.0.1:${port} `,
      "/etc/haproxy/site.pem": certificate.pemFile,
    }),
    args: (file) => ["-db", "-f", file],
    checksHealth: true,
    proxyProtocol,
  });
}

describe("HAProxy with HTTP/2 to three processes, as documented", () => {
  let balancer: LoadBalancer;

  beforeAll(async () => {
    balancer = await start(documented);
  });

  afterAll(() => balancer.stop());

  itDistributes(() => balancer, "h2");
  itForwardsAddresses(() => balancer);
  itCarriesBodies(() => balancer);
  itTreatsTrailers(() => balancer, true);
  itFinishesOldRequests(() => balancer);
  itSurvivesRestart(() => balancer, "GET");
  itSurvivesRestart(() => balancer, "POST");
});

describe.each([
  ["1", "send-proxy"],
  ["2", "send-proxy-v2"],
])("HAProxy with the PROXY protocol of version %s", (_version, word) => {
  it("lets request.socket have the address and the port of the client", async () => {
    const line = adapted(sendsProxyHeader, { " send-proxy-v2 ": ` ${word} ` });
    const balancer = await start(adapted(documented, { [serverLine]: line }), true);
    try {
      const socket = await connected(balancer);
      const { localPort } = socket;
      const said = await ask(socket);
      expect(said).toMatchObject({
        protocol: "h2",
        remoteAddress: CLIENT,
        remotePort: localPort,
      });
    } finally {
      await balancer.stop();
    }
  });
});

/** A connection of HTTP/1.1 over TLS from an address of its own. */
async function connected({ url, workspace }: LoadBalancer): Promise<TLSSocket> {
  const socket = net.connect({ host: "127.0.0.1", port: Number(new URL(url).port), localAddress: CLIENT });
  const secure = tls.connect({ socket, servername: "localhost", ca: workspace.certificate.cert });
  await once(secure, "secureConnect");
  return secure;
}

/** Asks by HTTP/1.1 who the server thinks is there. */
async function ask(socket: TLSSocket): Promise<Introduction> {
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)) as Introduction;
}
