// The same application on node:http2, by Hono's own adapter.
import http2 from "node:http2";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";

const app = new Hono();
app.get("/", (context) => context.text("Hello, world!"));
const server = http2.createServer(getRequestListener(app.fetch));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
