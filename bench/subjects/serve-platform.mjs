// `serve` with the platform's Response.
import { serve } from "h2wire/server";

const server = serve({ fetch: () => new Response("Hello, world!") });
await server.ready;
console.log(server.port);
