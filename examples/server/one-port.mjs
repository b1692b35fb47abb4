// One cleartext port for HTTP/1.1, and for HTTP/2 by prior knowledge and by Upgrade. The listener is that of `node:http`, and
// need not know which it was.
//
// Upgrade is off unless it is asked for: behind a proxy that forwards it, it lets clients reach past the proxy's rules.
//
//     node examples/server/one-port.mjs [PORT]
//
//     curl http://localhost:8080/
//     curl --http2 http://localhost:8080/
//     curl --http2-prior-knowledge http://localhost:8080/
import { createServer, requestInfo } from "h2wire/server";

const server = createServer({ upgrade: "accept" }, (request, response) => {
  const { protocol, negotiated, streamId } = requestInfo(request);
  const how = negotiated === "http/1.1" ? "" : ` by ${negotiated}, on stream ${streamId}`;
  response.setHeader("content-type", "text/plain");
  response.end(`${request.method} ${request.url} over ${protocol}${how}\n`);
});

server.listen(Number(process.argv[2] ?? 0), "localhost", () => console.log(`listening on ${server.url}`));
