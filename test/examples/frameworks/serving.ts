import { once } from "node:events";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type ClientSession, connect, type Negotiation } from "../../../src/http/client.ts";
import { createServer, type Server, type ServerOptions } from "../../../src/http/server.ts";
import { certificate } from "../../support/certificate.ts";

/** The frameworks that examples/frameworks has an application of. */
export const FRAMEWORKS = ["express", "koa", "connect", "fastify", "hono"] as const;
export type Framework = (typeof FRAMEWORKS)[number];

/** How a client comes to speak with the server. */
export interface Way {
  readonly title: string;
  readonly isTls: boolean;
  readonly negotiation: Negotiation;
  readonly protocol: "h2" | "http/1.1";
}

export const WAYS: readonly Way[] = [
  { title: "HTTP/1.1", isTls: false, negotiation: "http/1.1", protocol: "http/1.1" },
  { title: "prior knowledge of HTTP/2", isTls: false, negotiation: "prior-knowledge", protocol: "h2" },
  { title: "Upgrade to HTTP/2", isTls: false, negotiation: "upgrade", protocol: "h2" },
  { title: "ALPN, HTTP/2", isTls: true, negotiation: "alpn", protocol: "h2" },
  { title: "ALPN, HTTP/1.1", isTls: true, negotiation: "http/1.1", protocol: "http/1.1" },
];

/** An application on a cleartext port and on a TLS port. */
export interface Served {
  readonly cleartext: Server;
  readonly tls: Server;
  close(): Promise<void>;
}

export async function serveApp(framework: Framework): Promise<Served> {
  const cleartext = await serveBy(framework, { upgrade: "accept" });
  const tls = await serveBy(framework, { tls: await certificate() });
  return {
    cleartext,
    tls,
    close: async () => {
      await Promise.all([cleartext.shutdown({ deadline: 0 }), tls.shutdown({ deadline: 0 })]);
    },
  };
}

/** A session of our client for the rest of the test. */
export async function sessionBy(way: Way, served: Served): Promise<ClientSession> {
  const { cert } = await certificate();
  const server = way.isTls ? served.tls : served.cleartext;
  const session = await connect(server.url, { negotiation: way.negotiation, tls: { ca: cert } });
  onTestFinished(() => session.close());
  return session;
}

async function serveBy(framework: Framework, options: ServerOptions): Promise<Server> {
  if (framework === "fastify") return serveFastify(options);
  const server = createServer(options, await LISTENERS[framework]());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

/** What each framework has for `http.createServer`. */
const LISTENERS: Record<Exclude<Framework, "fastify">, () => Promise<RequestListener>> = {
  express: async () => (await appOf("express")) as unknown as RequestListener,
  connect: async () => (await appOf("connect")) as unknown as RequestListener,
  koa: async () => (await appOf("koa")).callback(),
  hono: async () => {
    const { getRequestListener } = await import("@hono/node-server");
    return getRequestListener((await appOf("hono")).fetch) as RequestListener;
  },
};

/** Fastify makes and closes its server by itself. */
async function serveFastify(options: ServerOptions): Promise<Server> {
  const { makeApp } = await moduleOf("fastify");
  let made: Server | undefined;
  const app = makeApp({
    serverFactory: (handler) => {
      made = createServer(options, handler);
      return made;
    },
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return made as Server;
}

/** What the tests use of an application, of whatever framework. */
interface App {
  callback(): RequestListener;
  fetch(request: Request): Response | Promise<Response>;
}

interface AppModule {
  readonly app: App;
  makeApp(options: { serverFactory: (handler: RequestListener) => Server }): {
    listen(options: { port: number; host: string }): Promise<string>;
    readonly server: { address(): AddressInfo };
  };
}

async function appOf(framework: Framework): Promise<App> {
  return (await moduleOf(framework)).app;
}

async function moduleOf(framework: Framework): Promise<AppModule> {
  const url = new URL(`../../../examples/frameworks/apps/${framework}.mjs`, import.meta.url);
  return (await import(url.href)) as AppModule;
}
