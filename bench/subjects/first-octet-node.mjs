// Answers of 100 MiB and of 1 KiB by node:http2, in the style of node:http.
import http2 from "node:http2";
import { answer } from "../support/big-and-small.mjs";

const server = http2.createServer(answer);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
