// HTTP/2 over TLS, the server's side: ALPN chooses between HTTP/2 and HTTP/1.1 (RFC 9113 sections 3.2 and 9.2).
// It makes a certificate for localhost, and writes it to CERT so that a client can trust it.
//
//     node examples/negotiation/tls-server.mjs [PORT [CERT]]
import { writeFileSync } from "node:fs";
import tls from "node:tls";
import { ErrorCodes, H2Connection, ProtocolError } from "h2wire";
import { createHttp1Server, handToHttp1, negotiateServer, tlsServerOptions } from "h2wire/node";
import { generate } from "selfsigned";

const IDLE_TIMEOUT = 60_000;
const GRACE = 1_000;

const made = await generate([{ name: "commonName", value: "localhost" }], { algorithm: "sha256" });
if (process.argv[3] !== undefined) writeFileSync(process.argv[3], made.cert);

const http1 = createHttp1Server({}, (_request, response) => {
  response.writeHead(200, { "content-type": "text/plain" }).end("HTTP/1.1\n");
});
// The profile: TLS 1.2 or later, only cipher suites that HTTP/2 permits, no renegotiation, ALPN h2 before http/1.1.
const options = tlsServerOptions({ key: made.private, cert: made.cert, noDelay: true });
const server = tls.createServer(options, (socket) => {
  negotiateServer(socket).then(
    ({ protocol, octets }) => {
      if (protocol === "h2") speakHttp2(socket, octets);
      else handToHttp1(http1, socket, octets);
    },
    (error) => console.error(`refused: ${error.message}`),
  );
});
// A failed handshake, for want of a common protocol for example, never becomes a connection.
server.on("tlsClientError", (error) => console.error(`refused: ${error.message}`));
server.listen(Number(process.argv[2] ?? 0), "localhost", () => {
  console.log(`listening on https://localhost:${server.address().port}`);
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
  const hangUp = (errorCode = ErrorCodes.NO_ERROR) => {
    if (socket.writableEnded) return;
    // A connection ends with a GOAWAY, which tells the client what became of its requests (RFC 9113 section 6.8).
    if (!connection.isFinished) connection.closeConnection({ errorCode });
    // What still comes is dropped: closing with unread octets would reset the connection and lose the GOAWAY.
    socket.off("data", receive).resume().end(connection.dataToSend());
    setTimeout(() => socket.destroy(), GRACE).unref();
  };
  socket.on("data", receive);
  socket.on("drain", () => socket.resume());
  socket.on("end", () => hangUp());
  socket.on("error", (error) => {
    console.error(`connection failed: ${error.message}`);
    // It still stands if the client wants to renegotiate, which HTTP/2 forbids (RFC 9113 section 9.2.1).
    if (!socket.destroyed) hangUp(ErrorCodes.PROTOCOL_ERROR);
  });
  socket.setTimeout(IDLE_TIMEOUT, () => hangUp());
  receive(octets);
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
  const body = new TextEncoder().encode("HTTP/2 by ALPN\n");
  try {
    connection.sendHeaders(streamId, Object.entries(head), { endStream: method === "HEAD" });
    // Queued, it waits for windows that may be closed now.
    if (method !== "HEAD") connection.queueData(streamId, body, { endStream: true });
  } catch (error) {
    // The rest of the chunk may have reset the stream, or ended the connection: nobody waits for the answer then.
    if (!(error instanceof ProtocolError)) throw error;
  }
}
