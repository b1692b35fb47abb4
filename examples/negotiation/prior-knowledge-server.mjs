// HTTP/2 with prior knowledge, the server's side: HTTP/2 from the first octet of a TCP connection, without TLS
// (RFC 9113 section 3.3). For services that only talk to their own kind. HTTP/1.1 is off here and gets a 505;
// leave out `http1: false` to have it on the same port, as upgrade-server.mjs does.
//
//     node examples/negotiation/prior-knowledge-server.mjs [PORT]
import net from "node:net";
import { H2Connection, ProtocolError } from "h2wire";
import { negotiateServer } from "h2wire/node";

const IDLE_TIMEOUT = 60_000;
const GRACE = 1_000;

const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
  negotiateServer(socket, { http1: false }).then(
    // What was read to recognise the preface belongs to the engine, which checks the preface itself.
    (negotiated) => speakHttp2(socket, negotiated.octets),
    // The client was told, where it could be, and the socket is no concern of ours any more.
    (error) => console.error(`refused: ${error.message}`),
  );
});
server.listen(Number(process.argv[2] ?? 0), "localhost", () => {
  console.log(`listening on http://localhost:${server.address().port}`);
});

function speakHttp2(socket, octets) {
  const connection = new H2Connection({ clientSide: false });
  connection.initiateConnection();
  const receive = (chunk) => {
    for (const event of connection.receiveData(chunk)) react(connection, event);
    // Answers, acknowledgements and errors leave in one write. Who does not read them is not read either.
    if (!socket.write(connection.dataToSend())) socket.pause();
    if (connection.isFinished) hangUp();
  };
  const hangUp = () => {
    if (socket.writableEnded) return;
    // A connection ends with a GOAWAY, which tells the client what became of its requests (section 6.8).
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
  receive(octets);
  // Negotiation has left it paused, so that nothing was lost.
  socket.resume();
}

function react(connection, event) {
  if (event.type === "RequestReceived") {
    const method = event.headers.find(({ name }) => name === ":method").value;
    answer(connection, event.streamId, method);
  } else if (event.type === "DataReceived") {
    // Nobody wants the body, but unacknowledged it would leave the windows shut, and the client could not go on.
    connection.acknowledgeReceivedData(event.flowControlledLength, event.streamId);
  } else if (event.type === "ConnectionTerminated" && event.error !== null) {
    console.error(`bad client: ${event.error.reason} (${event.error.section})`);
  }
}

function answer(connection, streamId, method) {
  const head = { ":status": "200", "content-type": "text/plain" };
  const body = new TextEncoder().encode("HTTP/2 with prior knowledge\n");
  try {
    connection.sendHeaders(streamId, Object.entries(head), { endStream: method === "HEAD" });
    // Queued, it waits for windows that may be closed now.
    if (method !== "HEAD") connection.queueData(streamId, body, { endStream: true });
  } catch (error) {
    // The rest of the chunk may have reset the stream, or ended the connection: nobody waits for the answer then.
    if (!(error instanceof ProtocolError)) throw error;
  }
}
