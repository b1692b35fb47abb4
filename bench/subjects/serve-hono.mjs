// An application of Hono on `serve`, with our Response in the place of the platform's.

import { installResponse, serve } from "h2wire/server";
import { Hono } from "hono";

installResponse();
const app = new Hono();
app.get("/", (context) => context.text("Hello, world!"));
const server = serve({ fetch: app.fetch });
await server.ready;
console.log(server.port);
