// Answers of 100 MiB and of 1 KiB by our server, in the style of node:http.
import { once } from "node:events";
import { createServer } from "h2wire/server";
import { answer } from "../support/big-and-small.mjs";

const server = createServer(answer).listen(0, "127.0.0.1");
await once(server, "listening");
console.log(server.port);
