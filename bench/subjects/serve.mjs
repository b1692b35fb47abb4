// `serve` with our Response.
import { LazyResponse, serve } from "h2wire/server";

const server = serve({ fetch: () => new LazyResponse("Hello, world!") });
await server.ready;
console.log(server.port);
