// A chat by WebSocket over HTTP/1.1 and HTTP/2, with one listener for both: the package `ws`, as it is, on a server of
// h2wire. Browsers that have loaded the page over HTTP/2 open the WebSocket on the same connection (RFC 8441).
//
//     node examples/websocket/server.mjs [PORT]
import { createServer, requestInfo } from "h2wire/server";
import { WebSocketServer } from "ws";

const PAGE = `<!doctype html>
<title>Chat</title>
<link rel="icon" href="data:,">
<form><input autofocus placeholder="say something"></form>
<ul></ul>
<script>
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/chat");
  const show = (text) => document.querySelector("ul").appendChild(document.createElement("li")).append(text);
  socket.onmessage = (event) => show(event.data);
  socket.onclose = (event) => show("closed: " + event.code + " " + event.reason);
  document.querySelector("form").onsubmit = (event) => {
    event.preventDefault();
    socket.send(document.querySelector("input").value);
    event.target.reset();
  };
</script>
`;

const server = createServer({ tls: "self-signed" }, (_request, response) => {
  response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
});

const chat = new WebSocketServer({ server, path: "/chat" });
chat.on("connection", (socket, request) => {
  // A WebSocket that is cut off, or breaks a rule, is closed by `ws`.
  socket.on("error", (error) => console.error(`a WebSocket has failed: ${error.message}`));
  socket.on("message", (data) => {
    for (const each of chat.clients) each.send(String(data));
  });
  socket.send(`welcome by ${requestInfo(request).protocol}`);
});

server.listen(Number(process.argv[2] ?? 0), "localhost", () => {
  console.log(`listening on ${server.url.replace("127.0.0.1", "localhost")}`);
});

process.once("SIGTERM", () => {
  // Only the application can say good-bye in WebSocket; what is still open after five seconds is cut off.
  for (const each of chat.clients) each.close(1001, "the server stops");
  void server.shutdown({ deadline: 5_000 });
});
