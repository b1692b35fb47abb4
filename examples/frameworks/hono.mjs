// Hono on one port, for HTTP/1.1 and HTTP/2. Upgrade is for programs on the loopback: behind a proxy it lets clients
// reach past the proxy's rules.
//
//     node examples/frameworks/hono.mjs [PORT [tls]]
import { getRequestListener } from "@hono/node-server";
import { createServer } from "h2wire/server";
import { app } from "./apps/hono.mjs";

const [port = "0", tls] = process.argv.slice(2);
const options = tls === "tls" ? { tls: "self-signed" } : { upgrade: "accept" };

const server = createServer(options, getRequestListener(app.fetch));
server.listen(Number(port), "localhost", () => console.log(`listening on ${server.url}`));
