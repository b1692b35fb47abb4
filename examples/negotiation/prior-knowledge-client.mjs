// HTTP/2 with prior knowledge, the client's side: it knows from elsewhere that the server speaks HTTP/2 without TLS,
// and does so itself from the first octet on (RFC 9113 section 3.3). There is no way back to HTTP/1.1.
//
//     node examples/negotiation/prior-knowledge-client.mjs http://localhost:PORT/
import net from "node:net";
import { urlToHttpOptions } from "node:url";
import { ErrorCodes, errorCodeName, H2Connection, SettingCodes } from "h2wire";
import { connectPriorKnowledge } from "h2wire/node";

const TIMEOUT = 10_000;

try {
  const { status, protocol, body } = await request(new URL(process.argv[2]));
  process.stdout.write(`${status} ${protocol}\n${body}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function request(url) {
  const { hostname, port = 80, path } = urlToHttpOptions(url);
  const socket = net.connect({ host: hostname, port, noDelay: true });
  await connectPriorKnowledge(socket);
  socket.setTimeout(TIMEOUT, () => socket.destroy(new Error("the server did not answer in time")));
  const connection = new H2Connection({ initialSettings: [[SettingCodes.ENABLE_PUSH, 0]] });
  connection.initiateConnection();
  // The server's SETTINGS need not be waited for (section 3.4): preface, SETTINGS and request leave in one write.
  const head = { ":method": "GET", ":scheme": "http", ":authority": url.host, ":path": path };
  connection.sendHeaders(1, Object.entries(head), { endStream: true });
  socket.write(connection.dataToSend());
  return receiveAnswer(socket, connection);
}

function receiveAnswer(socket, connection) {
  return new Promise((resolve, reject) => {
    let isHttp2 = false;
    let status = "";
    const body = [];
    let isOver = false;
    const fail = (reason) => {
      isOver = true;
      reject(new Error(reason));
    };
    const react = (event) => {
      switch (event.type) {
        case "RemoteSettingsChanged":
          isHttp2 = true;
          break;
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
          // A server that speaks HTTP/1.1 only takes the preface for a bad request, and says so in HTTP/1.1.
          if (!isHttp2) fail("the server does not speak HTTP/2");
          // After a GOAWAY with NO_ERROR the answer still comes, unless the server did not get to the request.
          else if (event.unprocessedStreamIds.length > 0) fail("the server goes away without an answer");
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
