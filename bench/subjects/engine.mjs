// The engine in a loop on node:net: what a server author would write first.
import net from "node:net";
import { H2Connection } from "h2wire";

const BODY = Buffer.from("Hello, world!");
const HEADERS = [
  [":status", "200"],
  ["content-type", "text/plain"],
  ["content-length", "13"],
];
const clock = () => performance.now();

const server = net.createServer({ noDelay: true }, (socket) => {
  const connection = new H2Connection({ clientSide: false, clock });
  connection.initiateConnection();
  socket.on("data", (chunk) => {
    for (const event of connection.receiveData(chunk)) {
      if (event.type !== "RequestReceived") continue;
      connection.sendHeaders(event.streamId, HEADERS);
      connection.sendData(event.streamId, BODY, { endStream: true });
    }
    const octets = connection.dataToSend();
    if (octets.length > 0) socket.write(octets);
    if (connection.isFinished) socket.end();
  });
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
