// Express on one port, for HTTP/1.1 and HTTP/2. Upgrade is for programs on the loopback: behind a proxy it lets clients
// reach past the proxy's rules.
//
//     node examples/frameworks/express.mjs [PORT [tls]]
import { createServer } from "h2wire/server";
import { app } from "./apps/express.mjs";

const [port = "0", tls] = process.argv.slice(2);
const options = tls === "tls" ? { tls: "self-signed" } : { upgrade: "accept" };

const server = createServer(options, app);
server.listen(Number(port), "localhost", () => console.log(`listening on ${server.url}`));
