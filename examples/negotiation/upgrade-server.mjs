// HTTP/2 by Upgrade from HTTP/1.1, the server's side (RFC 7540 section 3.2), on a port that takes prior knowledge and
// plain HTTP/1.1 too. RFC 9113 deprecates this way, and a proxy that forwards the request for it lets clients reach
// past its rules. So `upgrade` is "ignore" unless a program says otherwise, and this one listens on the loopback only.
//
//     node examples/negotiation/upgrade-server.mjs [PORT]
import net from "node:net";
import { H2Connection, ProtocolError } from "h2wire";
import { createHttp1Server, handToHttp1, negotiateServer } from "h2wire/node";

const IDLE_TIMEOUT = 60_000;
const GRACE = 1_000;

const http1 = createHttp1Server({}, (_request, response) => {
  response.writeHead(200, { "content-type": "text/plain" }).end("HTTP/1.1\n");
});
const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
  negotiateServer(socket, { upgrade: "accept" }).then(
    (negotiated) => {
      if (negotiated.protocol === "h2") speakHttp2(socket, negotiated);
      else handToHttp1(http1, socket, negotiated.octets);
    },
    (error) => console.error(`refused: ${error.message}`),
  );
});
server.listen(Number(process.argv[2] ?? 0), "localhost", () => {
  console.log(`listening on http://localhost:${server.address().port}`);
});

function speakHttp2(socket, negotiated) {
  const connection = new H2Connection({ clientSide: false });
  const way = negotiated.how === "upgrade" ? "by Upgrade" : "with prior knowledge";
  if (negotiated.how === "upgrade") {
    // 101 was written. The request that asked for this is stream 1, and complete; no event will tell of it.
    connection.initiateUpgradeConnection(negotiated.settings, { requestMethod: negotiated.method });
    answer(connection, 1, negotiated.method, way);
  } else {
    connection.initiateConnection();
  }
  const receive = (chunk) => {
    for (const event of connection.receiveData(chunk)) react(connection, event, way);
    // Answers, acknowledgements and errors leave in one write. Who does not read them is not read either.
    if (!socket.write(connection.dataToSend())) socket.pause();
    if (connection.isFinished) hangUp();
  };
  const hangUp = () => {
    if (socket.writableEnded) return;
    // A connection ends with a GOAWAY, which tells the client what became of its requests (RFC 9113 section 6.8).
    if (!connection.isFinished) connection.closeConnection();
    // What still comes is dropped: closing with unread octets would reset the connection and lose the GOAWAY.
    socket.off("data", receive).resume().end(connection.dataToSend());
    setTimeout(() => socket.destroy(), GRACE).unref();
  };
  socket.on("data", receive);
  socket.on("drain", () => socket.resume());
  socket.on("end", hangUp);
  socket.on("error", (error) => console.error(`connection failed: ${error.message}`));
  socket.setTimeout(IDLE_TIMEOUT, hangUp);
  // What came behind the request, or with the preface, goes first; it is empty if nothing did.
  receive(negotiated.octets);
  socket.resume();
}

function react(connection, event, way) {
  if (event.type === "RequestReceived") {
    const method = event.headers.find(({ name }) => name === ":method").value;
    answer(connection, event.streamId, method, way);
  } else if (event.type === "DataReceived") {
    // Nobody wants the body, but unacknowledged it would leave the windows shut, and the client could not go on.
    connection.acknowledgeReceivedData(event.flowControlledLength, event.streamId);
  } else if (event.type === "ConnectionTerminated" && event.error !== null) {
    console.error(`bad client: ${event.error.reason} (${event.error.section})`);
  }
}

function answer(connection, streamId, method, way) {
  const head = { ":status": "200", "content-type": "text/plain" };
  const body = new TextEncoder().encode(`HTTP/2 ${way}\n`);
  try {
    connection.sendHeaders(streamId, Object.entries(head), { endStream: method === "HEAD" });
    // Queued, it waits for windows that may be closed now.
    if (method !== "HEAD") connection.queueData(streamId, body, { endStream: true });
  } catch (error) {
    // The rest of the chunk may have reset the stream, or ended the connection: nobody waits for the answer then.
    if (!(error instanceof ProtocolError)) throw error;
  }
}
