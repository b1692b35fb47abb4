// HTTP/2 over TLS, the client's side: it offers h2 and http/1.1 by ALPN, and speaks what the server has chosen
// (RFC 9113 section 3.2). CA is a file with a certificate to trust, for servers that no public authority vouches for.
//
//     node examples/negotiation/tls-client.mjs https://localhost:PORT/ [CA]
import { once } from "node:events";
import { readFileSync } from "node:fs";
import https from "node:https";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { urlToHttpOptions } from "node:url";
import { ErrorCodes, errorCodeName, H2Connection, SettingCodes } from "h2wire";
import { connectAlpn, tlsClientOptions } from "h2wire/node";

const TIMEOUT = 10_000;
const [, , address, caFile] = process.argv;

try {
  const { status, protocol, body } = await request(new URL(address));
  process.stdout.write(`${status} ${protocol}\n${body}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function request(url) {
  const { hostname, port = 443, path } = urlToHttpOptions(url);
  // The profile: TLS 1.2 or later, the suites that HTTP/2 permits, no renegotiation, the host's name sent (SNI).
  const socket = tls.connect(tlsClientOptions({ host: hostname, port, ca: caFile && readFileSync(caFile) }));
  const protocol = await connectAlpn(socket);
  socket.setTimeout(TIMEOUT, () => socket.destroy(new Error("the server did not answer in time")));
  if (protocol === "http/1.1") {
    // No second connection: node:https goes on with this one.
    const [response] = await once(https.get(url, { createConnection: () => socket }), "response");
    return { status: response.statusCode, protocol, body: await text(response) };
  }
  const connection = new H2Connection({ initialSettings: [[SettingCodes.ENABLE_PUSH, 0]] });
  connection.initiateConnection();
  // The server's SETTINGS need not be waited for (section 3.4): preface, SETTINGS and request leave in one write.
  const head = { ":method": "GET", ":scheme": "https", ":authority": url.host, ":path": path };
  connection.sendHeaders(1, Object.entries(head), { endStream: true });
  socket.write(connection.dataToSend());
  return receiveAnswer(socket, connection);
}

function receiveAnswer(socket, connection) {
  return new Promise((resolve, reject) => {
    let status = "";
    const body = [];
    let isOver = false;
    const fail = (reason) => {
      isOver = true;
      reject(new Error(reason));
    };
    const react = (event) => {
      switch (event.type) {
        case "ResponseReceived":
          status = event.headers.find(({ name }) => name === ":status").value;
          break;
        case "DataReceived":
          // The octets are a view on the chunk, so what is kept is a copy. Acknowledged, they open the windows again.
          body.push(Buffer.from(event.data));
          connection.acknowledgeReceivedData(event.flowControlledLength, event.streamId);
          break;
        case "StreamEnded":
          isOver = true;
          resolve({ status, protocol: "h2", body: Buffer.concat(body).toString() });
          break;
        case "StreamReset":
          fail(`the server reset the request: ${errorCodeName(event.errorCode)}`);
          break;
        case "ConnectionTerminated":
          // After a GOAWAY with NO_ERROR the answer still comes, unless the server did not get to the request.
          if (event.unprocessedStreamIds.length > 0) fail("the server goes away without an answer");
          else if (event.errorCode !== ErrorCodes.NO_ERROR)
            fail(`the connection failed: ${event.error?.reason ?? errorCodeName(event.errorCode)}`);
      }
    };
    const receive = (chunk) => {
      if (isOver) return;
      for (const event of connection.receiveData(chunk)) react(event);
      // One request was all. A connection ends with a GOAWAY (RFC 9113 section 6.8), unless an error has sent one.
      if (isOver && !connection.isFinished) connection.closeConnection();
      socket.write(connection.dataToSend());
      if (isOver) socket.end();
    };
    socket.on("data", receive);
    socket.on("error", reject);
    socket.on("close", () => fail("the server closed the connection before its answer was there"));
  });
}
