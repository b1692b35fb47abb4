// Fastify on one port, for HTTP/1.1 and HTTP/2. Fastify makes its server by `serverFactory`, and listens and closes by
// itself. Upgrade is for programs on the loopback: behind a proxy it lets clients reach past the proxy's rules.
//
//     node examples/frameworks/fastify.mjs [PORT [tls]]
import { createServer } from "h2wire/server";
import { makeApp } from "./apps/fastify.mjs";

const [port = "0", tls] = process.argv.slice(2);
const options = tls === "tls" ? { tls: "self-signed" } : { upgrade: "accept" };

const app = makeApp({ serverFactory: (handler) => createServer(options, handler) });
await app.listen({ port: Number(port), host: "localhost" });
console.log(`listening on ${app.server.url}`);
