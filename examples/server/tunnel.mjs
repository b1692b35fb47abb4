// CONNECT as a tunnel, over HTTP/1.1 and HTTP/2: a forward proxy to ports of the loopback, and nowhere else. Whoever opens
// tunnels for strangers is their way to everything that this machine reaches, so the rule stands in one place.
//
//     node examples/server/tunnel.mjs [PORT]
//
//     curl --proxytunnel -x http://localhost:8080 http://127.0.0.1:3000/
import net from "node:net";
import { createServer } from "h2wire/server";

/** What a client may reach; null for all the rest. */
function allowedTarget(authority) {
  const [, host, port] = /^(localhost|127\.0\.0\.1|\[::1\]):(\d{1,5})$/.exec(authority) ?? [];
  return host === undefined || port > 65_535
    ? null
    : { host: host.replace(/[[\]]/g, ""), port: Number(port) };
}

const server = createServer((_request, response) => {
  response.writeHead(405, { allow: "CONNECT", "content-type": "text/plain" }).end("this is a proxy\n");
});

// The same socket for both protocols: over HTTP/2 it is a stream, and its head becomes a field section.
server.on("connect", (request, socket, head) => {
  const target = allowedTarget(request.url);
  // A client that resets its stream, or is gone, is no error of ours; the other end is told by "close".
  socket.on("error", () => {});
  if (target === null) return refuse(socket, "403 Forbidden");

  // Either side may end first and go on reading, as in TCP.
  const other = net.connect({ ...target, allowHalfOpen: true });
  let isOpen = false;
  other.once("connect", () => {
    isOpen = true;
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    other.write(head);
    socket.pipe(other).pipe(socket);
  });
  other.on("error", (error) => {
    if (isOpen) socket.destroy(error);
    else refuse(socket, "502 Bad Gateway");
  });
  return socket.on("close", () => other.destroy());
});

function refuse(socket, status) {
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
}

server.listen(Number(process.argv[2] ?? 0), "localhost", () => console.log(`listening on ${server.url}`));
