// node:http2's stream API, its fastest one.
import http2 from "node:http2";

const HEADERS = { ":status": 200, "content-type": "text/plain", "content-length": "13" };

const server = http2.createServer();
server.on("stream", (stream) => {
  stream.respond(HEADERS);
  stream.end("Hello, world!");
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
